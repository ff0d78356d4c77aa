//! `stdout_output`: alerts on standard output, one a line.

use std::io::{self, Write as _};

use super::{Message, Output, OutputError};
use crate::config::OutputSettings;

/// Standard output.
#[derive(Debug)]
struct Stdout {
    /// The line with its newline: one write, so that lines of two writers do not mix.
    line: Vec<u8>,
}

pub(super) fn wanted(settings: &OutputSettings) -> Option<Box<dyn Output>> {
    settings.stdout.then(|| Box::new(Stdout { line: Vec::new() }) as Box<dyn Output>)
}

impl Output for Stdout {
    fn write(&mut self, message: &Message) -> Result<(), OutputError> {
        self.line.clear();
        self.line.extend_from_slice(&message.line);
        self.line.push(b'\n');
        let mut stdout = io::stdout().lock();
        // Nothing is buffered: whoever reads wants an alert now.
        stdout.write_all(&self.line).and_then(|()| stdout.flush()).map_err(|cause| {
            match cause.kind() {
                io::ErrorKind::BrokenPipe => OutputError::Gone,
                _ => OutputError::io("cannot write", cause),
            }
        })
    }
}
