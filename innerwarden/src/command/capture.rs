//! `innerwarden capture`: what is in captures.

mod build;
mod cat;
mod filter;
mod info;
mod merge;
mod record;
mod target;

use clap::Subcommand;

use crate::exit::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a capture holds
    Info(info::Arguments),
    /// Print the events of a capture
    Cat(cat::Arguments),
    /// Write the events of a capture that a condition chooses
    Filter(filter::Arguments),
    /// Merge captures into one, by time
    Merge(merge::Arguments),
    /// Record what happens on this host
    Record(record::Arguments),
    /// Build a capture from events written by hand
    Build(build::Arguments),
}

/// Runs one of them.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Info(arguments) => info::run(arguments),
        Command::Cat(arguments) => cat::run(arguments),
        Command::Filter(arguments) => filter::run(arguments),
        Command::Merge(arguments) => merge::run(arguments),
        Command::Record(arguments) => record::run(arguments),
        Command::Build(arguments) => build::run(arguments),
    }
}
