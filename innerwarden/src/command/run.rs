//! `innerwarden run`: the running host through rules, alerts to the outputs.

use std::path::PathBuf;

use clap::Args;

use crate::{config::RunSources, control::Control, exit::Failure};

/// Arguments of `run`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Rules file, or folder of rules files; may be given several times
    #[arg(short, long = "rules", value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) configuration: RunSources,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    Control::start(arguments)?.attend()
}
