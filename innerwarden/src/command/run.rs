//! `innerwarden run`: the running host through rules, alerts to the outputs.

use std::path::PathBuf;

use clap::Args;

use super::capture::DEFAULT_LIMIT_BYTES;
use crate::{config::RunSources, control::Control, exit::Failure};

/// Arguments of `run`.
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    /// Rules file, or folder of rules files; may be given several times
    #[arg(short, long = "rules", value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) configuration: RunSources,

    /// Record the events that are judged to this capture too; it is complete when the run ends
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    /// End the recording, not the run, when it has so many bytes
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_LIMIT_BYTES, requires = "record")]
    pub(crate) limit_bytes: u64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    Control::start(arguments)?.attend()
}
