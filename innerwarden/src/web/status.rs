//! What the web server knows of the program.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sha2::{Digest as _, Sha256};

use crate::{
    control::Outcomes,
    live::{Desk, Tally},
    output::Outputs,
};

/// What the web server knows of the program.
#[derive(Debug)]
pub(crate) struct Status {
    /// Figures of the event thread.
    pub(crate) desk: Arc<Desk>,
    /// What became of reloads.
    pub(crate) outcomes: Arc<Outcomes>,
    /// When we began, ns since the epoch.
    pub(crate) started_at_ns: i64,
    in_force: Mutex<InForce>,
}

/// What a reload replaces.
#[derive(Clone, Debug)]
pub(crate) struct InForce {
    /// Counts of rules.
    pub(crate) tally: Arc<Tally>,
    /// The outputs.
    pub(crate) outputs: Arc<Outputs>,
    /// Names and SHA-256 sums of configuration files.
    pub(crate) config_files: Vec<(String, String)>,
    /// The same of rules files.
    pub(crate) rules_files: Vec<(String, String)>,
    /// `metrics.rules_counters_enabled`.
    pub(crate) rules_counted: bool,
}

impl Status {
    pub(crate) fn new(
        desk: Arc<Desk>,
        outcomes: Arc<Outcomes>,
        started_at_ns: i64,
        in_force: InForce,
    ) -> Self {
        Self { desk, outcomes, started_at_ns, in_force: Mutex::new(in_force) }
    }

    /// What is in force now.
    pub(crate) fn in_force(&self) -> InForce {
        self.lock().clone()
    }

    /// From now on, this is in force.
    pub(crate) fn replace(&self, in_force: InForce) {
        *self.lock() = in_force;
    }

    fn lock(&self) -> MutexGuard<'_, InForce> {
        self.in_force.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl InForce {
    /// Names and sums of `files`, as Falco shows them; what cannot be read is left out.
    pub(crate) fn sums(files: &[PathBuf]) -> Vec<(String, String)> {
        let sum = |file: &PathBuf| {
            let content = std::fs::read(file).ok()?;
            let digest = Sha256::digest(content);
            let hex = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            Some((file.file_name()?.to_string_lossy().into_owned(), hex))
        };
        files.iter().filter_map(sum).collect()
    }
}
