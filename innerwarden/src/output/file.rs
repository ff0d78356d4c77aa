//! `file_output`: alerts appended to a file, one a line.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::PathBuf,
};

use super::{Message, Output, OutputError};
use crate::config::{KeepAlive, OutputSettings};

/// A file that grows.
#[derive(Debug)]
struct AppendedFile {
    path: PathBuf,
    keep_alive: KeepAlive,
    /// Open between alerts if it is kept alive.
    file: Option<File>,
    line: Vec<u8>,
}

pub(super) fn wanted(settings: &OutputSettings) -> Option<Box<dyn Output>> {
    let file = settings.file.as_ref()?;
    let (path, keep_alive) = (file.path.clone(), file.keep_alive);
    Some(Box::new(AppendedFile { path, keep_alive, file: None, line: Vec::new() }))
}

impl AppendedFile {
    fn doing(&self, what: &str) -> String {
        format!("cannot {what} `{}`", self.path.display())
    }

    fn open(&self) -> Result<File, OutputError> {
        let opened = OpenOptions::new().append(true).create(true).open(&self.path);
        opened.map_err(|cause| OutputError::io(self.doing("open"), cause))
    }
}

impl Output for AppendedFile {
    fn write(&mut self, message: &Message) -> Result<(), OutputError> {
        self.line.clear();
        self.line.extend_from_slice(&message.line);
        self.line.push(b'\n');
        let mut file = match self.file.take() {
            Some(file) => file,
            None => self.open()?,
        };
        file.write_all(&self.line).map_err(|cause| OutputError::io(self.doing("write"), cause))?;
        self.file = (self.keep_alive == KeepAlive::Yes).then_some(file);
        Ok(())
    }

    fn reopen(&mut self) -> Result<(), OutputError> {
        self.file = None;
        let file = self.open()?;
        self.file = (self.keep_alive == KeepAlive::Yes).then_some(file);
        Ok(())
    }
}
