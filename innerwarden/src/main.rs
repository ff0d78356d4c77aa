//! Runtime security beside Falco or alone: the program.

mod agent;
mod cli;
mod command;
mod config;
mod control;
mod document;
mod exit;
mod filter;
mod input;
mod live;
mod log;
mod losses;
mod output;
mod privilege;
mod progress;
mod recording;
mod replay;
mod ruleset;
mod script;
mod stdout;
mod usage;
mod web;

use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
