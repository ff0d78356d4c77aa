//! `innerwarden capture cat`: events as lines, like sysdig prints them.

use std::{ops::ControlFlow, path::PathBuf};

use clap::Args;
use falco_compat::format::{Format, FormatError};

use crate::{
    exit::{Exit, Failure},
    filter::{Filter, Scope},
    input::Input,
    replay::{Replay, Seen},
    stdout::Stdout,
};

/// How an event is shown unless `-p` says otherwise.
const DEFAULT_FORMAT: &str =
    "%evt.num %evt.time %evt.cpu %proc.name (%thread.tid) %evt.dir %evt.type %evt.args";

/// Arguments of `capture cat`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Capture to read; `-` is standard input
    capture: PathBuf,

    /// Which events to print, in the language of rules
    condition: Option<String>,

    /// How to show an event, in the language of rule outputs
    #[arg(short = 'p', long = "print", value_name = "FORMAT", default_value = DEFAULT_FORMAT)]
    format: String,

    /// Stop after so many events
    #[arg(short = 'n', long = "limit", value_name = "COUNT")]
    limit: Option<u64>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = Format::parse(&arguments.format)
        .map_err(|error| Failure::new(Exit::Condition, refused(&arguments.format, &error)))?;
    let mut filter = Filter::new(arguments.condition.as_deref())?;
    let mut input = Input::open(&arguments.capture)?;
    let mut stdout = Stdout::lock();
    let mut left = arguments.limit.unwrap_or(u64::MAX);
    let mut scope = Scope::default();
    let mut line = Vec::new();
    let end = Replay::new().capture(&mut input, |seen| {
        let Seen::Event(step) = seen else { return Ok(ControlFlow::Continue(())) };
        let Some(event) = step.delivered().filter(|it| filter.chooses(it, step.host)) else {
            return Ok(ControlFlow::Continue(()));
        };
        if left == 0 {
            return Ok(ControlFlow::Break(()));
        }
        left -= 1;
        line.clear();
        scope.with(event, step.host, |ctx| format.render(ctx, &mut line));
        stdout.line(&line)?;
        Ok(ControlFlow::Continue(()))
    });
    stdout.flush()?;
    end
}

/// Says what is wrong with a format; Falco's own message does not name an unknown field.
fn refused(format: &str, error: &FormatError) -> String {
    match error {
        FormatError::UnknownField { text, .. } => {
            format!("format: no field at `{text}`; `innerwarden rules fields` lists them")
        }
        _ => format!("format `{format}`: {error}"),
    }
}
