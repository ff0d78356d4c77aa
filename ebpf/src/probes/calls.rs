//! The probes of system calls that are active.

mod dispatcher;
mod fexit;
mod table;

use aya::{Btf, Ebpf};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::CALLS,
    probes::calls::{dispatcher::Dispatcher, fexit::Fexits},
    selection::Selection,
};

/// The probes of system calls that are active.
#[derive(Debug)]
pub(crate) enum Calls {
    Dispatcher(Box<Dispatcher>),
    Fexit(Fexits),
}

impl Calls {
    pub(crate) fn new(ebpf: &mut Ebpf, mode: AttachMode) -> Result<Self, LoadError> {
        Ok(match mode {
            AttachMode::Fexit => Self::Fexit(Fexits::new(ebpf)?),
            AttachMode::Dispatcher => Self::Dispatcher(Box::new(Dispatcher::new(ebpf)?)),
        })
    }

    /// Loads and attaches what `selection` wants and is not active, detaches the rest.
    pub(crate) fn activate(
        &mut self,
        ebpf: &mut Ebpf,
        selection: &Selection,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        for call in CALLS {
            match (&mut *self, call.is_wanted(selection)) {
                (Self::Dispatcher(it), true) => it.enable(ebpf, call, btf)?,
                (Self::Dispatcher(it), false) => it.disable(call),
                (Self::Fexit(it), true) => it.enable(ebpf, call, btf)?,
                (Self::Fexit(it), false) => it.disable(ebpf, call)?,
            }
        }
        match self {
            Self::Dispatcher(it) => it.attach(ebpf, btf),
            Self::Fexit(_) => Ok(()),
        }
    }
}
