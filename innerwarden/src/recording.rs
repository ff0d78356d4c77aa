//! A capture that is being written: a file that appears under its name only when it is complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use event::capture::{Record, WriteError, Writer};

use crate::exit::{Exit, Failure, OrExit as _};

/// A capture that is being written. Dropped before [`Recording::finish`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Recording {
    /// `None` once it is finished.
    writer: Option<Writer<Gauged>>,
    /// Bytes of the file so far; what is buffered is left out.
    bytes: Arc<AtomicU64>,
    path: PathBuf,
    /// Where it is written until it is complete; `None` for pipes and devices, which are written directly.
    partial: Option<PathBuf>,
}

impl Recording {
    /// Begins the capture `path`, stored as `compression` says. An existing file is replaced at the end. A new one is
    /// for its owner alone: it holds environments and what was read and written.
    pub(crate) fn create(path: &Path, compression: Compression) -> Result<Self, Failure> {
        let is_device = fs::metadata(path).is_ok_and(|it| !it.is_file());
        let partial = (!is_device).then(|| {
            let mut partial = path.as_os_str().to_owned();
            partial.push(".partial");
            PathBuf::from(partial)
        });
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(partial.as_deref().unwrap_or(path))
            .or_exit_with(Exit::File, || writing(path))?;
        let bytes = Arc::<AtomicU64>::default();
        let file = Gauged { file, bytes: bytes.clone() };
        let writer = match compression {
            Compression::Gzip => Writer::gzip(file),
            Compression::None => Writer::plain(file),
        };
        Ok(Self { writer: Some(writer), bytes, path: path.to_owned(), partial })
    }

    /// Bytes that the file has so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Writes one record.
    pub(crate) fn write(&mut self, record: &Record<'_>) -> Result<(), Failure> {
        match &mut self.writer {
            Some(writer) => writer.write(record).map_err(|error| failure(&self.path, error)),
            None => Ok(()),
        }
    }

    /// Completes the capture and gives it its name.
    pub(crate) fn finish(mut self) -> Result<(), Failure> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let finished = writer.finish().map_err(|error| failure(&self.path, error)).and_then(|_| {
            match &self.partial {
                Some(partial) => {
                    fs::rename(partial, &self.path).or_exit_with(Exit::File, || writing(&self.path))
                }
                None => Ok(()),
            }
        });
        if finished.is_err() {
            self.discard();
        }
        finished
    }

    fn discard(&self) {
        if let Some(partial) = &self.partial {
            // There is nobody left to tell if even this fails.
            let _ = fs::remove_file(partial);
        }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if self.writer.is_some() {
            self.discard();
        }
    }
}

/// How a capture is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// As gzip.
    Gzip,
    /// As it is.
    None,
}

/// A file that knows how much was written to it.
#[derive(Debug)]
struct Gauged {
    file: File,
    bytes: Arc<AtomicU64>,
}

impl Write for Gauged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn writing(path: &Path) -> String {
    format!("cannot write capture `{}`", path.display())
}

fn failure(path: &Path, error: WriteError) -> Failure {
    let exit = match error {
        WriteError::Io(_) => Exit::File,
        _ => Exit::Capture,
    };
    Failure::Error(exit, anyhow::Error::new(error).context(writing(path)))
}
