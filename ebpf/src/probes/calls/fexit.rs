//! One program on the kernel function of each wanted system call.

use std::{collections::BTreeMap, fmt, io::ErrorKind};

use aya::{
    Btf, Ebpf,
    maps::{MapData, ProgramArray},
    programs::{FExit, ProgramError, fexit::FExitLinkId},
};

use crate::{
    attach::AttachMode,
    error::LoadError,
    probe::{Call, SOCKETCALL},
    probes::{
        calls::{
            generic_copies::GenericCopies,
            numbers::native_number,
            table::{socket_number, table},
            unseen::Unseen,
        },
        program::{cannot_attach_again, find, is_loaded, refused},
    },
};

const MODE: AttachMode = AttachMode::Fexit;

/// Passes `socketcall` on to the programs of the calls that it makes.
const SOCKETCALL_PROGRAM: &str = "dispatch_socketcall";

/// Programs that are attached, by system call.
pub(crate) struct Fexits {
    active: BTreeMap<&'static str, Vec<Attached>>,
    /// By the first argument of `socketcall`; where the architecture has it.
    socket_calls: Option<ProgramArray<MapData>>,
    /// Whether somebody looks at that table.
    socketcall: Option<Attached>,
    generic: GenericCopies,
    unseen: Unseen,
}

/// A program that hangs on a function.
#[derive(Debug)]
pub(super) struct Attached {
    program: String,
    link: FExitLinkId,
}

impl Attached {
    /// Takes it off, so that it can be loaded for another function.
    pub(super) fn unload(self, ebpf: &mut Ebpf) -> Result<(), LoadError> {
        let refused = refused(MODE, &self.program);
        let program = program(ebpf, &self.program)?;
        program.detach(self.link).map_err(&refused)?;
        program.unload().map_err(refused)
    }
}

impl Fexits {
    pub(crate) fn new(ebpf: &mut Ebpf) -> Result<Self, LoadError> {
        let socket_calls = table(ebpf, "socket_calls")?;
        Ok(Self {
            active: BTreeMap::new(),
            socket_calls,
            socketcall: None,
            generic: GenericCopies::default(),
            unseen: Unseen::default(),
        })
    }

    /// Fails if this kernel takes no program on the function of a call.
    pub(crate) fn try_out(ebpf: &mut Ebpf, btf: &Btf) -> Result<(), LoadError> {
        let call = Call::of_name("close");
        let refused = refused(MODE, &call.program());
        let program = program(ebpf, &call.program())?;
        if load(program, &call.kernel_functions(), btf).map_err(&refused)? {
            program.unload().map_err(refused)?;
        }
        Ok(())
    }

    pub(crate) fn enable(
        &mut self,
        ebpf: &mut Ebpf,
        call: &Call,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        if self.active.contains_key(call.name) {
            return Ok(());
        }
        let mut attached = Vec::new();
        if !call.is_compat_only() {
            attached.extend(attach(ebpf, call.program(), &call.kernel_functions(), btf)?);
            if attached.is_empty() && native_number(call.name).is_some() {
                self.unseen.add(*call);
            }
        }
        if cfg!(target_arch = "x86_64") {
            let functions = call.compat_functions();
            attached.extend(attach(ebpf, call.compat_program(), &functions, btf)?);
            if let Some((program, functions)) = call.old_program() {
                attached.extend(attach(ebpf, program, &functions, btf)?);
            }
        }
        self.enable_socketcall(ebpf, call, btf)?;
        self.active.insert(call.name, attached);
        Ok(())
    }

    /// Attaches what tells of exactly these calls that they happened.
    pub(crate) fn set_generic(
        &mut self,
        ebpf: &mut Ebpf,
        calls: &[Call],
        btf: &Btf,
    ) -> Result<(), LoadError> {
        for call in self.generic.set(ebpf, calls, btf)? {
            if native_number(call.name).is_some() {
                self.unseen.add(call);
            }
        }
        Ok(())
    }

