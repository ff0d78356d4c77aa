//! Standard output: results and nothing else, buffered, one reader who may leave at any time.

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write};

use crate::{exit::Failure, progress};

/// Buffer in bytes; alerts are short, and a system call for each would cost more than making it.
const BUFFER_BYTES: usize = 64 * 1024;

/// Standard output, locked for the life of the command.
#[derive(Debug)]
pub(crate) struct Stdout {
    out: BufWriter<StdoutLock<'static>>,
    /// A person watches: show every line at once.
    is_terminal: bool,
}

impl Stdout {
    /// Takes standard output.
    pub(crate) fn lock() -> Self {
        let stdout = io::stdout().lock();
        let is_terminal = stdout.is_terminal();
        Self { out: BufWriter::with_capacity(BUFFER_BYTES, stdout), is_terminal }
    }

    /// Whether a person watches.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes `line` and a newline.
    pub(crate) fn line(&mut self, line: impl AsRef<[u8]>) -> Result<(), Failure> {
        if self.is_terminal {
            progress::clear();
        }
        self.write(line)?;
        self.write(b"\n")?;
        if self.is_terminal { self.flush() } else { Ok(()) }
    }

    /// Writes `bytes` as they are.
    pub(crate) fn write(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), Failure> {
        self.out.write_all(bytes.as_ref()).map_err(Failure::stdout)
    }

    /// Hands over what is buffered; to be called last, since dropping cannot report an error.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        self.out.flush().map_err(Failure::stdout)
    }
}
