//! `innerwarden rules check`: what is wrong with rules files, as `falco -V` says it.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use clap::Args;
use falco_compat::rules::{LoadResult, Loader, validation_report};

use crate::{
    config,
    exit::{Exit, Failure, OrExit as _},
    ruleset,
    stdout::Stdout,
};

/// Arguments of `rules check`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Rules files and folders, in the order in which they load
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    configuration: config::Sources,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.configuration.load()?;
    let mut loader = Loader::new(settings.loading());
    let mut results = Vec::new();
    for file in ruleset::read(&arguments.files)? {
        results.push(loader.load(&file.name, &file.content));
        loader.check_plugins().or_exit(Exit::Rules)?;
    }
    let mut stdout = Stdout::lock();
    stdout.line(validation_report(&results, settings.json_output, None))?;
    stdout.flush()?;
    if !settings.json_output {
        // The report keeps silent about warnings of files that load.
        for result in results.iter().filter(|it| it.is_successful() && !it.warnings.is_empty()) {
            let _ = writeln!(io::stderr(), "{}", result.text().trim_end());
        }
    }
    if results.iter().all(LoadResult::is_successful) {
        Ok(())
    } else {
        Err(Failure::Reported(Exit::Rules))
    }
}
