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

use crate::exit::{Exit, Failure};

/// Arguments of `capture`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    live: Option<record::LiveArguments>,
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
    match (&arguments.command, &arguments.live) {
        (Some(Command::Info(arguments)), _) => info::run(arguments),
        (Some(Command::Cat(arguments)), _) => cat::run(arguments),
        (Some(Command::Filter(arguments)), _) => filter::run(arguments),
        (Some(Command::Merge(arguments)), _) => merge::run(arguments),
        (Some(Command::Record(arguments)), _) => record::run(arguments),
        (Some(Command::Build(arguments)), _) => build::run(arguments),
        (None, Some(live)) => record::record(None, live),
        (None, None) => Err(Failure::new(Exit::Usage, "`capture --out FILE` records this host")),
    }
}
