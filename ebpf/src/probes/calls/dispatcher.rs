//! One program on the exit of all system calls, and tables of those that it passes on to.

use std::{collections::BTreeSet, fmt, str::FromStr};

use aya::{
    Btf, Ebpf,
    maps::{MapData, MapError, ProgramArray},
    programs::{BtfTracePoint, tp_btf::BtfTracePointLinkId},
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::Call,
    probes::program::{find, is_loaded, refused},
};

const MODE: AttachMode = AttachMode::Dispatcher;
const DISPATCH: &str = "dispatch";
const TRACEPOINT: &str = "sys_exit";

/// The dispatcher and its tables.
pub(crate) struct Dispatcher {
    calls: ProgramArray<MapData>,
    /// By the numbers of 32-bit calls; where the architecture has them.
    compat_calls: Option<ProgramArray<MapData>>,
    /// By the first argument of `socketcall`; where the architecture has it.
    socket_calls: Option<ProgramArray<MapData>>,
    active: BTreeSet<&'static str>,
    link: Option<BtfTracePointLinkId>,
}

impl Dispatcher {
    pub(crate) fn new(ebpf: &mut Ebpf) -> Result<Self, LoadError> {
        let calls = table(ebpf, "calls")?;
        Ok(Self {
            calls: calls.ok_or_else(|| LoadError::Missing("calls".to_owned()))?,
            compat_calls: table(ebpf, "compat_calls")?,
            socket_calls: table(ebpf, "socket_calls")?,
            active: BTreeSet::new(),
            link: None,
        })
    }

    pub(crate) fn enable(
        &mut self,
        ebpf: &mut Ebpf,
        call: &Call,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        if !self.active.insert(call.name) {
            return Ok(());
        }
        let name = call.program();
        let program = program(ebpf, &name)?;
        if !is_loaded(program.fd()) {
            program.load(TRACEPOINT, btf).map_err(refused(MODE, &name))?;
        }
        let fd = program.fd().map_err(refused(MODE, &name))?;
        for (table, index) in self.places(call) {
            table.set(index, fd, 0).map_err(|source| LoadError::Map { map: "calls", source })?;
        }
        Ok(())
    }

    pub(crate) fn disable(&mut self, call: &Call) {
        if self.active.remove(call.name) {
            for (table, index) in self.places(call) {
                // Nothing can be wrong with an index that was set; an empty slot is what is wanted.
                let _ = table.clear_index(&index);
            }
        }
    }

    /// Attaches the dispatcher itself, once its tables are filled.
    pub(crate) fn attach(&mut self, ebpf: &mut Ebpf, btf: &Btf) -> Result<(), LoadError> {
        if self.link.is_none() {
            let program = program(ebpf, DISPATCH)?;
            program.load(TRACEPOINT, btf).map_err(refused(MODE, DISPATCH))?;
            self.link = Some(program.attach().map_err(refused(MODE, DISPATCH))?);
        }
        Ok(())
    }

    /// The tables and numbers under which the kernel knows the call.
    fn places(&mut self, call: &Call) -> Vec<(&mut ProgramArray<MapData>, u32)> {
        let native = native_number(call.name).map(|index| (&mut self.calls, index));
        let compat = self.compat_calls.as_mut().zip(compat_number(call.name));
        let socket = self.socket_calls.as_mut().zip(socket_number(call.name));
        native.into_iter().chain(compat).chain(socket).collect()
    }
}

impl fmt::Debug for Dispatcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatcher").field("active", &self.active).finish_non_exhaustive()
    }
}

/// The number on this architecture; `None` if it does not have the call.
fn native_number(name: &str) -> Option<u32> {
    #[cfg(target_arch = "x86_64")]
    return syscalls::x86_64::Sysno::from_str(name).ok().map(|it| it as u32);
    #[cfg(target_arch = "aarch64")]
    return syscalls::aarch64::Sysno::from_str(name).ok().map(|it| it as u32);
}

/// The number of the 32-bit call.
fn compat_number(name: &str) -> Option<u32> {
    syscalls::x86::Sysno::from_str(name).ok().map(|it| it as u32)
}

/// The number within `socketcall(2)`: `include/uapi/linux/net.h`.
fn socket_number(name: &str) -> Option<u32> {
    const NAMES: [&str; 20] = [
        "socket",
        "bind",
        "connect",
        "listen",
        "accept",
        "getsockname",
        "getpeername",
        "socketpair",
        "send",
        "recv",
        "sendto",
        "recvfrom",
        "shutdown",
        "setsockopt",
        "getsockopt",
        "sendmsg",
        "recvmsg",
        "accept4",
        "recvmmsg",
        "sendmmsg",
    ];
    (1..).zip(NAMES).find(|(_, it)| *it == name).map(|(number, _)| number)
}

fn table(ebpf: &mut Ebpf, map: &'static str) -> Result<Option<ProgramArray<MapData>>, LoadError> {
    ebpf.take_map(map)
        .map(|it| it.try_into().map_err(|source: MapError| LoadError::Map { map, source }))
        .transpose()
}

fn program<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut BtfTracePoint, LoadError> {
    find(ebpf, name)?.try_into().map_err(refused(MODE, name))
}
