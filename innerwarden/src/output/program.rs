//! `program_output`: alerts on the standard input of a shell command.
//!
//! The command runs once for each alert, or, kept alive, once for all of them.

use std::{
    io::{self, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
};

use super::{Message, Output, OutputError};
use crate::config::{KeepAlive, OutputSettings};

/// A command and, while it runs, its process.
#[derive(Debug)]
struct Program {
    command: String,
    keep_alive: KeepAlive,
    running: Option<(Child, ChildStdin)>,
    line: Vec<u8>,
}

pub(super) fn wanted(settings: &OutputSettings) -> Option<Box<dyn Output>> {
    let program = settings.program.as_ref()?;
    let (command, keep_alive) = (program.command.clone(), program.keep_alive);
    Some(Box::new(Program { command, keep_alive, running: None, line: Vec::new() }))
}

impl Program {
    fn doing(&self, what: &str) -> String {
        format!("cannot {what} `{}`", self.command)
    }

    fn start(&self) -> Result<(Child, ChildStdin), OutputError> {
        // A shell, as with Falco's popen: the setting is written as a pipeline.
        let spawned = Command::new("/bin/sh")
            .args(["-c", &self.command])
            .stdin(Stdio::piped())
            .spawn()
            .and_then(|mut child| match child.stdin.take() {
                Some(stdin) => Ok((child, stdin)),
                None => Err(io::Error::other("it has no standard input")),
            });
        spawned.map_err(|cause| OutputError::io(self.doing("start"), cause))
    }

    /// Closes the command's input and waits for its end.
    fn stop(&mut self) {
        if let Some((mut child, stdin)) = self.running.take() {
            drop(stdin);
            // Its exit code is its own affair.
            let _ = child.wait();
        }
    }
}

impl Output for Program {
    fn write(&mut self, message: &Message) -> Result<(), OutputError> {
        self.line.clear();
        self.line.extend_from_slice(&message.line);
        self.line.push(b'\n');
        let (child, mut stdin) = match self.running.take() {
            Some(running) => running,
            None => self.start()?,
        };
        let written = stdin.write_all(&self.line);
        self.running = Some((child, stdin));
        if self.keep_alive == KeepAlive::No || written.is_err() {
            self.stop();
        }
        written.map_err(|cause| OutputError::io(self.doing("write to"), cause))
    }

    fn reopen(&mut self) -> Result<(), OutputError> {
        self.stop();
        if self.keep_alive == KeepAlive::Yes {
            self.running = Some(self.start()?);
        }
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}
