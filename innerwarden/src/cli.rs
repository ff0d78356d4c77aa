//! The command line: the table of subcommands.

use clap::{Parser, Subcommand};

use crate::{
    command::{capture, doctor, replay, rules, run},
    exit::Failure,
};

/// Parses the command line and runs the subcommand. A command line that makes no sense ends the process
/// with exit code 2 and a usage message.
pub(crate) fn run() -> Result<(), Failure> {
    match Cli::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Rules(command) => rules::run(&command),
        Command::Capture(arguments) => capture::run(&arguments),
    }
}

/// Runtime security beside Falco or alone.
#[derive(Debug, Parser)]
#[command(version, disable_help_subcommand = true, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch this host live: alerts as rules say, to stdout and other outputs
    Run(run::Arguments),
    /// Say what works on this machine, what does not, and what to do about it
    Doctor(doctor::Arguments),
    /// Replay a capture through rules and print the alerts
    Replay(replay::Arguments),
    /// Check, describe and test rules; list fields and events
    #[command(subcommand)]
    Rules(rules::Command),
    /// Record this host (`--out FILE`); look into captures, cut and join them
    Capture(capture::Arguments),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn arguments_do_not_contradict_each_other() {
        super::Cli::command().debug_assert();
    }
}
