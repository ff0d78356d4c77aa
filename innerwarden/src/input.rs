//! A capture that is being read: a file or standard input, with errors that name it.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::Path,
};

use event::capture::{CaptureError, CaptureErrorKind, Reader, Record};

use crate::{
    exit::{Exit, Failure, OrExit as _},
    progress::Progress,
};

/// A capture that is being read.
pub(crate) struct Input {
    reader: Reader<Progress<Box<dyn Read>>>,
    name: String,
}

impl Input {
    /// Opens the capture at `path`; `-` is standard input. A file may be plain or gzip.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let cannot_open = || format!("cannot open capture `{name}`");
        let (source, total_bytes): (Box<dyn Read>, _) = if path == Path::new("-") {
            (Box::new(io::stdin().lock()), None)
        } else {
            let file = File::open(path).or_exit_with(Exit::File, cannot_open)?;
            let bytes = file.metadata().ok().map(|it| it.len());
            (Box::new(file), bytes)
        };
        let reader = Reader::new(Progress::new(source, total_bytes))
            .or_exit_with(Exit::File, cannot_open)?;
        Ok(Self { reader, name })
    }

    /// The next record; `None` at the end. After a failure there is nothing more.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Record<'_>>, Failure> {
        self.reader.next().map_err(|error| failure(&format!("capture `{}`", self.name), error))
    }

    /// The same, with an error that [`failure`] has yet to give a name.
    #[inline]
    pub(crate) fn next_unnamed(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
        self.reader.next()
    }

    /// What to call it in messages.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Events left out so far because their type is newer than our table.
    pub(crate) fn skipped_events(&self) -> u64 {
        self.reader.skipped_events()
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The failure of `source`. A disk that fails is not the capture's fault.
pub(crate) fn failure(source: &str, error: CaptureError) -> Failure {
    let exit = match &error.kind {
        CaptureErrorKind::Io(cause) if cause.raw_os_error().is_some() => Exit::File,
        _ => Exit::Capture,
    };
    Failure::Error(exit, anyhow::Error::new(error).context(source.to_owned()))
}
