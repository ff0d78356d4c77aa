//! One program on the kernel function of each wanted system call.

use std::collections::BTreeMap;

use aya::{
    Btf, Ebpf,
    programs::{FExit, ProgramError, fexit::FExitLinkId},
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::Call,
    probes::program::{find, is_loaded, refused},
};

const MODE: AttachMode = AttachMode::Fexit;

/// Programs that are attached, by system call.
#[derive(Debug, Default)]
pub(crate) struct Fexits {
    active: BTreeMap<&'static str, Vec<Attached>>,
}

#[derive(Debug)]
struct Attached {
    program: String,
    link: FExitLinkId,
}

impl Fexits {
    pub(crate) fn enable(
        &mut self,
        ebpf: &mut Ebpf,
        call: &Call,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        if self.active.contains_key(call.name) {
            return Ok(());
        }
        // Not every kernel has every call: what it lacks cannot happen on it.
        let native = if call.is_compat_only() {
            None
        } else {
            attach(ebpf, call.program(), &[call.kernel_function()], btf)?
        };
        let compat = if cfg!(target_arch = "x86_64") {
            attach(ebpf, call.compat_program(), &call.compat_functions(), btf)?
        } else {
            None
        };
        self.active.insert(call.name, native.into_iter().chain(compat).collect());
        Ok(())
    }

    pub(crate) fn disable(&mut self, ebpf: &mut Ebpf, call: &Call) -> Result<(), LoadError> {
        for attached in self.active.remove(call.name).unwrap_or_default() {
            let refused = refused(MODE, &attached.program);
            program(ebpf, &attached.program)?.detach(attached.link).map_err(refused)?;
        }
        Ok(())
    }
}

/// Attaches the program to the first of `functions` that the kernel has; `None` if it has none.
fn attach(
    ebpf: &mut Ebpf,
    name: String,
    functions: &[String],
    btf: &Btf,
) -> Result<Option<Attached>, LoadError> {
    let refused = refused(MODE, &name);
    let program = program(ebpf, &name)?;
    if !is_loaded(program.fd()) {
        let mut loaded = false;
        for function in functions {
            match program.load(function, btf) {
                Ok(()) => {
                    loaded = true;
                    break;
                }
                Err(ProgramError::Btf(_)) => {}
                Err(error) => return Err(refused(error)),
            }
        }
        if !loaded {
            return Ok(None);
        }
    }
    let link = program.attach().map_err(refused)?;
    Ok(Some(Attached { program: name, link }))
}

fn program<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut FExit, LoadError> {
    find(ebpf, name)?.try_into().map_err(refused(MODE, name))
}
