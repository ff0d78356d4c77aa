//! The probes that are not on the exit of a system call.

use std::collections::BTreeMap;

use aya::{
    Btf, Ebpf,
    programs::{
        BtfTracePoint, TracePoint, tp_btf::BtfTracePointLinkId, trace_point::TracePointLinkId,
    },
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::{HOOKS, Hook, Place},
    probes::program::{find, is_loaded, refused},
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
        for hook in HOOKS.iter().filter(|hook| hook.mode.is_none_or(|it| it == mode)) {
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
                        let reason = std::error::Error::source(&error)
                            .map_or_else(|| error.to_string(), ToString::to_string);
                        self.missing.insert(hook.program, reason);
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
        self.missing.iter().map(|(name, reason)| (*name, reason.as_str()))
    }
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
    }
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
    }
}
