//! One program on the exit of all system calls, and tables of those that it passes on to.

use std::{collections::BTreeSet, fmt};

use aya::{
    Btf, Ebpf,
    maps::{MapData, ProgramArray},
    programs::{BtfTracePoint, tp_btf::BtfTracePointLinkId},
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probes::{
        calls::{
            numbers::{compat_numbers, native_number},
            table::{socket_number, table},
        },
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

    /// Passes the call on to a program.
    pub(crate) fn enable(
        &mut self,
        ebpf: &mut Ebpf,
        name: &'static str,
        program_name: &str,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        if !self.active.insert(name) {
            return Ok(());
        }
        let program = program(ebpf, program_name)?;
        if !is_loaded(program.fd()) {
            program.load(TRACEPOINT, btf).map_err(refused(MODE, program_name))?;
        }
        let fd = program.fd().map_err(refused(MODE, program_name))?;
        self.at_places(name, |table, index| {
            table.set(index, fd, 0).map_err(|source| LoadError::Map { map: "calls", source })
        })
    }

    pub(crate) fn disable(&mut self, name: &str) {
        if self.active.remove(name) {
            // Nothing can be wrong with an index that was set; an empty slot is what is wanted.
            let _ = self.at_places(name, |table, index| {
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
        name: &str,
        visit: impl Fn(&mut ProgramArray<MapData>, u32) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        let native = native_number(name).into_iter().collect();
        let compat = compat_numbers(name).collect();
        let socket = socket_number(name).into_iter().collect();
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

fn program<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut BtfTracePoint, LoadError> {
    find(ebpf, name)?.try_into().map_err(refused(MODE, name))
}
