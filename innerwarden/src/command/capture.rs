//! `innerwarden capture`: what is in captures.

use clap::Subcommand;

use crate::exit::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {}

/// Runs one of them.
pub(crate) fn run(command: &Command) -> Result<(), Failure> {
    match *command {}
}
