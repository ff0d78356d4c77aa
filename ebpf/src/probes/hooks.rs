//! The probes that are not on the exit of a system call.

use std::{collections::BTreeMap, error::Error};

use aya::{
    Btf, Ebpf,
    programs::{
        BtfTracePoint, FEntry, KProbe, Program, ProgramError, TracePoint, fentry::FEntryLinkId,
        kprobe::KProbeLinkId, tp_btf::BtfTracePointLinkId, trace_point::TracePointLinkId,
    },
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::{Call, Hook, Place, hooks},
    probes::program::{cannot_attach_again, find, is_loaded, refused},
    selection::Selection,
};

/// Hooks that are attached, and those that the kernel refused and that can be done without.
#[derive(Debug, Default)]
pub(crate) struct Hooks {
    active: BTreeMap<&'static str, Link>,
    missing: BTreeMap<&'static str, String>,
}

#[derive(Debug)]
enum Link {
    BtfTracepoint(BtfTracePointLinkId),
    EnterTracepoint(TracePointLinkId),
    Entry(FEntryLinkId),
    Kprobe(KProbeLinkId),
}

impl Hooks {
    /// Attaches what `selection` needs and is not active, detaches the rest.
    pub(crate) fn activate(
        &mut self,
        ebpf: &mut Ebpf,
        mode: AttachMode,
        selection: &Selection,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        for hook in hooks().filter(|hook| hook.mode.is_none_or(|it| it == mode)) {
            let wanted =
                hook.calls.is_empty() || hook.calls.iter().any(|call| selection.contains(call));
            let active = self.active.contains_key(hook.program);
            if wanted && !active {
                match attach(hook, mode, ebpf, btf) {
                    Ok(link) => {
                        self.active.insert(hook.program, link);
                        self.missing.remove(hook.program);
                    }
                    Err(error) if hook.optional => {
                        self.missing.insert(hook.program, causes(&error));
                    }
                    Err(error) => return Err(error),
                }
            } else if !wanted && let Some(link) = self.active.remove(hook.program) {
                detach(hook, mode, ebpf, link)?;
            }
        }
        Ok(())
    }

    /// Hooks that this kernel refused, with its reasons; the rest works without them.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let missing = self.missing.iter().map(|(name, reason)| (*name, reason.as_str()));
        missing.filter(|(name, _)| !self.is_replaced(name))
    }

    /// Whether the other one of a hook `x` and its `x_old`, of which a kernel has one, is active.
    fn is_replaced(&self, name: &str) -> bool {
        match name.strip_suffix("_old") {
            Some(new) => self.active.contains_key(new),
            None => self.active.keys().any(|it| it.strip_suffix("_old") == Some(name)),
        }
    }
}

/// What the kernel said, without the message that names the program.
fn causes(error: &LoadError) -> String {
    let mut texts = Vec::new();
    if error.source().is_none() {
        return error.to_string();
    }
    let mut cause = error.source();
    while let Some(it) = cause {
        texts.push(it.to_string());
        cause = it.source();
    }
    texts.join(": ")
}

fn attach(hook: &Hook, mode: AttachMode, ebpf: &mut Ebpf, btf: &Btf) -> Result<Link, LoadError> {
    let refused = refused(mode, hook.program);
    let program = find(ebpf, hook.program)?;
    match hook.place {
        Place::BtfTracepoint(tracepoint) => {
            let program: &mut BtfTracePoint = program.try_into().map_err(&refused)?;
            if !is_loaded(program.fd()) {
                program.load(tracepoint, btf).map_err(&refused)?;
            }
            Ok(Link::BtfTracepoint(program.attach().map_err(refused)?))
        }
        Place::EnterTracepoint(name) => {
            let program: &mut TracePoint = program.try_into().map_err(&refused)?;
            if !is_loaded(program.fd()) {
                program.load().map_err(&refused)?;
            }
            Ok(Link::EnterTracepoint(program.attach("syscalls", name).map_err(refused)?))
        }
        Place::Entry(name) => {
            attach_entry(program, &Call::of_name(name).kernel_functions(), btf).map_err(refused)
        }
        Place::CompatEntry(name) => {
            attach_entry(program, &Call::of_name(name).compat_functions(), btf).map_err(refused)
        }
        Place::CompatKprobe(name) => {
            attach_kprobe(program, &Call::of_name(name).compat_functions()).map_err(refused)
        }
    }
}

/// Attaches the program to the first of `functions` that the kernel has.
fn attach_entry(
    program: &mut Program,
    functions: &[String],
    btf: &Btf,
) -> Result<Link, ProgramError> {
    let program: &mut FEntry = program.try_into()?;
    let was_loaded = is_loaded(program.fd());
    if !was_loaded {
        load_entry(program, functions, btf)?;
    }
    let mut attached = program.attach();
    if was_loaded && attached.as_ref().is_err_and(cannot_attach_again) {
        program.unload()?;
        load_entry(program, functions, btf)?;
        attached = program.attach();
    }
    attached.map(Link::Entry)
}

fn load_entry(program: &mut FEntry, functions: &[String], btf: &Btf) -> Result<(), ProgramError> {
    let mut result = Ok(());
    for function in functions {
        result = program.load(function, btf);
        if !matches!(result, Err(ProgramError::Btf(_))) {
            break;
        }
    }
    result
}

fn attach_kprobe(program: &mut Program, functions: &[String; 2]) -> Result<Link, ProgramError> {
    let program: &mut KProbe = program.try_into()?;
    if !is_loaded(program.fd()) {
        program.load()?;
    }
    let [first, second] = functions;
    program.attach(first, 0).or_else(|_| program.attach(second, 0)).map(Link::Kprobe)
}

fn detach(hook: &Hook, mode: AttachMode, ebpf: &mut Ebpf, link: Link) -> Result<(), LoadError> {
    let refused = refused(mode, hook.program);
    let program = find(ebpf, hook.program)?;
    match link {
        Link::BtfTracepoint(link) => {
            let program: &mut BtfTracePoint = program.try_into().map_err(&refused)?;
            program.detach(link).map_err(refused)
        }
        Link::EnterTracepoint(link) => {
            let program: &mut TracePoint = program.try_into().map_err(&refused)?;
            program.detach(link).map_err(refused)
        }
        Link::Entry(link) => {
            let program: &mut FEntry = program.try_into().map_err(&refused)?;
            program.detach(link).map_err(refused)
        }
        Link::Kprobe(link) => {
            let program: &mut KProbe = program.try_into().map_err(&refused)?;
            program.detach(link).map_err(refused)
        }
    }
}
