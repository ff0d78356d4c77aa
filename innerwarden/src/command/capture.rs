//! `innerwarden capture`: what is in captures.

mod info;

use clap::Subcommand;

use crate::exit::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a capture holds
    Info(info::Arguments),
}

/// Runs one of them.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Info(arguments) => info::run(arguments),
    }
}
