//! The probes of system calls that are active.

mod dispatcher;
mod fexit;
mod generic;
mod generic_copies;
mod numbers;
mod table;
mod unseen;

use aya::{Btf, Ebpf};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::{CALLS, Call, GenericCall, generic_calls},
    probes::calls::{dispatcher::Dispatcher, fexit::Fexits, generic::GenericNumbers},
    selection::Selection,
};

/// The program of all calls without an event type of their own, in the dispatcher object.
const GENERIC: &str = "call_generic";

/// The probes of system calls that are active.
#[derive(Debug)]
pub(crate) struct Calls {
    attached: Attached,
    numbers: GenericNumbers,
    generic: Vec<GenericCall>,
}

#[derive(Debug)]
enum Attached {
    Dispatcher(Box<Dispatcher>),
    Fexit(Box<Fexits>),
}

impl Calls {
    pub(crate) fn new(ebpf: &mut Ebpf, mode: AttachMode) -> Result<Self, LoadError> {
        let attached = match mode {
            AttachMode::Fexit => Attached::Fexit(Box::new(Fexits::new(ebpf)?)),
            AttachMode::Dispatcher => Attached::Dispatcher(Box::new(Dispatcher::new(ebpf)?)),
        };
        Ok(Self { attached, numbers: GenericNumbers::new(ebpf)?, generic: Vec::new() })
    }

    /// Fails if this kernel does not take such probes at all, before much is loaded in vain.
    pub(crate) fn try_out(&self, ebpf: &mut Ebpf, btf: &Btf) -> Result<(), LoadError> {
        match self.attached {
            Attached::Dispatcher(_) => Ok(()),
            Attached::Fexit(_) => Fexits::try_out(ebpf, btf),
        }
    }

    /// Loads and attaches what `selection` wants and is not active, detaches the rest.
    pub(crate) fn activate(
        &mut self,
        ebpf: &mut Ebpf,
        selection: &Selection,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        for call in CALLS {
            match (&mut self.attached, call.is_wanted(selection)) {
                (Attached::Dispatcher(it), true) => {
                    it.enable(ebpf, call.name, &call.program(), btf)?;
                }
                (Attached::Dispatcher(it), false) => it.disable(call.name),
                (Attached::Fexit(it), true) => it.enable(ebpf, call, btf)?,
                (Attached::Fexit(it), false) => it.disable(ebpf, call)?,
            }
        }
        self.activate_generic(ebpf, selection, btf)?;
        match &mut self.attached {
            Attached::Dispatcher(it) => it.attach(ebpf, btf),
            Attached::Fexit(it) => {
                it.settle();
                Ok(())
            }
        }
    }

    /// Wanted calls that happen unseen, and why.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fexits = match &self.attached {
            Attached::Dispatcher(_) => None,
            Attached::Fexit(it) => Some(it),
        };
        fexits.into_iter().flat_map(|it| it.missing())
    }

    fn activate_generic(
        &mut self,
        ebpf: &mut Ebpf,
        selection: &Selection,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        let wanted: Vec<_> = generic_calls().filter(|call| call.is_wanted(selection)).collect();
        if wanted == self.generic {
            return Ok(());
        }
        for call in self.generic.iter().filter(|call| !wanted.contains(call)) {
            self.numbers.forget(*call)?;
            match &mut self.attached {
                Attached::Dispatcher(it) => it.disable(call.name),
                Attached::Fexit(it) => it.forget_generic(call.name),
            }
        }
        for call in &wanted {
            self.numbers.set(*call)?;
            if let Attached::Dispatcher(it) = &mut self.attached {
                it.enable(ebpf, call.name, GENERIC, btf)?;
            }
        }
        if let Attached::Fexit(it) = &mut self.attached {
            let calls: Vec<Call> = wanted.iter().map(GenericCall::call).collect();
            it.set_generic(ebpf, &calls, btf)?;
        }
        self.generic = wanted;
        Ok(())
    }
}