    /// A call of those is of no interest any more.
    pub(crate) fn forget_generic(&mut self, name: &str) {
        self.unseen.forget(name);
    }

    /// Finds out which of the calls that nothing hangs on happen nevertheless; after changes.
    pub(crate) fn settle(&mut self) {
        self.unseen.settle();
    }

    /// Wanted calls that happen unseen, and why.
    pub(crate) fn missing(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.unseen.iter()
    }

    /// Has the call told too when it comes by way of `socketcall`, if it can.
    fn enable_socketcall(
        &mut self,
        ebpf: &mut Ebpf,
        call: &Call,
        btf: &Btf,
    ) -> Result<(), LoadError> {
        let Some((table, index)) = self.socket_calls.as_mut().zip(socket_number(call.name)) else {
            return Ok(());
        };
        if self.socketcall.is_none() {
            let functions = [SOCKETCALL.to_owned()];
            self.socketcall = attach(ebpf, SOCKETCALL_PROGRAM.to_owned(), &functions, btf)?;
        }
        if self.socketcall.is_none() {
            return Ok(()); // a kernel without 32-bit calls
        }
        let name = call.socketcall_program();
        let program = program(ebpf, &name)?;
        if !is_loaded(program.fd()) {
            program.load(SOCKETCALL, btf).map_err(refused(MODE, &name))?;
        }
        let fd = program.fd().map_err(refused(MODE, &name))?;
        table.set(index, fd, 0).map_err(|source| LoadError::Map { map: "socket_calls", source })
    }

    pub(crate) fn disable(&mut self, ebpf: &mut Ebpf, call: &Call) -> Result<(), LoadError> {
        if let Some((table, index)) = self.socket_calls.as_mut().zip(socket_number(call.name)) {
            // Nothing can be wrong with an index of the table; an empty slot is what is wanted.
            let _ = table.clear_index(&index);
        }
        self.unseen.forget(call.name);
        for attached in self.active.remove(call.name).unwrap_or_default() {
            let refused = refused(MODE, &attached.program);
            program(ebpf, &attached.program)?.detach(attached.link).map_err(refused)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fexits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fexits").field("active", &self.active).finish_non_exhaustive()
    }
}

/// Attaches the program to the first of `functions` that the kernel has; `None` if it has none.
pub(super) fn attach(
    ebpf: &mut Ebpf,
    name: String,
    functions: &[String],
    btf: &Btf,
) -> Result<Option<Attached>, LoadError> {
    let refused = refused(MODE, &name);
    let program = program(ebpf, &name)?;
    let was_loaded = is_loaded(program.fd());
    if !was_loaded && !load(program, functions, btf).map_err(&refused)? {
        return Ok(None);
    }
    let mut attached = program.attach();
    if was_loaded && attached.as_ref().is_err_and(cannot_attach_again) {
        program.unload().map_err(&refused)?;
        load(program, functions, btf).map_err(&refused)?;
        attached = program.attach();
    }
    match attached {
        Ok(link) => Ok(Some(Attached { program: name, link })),
        // Calls without arguments have one function under both names, and the other program serves both.
        Err(error) if is_busy(&error) => Ok(None),
        Err(error) => Err(refused(error)),
    }
}

/// Loads the program for the first of `functions` that the kernel has; false if it has none.
fn load(program: &mut FExit, functions: &[String], btf: &Btf) -> Result<bool, ProgramError> {
    for function in functions {
        match program.load(function, btf) {
            Err(ProgramError::Btf(_)) => {}
            result => return result.map(|()| true),
        }
    }
    Ok(false)
}

/// Whether another program of ours hangs where this one was to; Linux 7 says EINVAL of it.
fn is_busy(error: &ProgramError) -> bool {
    matches!(error, ProgramError::SyscallError(it)
        if matches!(it.io_error.kind(), ErrorKind::ResourceBusy | ErrorKind::InvalidInput))
}

fn program<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut FExit, LoadError> {
    find(ebpf, name)?.try_into().map_err(refused(MODE, name))
}
