//! `innerwarden rules`: about rules, without a host.

mod check;
mod describe;
mod events;
mod fields;
mod listing;
mod test;

use clap::Subcommand;

use crate::exit::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what is wrong with rules files, and where
    Check(check::Arguments),
    /// Say what rules, macros and lists come to, as JSON
    Describe(describe::Arguments),
    /// List the fields that conditions and outputs may use
    Fields(fields::Arguments),
    /// List the event types and their parameters
    Events(events::Arguments),
    /// Test whether rules fire when, and only when, they should
    Test(test::Arguments),
}

/// Runs one of them.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Check(arguments) => check::run(arguments),
        Command::Describe(arguments) => describe::run(arguments),
        Command::Fields(arguments) => fields::run(arguments),
        Command::Events(arguments) => events::run(arguments),
        Command::Test(arguments) => test::run(arguments),
    }
}
