//! `innerwarden replay`: a capture through rules, alerts on stdout.

mod stats;

use std::path::PathBuf;

use clap::Args;

use crate::{config, exit::Failure};

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Capture to replay (.scap, plain or gzip)
    capture: PathBuf,

    /// Rules file, or directory of rules files; may be given several times
    #[arg(short, long = "rules", value_name = "FILE")]
    rules: Vec<PathBuf>,

    /// Falco configuration file
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Set a configuration key, e.g. `json_output=true` or `append_output[0].suggested_output=true`
    #[arg(short = 'o', long = "option", value_name = "KEY=VALUE")]
    options: Vec<String>,

    /// Say at the end what the replay cost, and which rule how much of it
    #[arg(long)]
    stats: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::load(arguments.config.as_deref(), &arguments.options)?;
    let _ = (settings, &arguments.capture, &arguments.rules, arguments.stats);
    Ok(())
}
