//! Programs of the object by name.

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

/// Makes the error for a program that the kernel refuses.
pub(super) fn refused(
    mode: AttachMode,
    program: &str,
) -> impl Fn(ProgramError) -> LoadError + use<> {
    let program = program.to_owned();
    move |source| LoadError::Program { mode, program: program.clone(), source }
}
