//! `innerwarden rules describe`: what rules, macros and lists come to, as `falco -L` and `-l` say it.

use std::path::PathBuf;

use clap::Args;
use falco_compat::rules::describe_text;

use crate::{
    config,
    exit::{Exit, Failure, OrExit as _},
    ruleset,
    stdout::Stdout,
};

/// Arguments of `rules describe`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Rules files and folders, in the order in which they load
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Only this rule
    #[arg(short = 'l', long, value_name = "RULE")]
    rule: Option<String>,

    /// Names and descriptions as text instead of everything as JSON
    #[arg(long)]
    text: bool,

    #[command(flatten)]
    configuration: config::Sources,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.configuration.load()?;
    let loader = ruleset::load(&arguments.files, &settings)?;
    let description = match &arguments.rule {
        Some(rule) => loader.describe_rule(rule),
        None => loader.describe(),
    };
    let description = description.or_exit(Exit::Rules)?;
    let mut stdout = Stdout::lock();
    if arguments.text {
        stdout.write(describe_text(&description))?;
    } else {
        stdout.line(description.to_string())?;
    }
    stdout.flush()
}
