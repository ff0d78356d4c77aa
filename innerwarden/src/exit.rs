//! How the program ends: an exit code for each kind of failure, and the one message that explains it.

use std::{
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

/// Exit codes. `docs/exit-codes.md` explains them to users; the numbers never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A rules file was rejected.
    Rules = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A capture is corrupt, truncated or of a kind that we cannot read.
    Capture = 3,
    /// A file is missing or cannot be read or written.
    File = 4,
    /// A configuration key or value is wrong.
    Config = 5,
    /// A condition, field or output format given on the command line is wrong.
    Condition = 6,
    /// Rules were tested and did not do what was expected.
    Expectation = 7,
    /// A file of test cases is wrong.
    Cases = 8,
    /// Events were lost, and the configuration says to end then.
    Drops = 9,
    /// The probes cannot be loaded; a live engine serves everything else, so nothing ends with this yet.
    Probes = 10,
    /// A thread of ours panicked: a defect.
    Defect = 101,
}

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something is wrong; the message goes to stderr.
    Error(Exit, anyhow::Error),
    /// Something is wrong and the command has said all about it.
    Reported(Exit),
    /// Whoever read our stdout has gone: nothing is left to do, and nobody to tell.
    PipeClosed,
}

impl Failure {
    /// A failure whose whole story is `message`.
    pub(crate) fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self::Error(exit, anyhow::anyhow!("{message}"))
    }

    /// A failure to write to stdout.
    pub(crate) fn stdout(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::PipeClosed
        } else {
            Self::Error(Exit::File, anyhow::Error::new(error).context("stdout"))
        }
    }

    /// The exit code; `None` when nothing failed but our reader left.
    pub(crate) fn exit(&self) -> Option<Exit> {
        match self {
            Self::Error(exit, _) | Self::Reported(exit) => Some(*exit),
            Self::PipeClosed => None,
        }
    }

    /// What went wrong, causes included; empty when it has been said.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Error(_, error) => chain(error),
            Self::Reported(_) | Self::PipeClosed => String::new(),
        }
    }

    /// Says what went wrong, causes included, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Error(exit, _) => {
                let _ = writeln!(io::stderr(), "error: {}", self.text());
                exit.code()
            }
            Self::Reported(exit) => exit.code(),
            Self::PipeClosed => ExitCode::SUCCESS,
        }
    }
}

impl Exit {
    fn code(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// An error and its causes on one line. Some errors quote their cause themselves; it is not said twice.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Gives an error its exit code.
pub(crate) trait OrExit<T> {
    /// Fails with `exit` and the error's own text.
    fn or_exit(self, exit: Exit) -> Result<T, Failure>;

    /// Fails with `exit`, saying what was being done when it happened.
    fn or_exit_with(self, exit: Exit, doing: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|error| Failure::Error(exit, error.into()))
    }

    fn or_exit_with(self, exit: Exit, doing: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| Failure::Error(exit, error.into().context(doing())))
    }
}

/// Says something that does not stop the command.
pub(crate) fn warn(message: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "warning: {message}");
}
