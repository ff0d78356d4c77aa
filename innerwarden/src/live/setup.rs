//! What configuration and rules make of events: everything that a reload replaces, as one.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{Tally, Voice, demand::Demand};
use crate::{
    config::{Dialect, DropSettings, RunConfig},
    exit::Failure,
    log,
    output::Outputs,
    ruleset::Ruleset,
};

/// Rules, and what becomes of their alerts.
#[derive(Debug)]
pub(crate) struct Setup {
    /// The rules.
    pub(crate) ruleset: Ruleset,
    /// How often they matched.
    pub(crate) tally: Arc<Tally>,
    /// How alerts are written, and to whom.
    pub(crate) voice: Arc<Voice>,
    /// What happens when events are lost.
    pub(crate) drops: DropSettings,
    /// How long events wait for metadata of their container.
    pub(super) patience: Duration,
    /// The events that the rules and the state engine need.
    pub(super) demand: Demand,
}

impl Setup {
    /// Loads the rules of `paths`, else those of the configuration, else our own.
    pub(crate) fn load(
        paths: &[PathBuf],
        config: &RunConfig,
        outputs: &Arc<Outputs>,
    ) -> Result<Box<Self>, Failure> {
        let ruleset = load_rules(paths, config)?;
        Ok(Box::new(Self {
            demand: Demand::new(ruleset.rules(), config),
            tally: Arc::new(Tally::new(&ruleset)),
            ruleset,
            voice: Arc::new(Voice::new(&config.settings, outputs.clone())),
            drops: config.live.drops.clone(),
            patience: config.live.container_patience,
        }))
    }
}

/// Where our own rules are by default.
const OWN_FOLDER: &str = "/etc/innerwarden/rules.d";

/// The rules of `paths`, else those of the configuration, else our own.
pub(crate) fn load_rules(paths: &[PathBuf], config: &RunConfig) -> Result<Ruleset, Failure> {
    if !paths.is_empty()
        || !config.settings.rules_files.is_empty()
        || config.dialect == Dialect::Falco
    {
        return Ruleset::load(paths, &config.settings);
    }
    let folder = PathBuf::from(OWN_FOLDER);
    if folder.is_dir() {
        return Ruleset::load(&[folder], &config.settings);
    }
    log::info(format_args!(
        "no rules files given and no folder {OWN_FOLDER}: the built-in rules are used"
    ));
    Ruleset::built_in(&config.settings)
}

/// The files and folders that rules are, or would be, read from.
pub(crate) fn rules_paths(paths: &[PathBuf], config: &RunConfig) -> Vec<PathBuf> {
    if !paths.is_empty() {
        return paths.to_vec();
    }
    match (config.settings.rules_files.as_slice(), config.dialect) {
        ([], Dialect::Own) => vec![PathBuf::from(OWN_FOLDER)],
        (files, _) => files.to_vec(),
    }
}
