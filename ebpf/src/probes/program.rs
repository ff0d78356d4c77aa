//! Programs of the object by name.

use std::io::ErrorKind;

use aya::{
    Ebpf,
    programs::{Program, ProgramError, ProgramFd},
};

use crate::{attach::AttachMode, error::LoadError};

/// The program called `name`.
pub(super) fn find<'a>(ebpf: &'a mut Ebpf, name: &str) -> Result<&'a mut Program, LoadError> {
    ebpf.program_mut(name).ok_or_else(|| LoadError::Missing(name.to_owned()))
}

/// Whether a program has been loaded: it then has a file descriptor.
#[expect(clippy::needless_pass_by_value, reason = "what `fd()` of every kind of program returns")]
pub(super) fn is_loaded(fd: Result<&ProgramFd, ProgramError>) -> bool {
    fd.is_ok()
}

/// Whether the kernel has forgotten what a program was loaded for when that was taken off: before Linux 5.13
/// (f3a95075549e) a program on a function can be attached once only.
pub(super) fn cannot_attach_again(error: &ProgramError) -> bool {
    matches!(error, ProgramError::SyscallError(it) if it.io_error.kind() == ErrorKind::NotFound)
}

/// Makes the error for a program that the kernel refuses.
pub(super) fn refused(
    mode: AttachMode,
    program: &str,
) -> impl Fn(ProgramError) -> LoadError + use<> {
    let program = program.to_owned();
    move |source| LoadError::Program { mode, program: program.clone(), source }
}
