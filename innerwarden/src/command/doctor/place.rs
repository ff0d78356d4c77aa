//! Where the machine's own words are found: `/proc`, `/sys`, the host's root, the configuration.

use std::{
    env,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use crate::{
    config::{RunConfig, RunSources},
    privilege,
};

/// Where the checks look. Tests make up places of their own.
#[derive(Debug)]
pub(super) struct Place {
    /// `/proc`.
    pub(super) proc: PathBuf,
    /// `/sys`.
    pub(super) sys: PathBuf,
    /// Falco's `HOST_ROOT`: where the host's files are; empty on the host itself.
    pub(super) host_root: PathBuf,
    /// What `run` would do, or what is wrong with its configuration.
    pub(super) config: Result<RunConfig, String>,
    /// The rules files of the command line.
    pub(super) rules: Vec<PathBuf>,
}

/// Most bytes read of a file; the longest, `/proc/self/mountinfo`, has some hundred a mount.
const MAX_BYTES: u64 = 4 << 20;

impl Place {
    /// This machine.
    pub(super) fn here(configuration: &RunSources, rules: &[PathBuf]) -> Self {
        // As `run` does, so that the trial of the probes has what they would have.
        privilege::raise_locked_memory();
        Self {
            proc: PathBuf::from("/proc"),
            sys: PathBuf::from("/sys"),
            host_root: env::var_os("HOST_ROOT").map(PathBuf::from).unwrap_or_default(),
            config: configuration.load().map_err(|failure| failure.text()),
            rules: rules.to_vec(),
        }
    }

    /// This machine, whatever the configuration says.
    pub(super) fn bare() -> Self {
        Self {
            proc: PathBuf::from("/proc"),
            sys: PathBuf::from("/sys"),
            host_root: PathBuf::new(),
            config: Err(String::new()),
            rules: Vec::new(),
        }
    }

    /// The text of a file below `/proc`, empty when it cannot be read.
    pub(super) fn proc(&self, name: &str) -> String {
        read(&self.proc.join(name)).unwrap_or_default()
    }

    /// `path` on the host.
    pub(super) fn on_host(&self, path: &str) -> PathBuf {
        if self.host_root.as_os_str().is_empty() {
            PathBuf::from(path)
        } else {
            self.host_root.join(path.trim_start_matches('/'))
        }
    }

    /// A machine whose files are below `root`.
    #[cfg(test)]
    pub(super) fn below(root: &Path) -> Self {
        let config = RunSources::default().load().map_err(|failure| failure.text());
        let (proc, sys) = (root.join("proc"), root.join("sys"));
        Self { proc, sys, host_root: root.to_owned(), config, rules: Vec::new() }
    }
}

/// The text of a file, what is no UTF-8 replaced.
pub(super) fn read(path: &Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
