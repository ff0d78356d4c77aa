//! Which numbers are calls that have no event type of their own, as the probes look them up.

use std::fmt;

use aya::{
    Ebpf,
    maps::{Array, MapData},
};

use crate::{
    error::LoadError,
    probe::GenericCall,
    probes::calls::numbers::{compat_numbers, native_number},
    ring::single,
};

/// The tables of `bpf/probe/generic.c`.
pub(crate) struct GenericNumbers {
    native: Array<MapData, u32>,
    /// By the numbers of 32-bit calls; where the architecture has them.
    compat: Option<Array<MapData, u32>>,
}

impl GenericNumbers {
    pub(crate) fn new(ebpf: &mut Ebpf) -> Result<Self, LoadError> {
        let compat = cfg!(target_arch = "x86_64");
        Ok(Self {
            native: single(ebpf, "generic_calls")?,
            compat: compat.then(|| single(ebpf, "compat_generic_calls")).transpose()?,
        })
    }

    /// From now on the call makes events.
    pub(crate) fn set(&mut self, call: GenericCall) -> Result<(), LoadError> {
        self.write(call, |number| u32::from(call.code) | number << 16)
    }

    /// From now on it does not.
    pub(crate) fn forget(&mut self, call: GenericCall) -> Result<(), LoadError> {
        self.write(call, |_| 0)
    }

    /// Calls that 64-bit programs do not have are left out, as in Falco.
    fn write(&mut self, call: GenericCall, value: impl Fn(u32) -> u32) -> Result<(), LoadError> {
        let Some(number) = native_number(call.name) else { return Ok(()) };
        let failed = |source| LoadError::Map { map: "generic_calls", source };
        self.native.set(number, value(number), 0).map_err(failed)?;
        let Some(compat) = &mut self.compat else { return Ok(()) };
        compat_numbers(call.name)
            .try_for_each(|it| compat.set(it, value(number), 0).map_err(failed))
    }
}

impl fmt::Debug for GenericNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenericNumbers").finish_non_exhaustive()
    }
}
