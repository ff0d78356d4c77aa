//! Runtime security beside Falco or alone: the program.

mod cli;
mod command;
mod config;
mod document;
mod exit;
mod input;
mod output;
mod progress;
mod rules_files;
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
