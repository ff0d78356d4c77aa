//! Programs on the functions of calls that have no event type of their own.

use aya::{
    Btf, Ebpf,
    programs::{BtfTracePoint, tp_btf::BtfTracePointLinkId},
};
use aya_obj::btf::BtfKind;

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::Call,
    probes::{
        calls::fexit::{Attached, attach},
        program::{find, is_loaded, refused},
    },
};

/// Programs `generic_<index>`, all the same, since each hangs on one function: `GENERIC_COPY` of
/// `bpf/probe/generic.c`.
const COPIES: usize = 16;

/// The one on the exit of every call, which takes their place if there are too few of them.
const EVERY: &str = "every_generic";

/// What of these programs is attached.
#[derive(Debug, Default)]
pub(super) struct GenericCopies {
    copies: Vec<Attached>,
    every: Option<BtfTracePointLinkId>,
}

impl GenericCopies {
    /// Attaches what tells of exactly these calls. Returns those that it tells nothing of.
    pub(super) fn set(
        &mut self,
        ebpf: &mut Ebpf,
        calls: &[Call],
        btf: &Btf,
    ) -> Result<Vec<Call>, LoadError> {
        let functions = calls.iter().filter(|call| !call.is_compat_only()).flat_map(|call| {
            let native = call.kernel_functions().to_vec();
            let compat = cfg!(target_arch = "x86_64").then(|| call.compat_functions().to_vec());
            [native].into_iter().chain(compat)
        });
        let functions: Vec<_> = functions.filter(|names| exists(names, btf)).collect();
        let needs_every = functions.len() > COPIES;
        if needs_every {
            self.attach_every(ebpf, btf)?;
        }
        for copy in self.copies.drain(..) {
            copy.unload(ebpf)?;
        }
        if needs_every {
            return Ok(Vec::new());
        }
        for (index, names) in functions.iter().enumerate() {
            self.copies.extend(attach(ebpf, format!("generic_{index}"), names, btf)?);
        }
        self.detach_every(ebpf)?;
        let unseen = |call: &&Call| !exists(&call.kernel_functions(), btf);
        Ok(calls.iter().filter(unseen).copied().collect())
    }

    fn attach_every(&mut self, ebpf: &mut Ebpf, btf: &Btf) -> Result<(), LoadError> {
        if self.every.is_none() {
            let refused = refused(AttachMode::Fexit, EVERY);
            let program = every(ebpf)?;
            if !is_loaded(program.fd()) {
                program.load("sys_exit", btf).map_err(&refused)?;
            }
            self.every = Some(program.attach().map_err(refused)?);
        }
        Ok(())
    }

    fn detach_every(&mut self, ebpf: &mut Ebpf) -> Result<(), LoadError> {
        let Some(link) = self.every.take() else { return Ok(()) };
        every(ebpf)?.detach(link).map_err(refused(AttachMode::Fexit, EVERY))
    }
}

fn every(ebpf: &mut Ebpf) -> Result<&mut BtfTracePoint, LoadError> {
    find(ebpf, EVERY)?.try_into().map_err(refused(AttachMode::Fexit, EVERY))
}

/// Whether the kernel has one of the functions.
fn exists(functions: &[String], btf: &Btf) -> bool {
    functions.iter().any(|it| btf.id_by_type_name_kind(it, BtfKind::Func).is_ok())
}
