//! Runs the program in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// A folder with the files of one test.
pub(crate) struct Bed {
    folder: TempDir,
}

/// What a run gave.
pub(crate) struct Run {
    /// Exit code; −1 when a signal ended it.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bed {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Adds a file.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        fs::write(self.path(name), content).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `innerwarden` with `arguments`, separated by blanks, in the folder.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.run_with(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `innerwarden` with `arguments` in the folder, in UTC and without a host name of its own.
    pub(crate) fn run_with(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_innerwarden"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("TZ", "UTC")
            .env("FALCO_HOSTNAME", "host")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// The exit code and stderr, which is what a failure is about; stdout must be empty.
    #[track_caller]
    pub(crate) fn failure(&self) -> String {
        assert_eq!(self.stdout, "", "nothing on stdout");
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        format!("{} {}", self.code, self.stderr)
    }

    /// Stdout of a run that went well and had nothing to say on stderr.
    #[track_caller]
    pub(crate) fn success(&self) -> &str {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        &self.stdout
    }
}

/// A file of this repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)
}

/// A file of Falco's reference data; `None`, with a word about it, where that is not installed.
pub(crate) fn reference(path: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("INNERWARDEN_SHARED")
        .map_or_else(|| repository("../shared"), PathBuf::from);
    let file = shared.join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("skipped: no reference data at {}", file.display());
    None
}
