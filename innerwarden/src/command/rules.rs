//! `innerwarden rules`: about rules, without a host.

mod events;
mod fields;
mod listing;
mod test;

use clap::Subcommand;

use crate::exit::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the fields that conditions and outputs may use
    Fields(fields::Arguments),
    /// List the event types and their parameters
    Events(events::Arguments),
}

/// Runs one of them.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Fields(arguments) => fields::run(arguments),
        Command::Events(arguments) => events::run(arguments),
    }
}
