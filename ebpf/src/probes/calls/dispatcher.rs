//! One program on the exit of all system calls, and tables of those that it passes on to.

use std::{collections::BTreeSet, fmt, str::FromStr};

use aya::{
    Btf, Ebpf,
    maps::{MapData, ProgramArray},
    programs::{BtfTracePoint, tp_btf::BtfTracePointLinkId},
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::Call,
    probes::{
        calls::table::{socket_number, table},
        program::{find, is_loaded, refused},
    },
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
        self.at_places(call, |table, index| {
            table.set(index, fd, 0).map_err(|source| LoadError::Map { map: "calls", source })
        })
    }

    pub(crate) fn disable(&mut self, call: &Call) {
        if self.active.remove(call.name) {
            // Nothing can be wrong with an index that was set; an empty slot is what is wanted.
            let _ = self.at_places(call, |table, index| {
                let _ = table.clear_index(&index);
                Ok(())
            });
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

    /// Visits the tables and numbers under which the kernel knows the call.
    fn at_places(
        &mut self,
        call: &Call,
        visit: impl Fn(&mut ProgramArray<MapData>, u32) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        let native = native_number(call.name).into_iter().collect();
        let compat = compat_numbers(call.name).collect();
        let socket = socket_number(call.name).into_iter().collect();
        let tables: [(_, Vec<_>); 3] = [
            (Some(&mut self.calls), native),
            (self.compat_calls.as_mut(), compat),
            (self.socket_calls.as_mut(), socket),
        ];
        for (table, numbers) in tables {
            let Some(table) = table else { continue };
            numbers.into_iter().try_for_each(|number| visit(table, number))?;
        }
        Ok(())
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

/// The numbers of the 32-bit call: it may have got a successor that takes the same parameters.
fn compat_numbers(name: &str) -> impl Iterator<Item = u32> {
    let successors = SUCCESSORS.iter().filter(move |(_, of)| *of == name).map(|(it, _)| *it);
    let names = [name].into_iter().chain(successors);
    names.filter_map(|it| syscalls::x86::Sysno::from_str(it).ok()).map(|it| it as u32)
}

/// Calls of 32-bit programs that are called otherwise in 64-bit ones, mostly since ids got 32 bits.
const SUCCESSORS: [(&str, &str); 13] = [
    ("ugetrlimit", "getrlimit"),
    ("getuid32", "getuid"),
    ("geteuid32", "geteuid"),
    ("getgid32", "getgid"),
    ("getegid32", "getegid"),
    ("getresuid32", "getresuid"),
    ("getresgid32", "getresgid"),
    ("setuid32", "setuid"),
    ("setgid32", "setgid"),
    ("setreuid32", "setreuid"),
    ("setregid32", "setregid"),
    ("setresuid32", "setresuid"),
    ("setresgid32", "setresgid"),
];

fn program<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut BtfTracePoint, LoadError> {
    find(ebpf, name)?.try_into().map_err(refused(MODE, name))
}
