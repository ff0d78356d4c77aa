//! Runtime security beside Falco or alone: the program.

mod agent;
mod cli;
mod command;
mod config;
mod document;
mod exit;
mod filter;
mod input;
mod output;
mod progress;
mod replay;
mod ruleset;
mod script;
mod stdout;
mod usage;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
