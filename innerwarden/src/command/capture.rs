//! `innerwarden capture`: what is in captures.

mod build;
mod cat;
mod filter;
mod info;
mod merge;
mod record;
mod target;

pub(crate) use record::DEFAULT_LIMIT_BYTES;

use clap::{Args, Subcommand};

use crate::exit::Failure;

/// Arguments of `capture`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    live: record::LiveArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what a capture holds
    Info(info::Arguments),
    /// Print the events of a capture
    Cat(cat::Arguments),
    /// Write the events of a capture that a condition chooses
    Filter(filter::Arguments),
    /// Merge captures into one, by time
    Merge(merge::Arguments),
    /// Record what happens on this host, as `capture --out FILE` does; with a condition
    Record(record::Arguments),
    /// Build a capture from events written by hand
    Build(build::Arguments),
}

/// Runs one of them; without a subcommand, this host is recorded.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Some(Command::Info(arguments)) => info::run(arguments),
        Some(Command::Cat(arguments)) => cat::run(arguments),
        Some(Command::Filter(arguments)) => filter::run(arguments),
        Some(Command::Merge(arguments)) => merge::run(arguments),
        Some(Command::Record(arguments)) => record::run(arguments),
        Some(Command::Build(arguments)) => build::run(arguments),
        None => record::record(None, &arguments.live),
    }
}
