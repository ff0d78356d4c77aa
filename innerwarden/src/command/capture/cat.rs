//! `innerwarden capture cat`: events as lines, like sysdig prints them.

use std::{ops::ControlFlow, path::PathBuf};

use bumpalo::Bump;
use clap::Args;
use event::Event;
use falco_compat::{
    field::{Agent, Context},
    format::{Format, FormatError},
};
use host::{Host, Verdict};

use crate::{
    agent,
    exit::{Exit, Failure},
    input::Input,
    replay::Replay,
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

    /// How to show an event, in the language of rule outputs
    #[arg(short = 'p', long = "print", value_name = "FORMAT", default_value = DEFAULT_FORMAT)]
    format: String,

    /// Stop after so many events
    #[arg(short = 'n', long = "limit", value_name = "COUNT")]
    limit: Option<u64>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let format = Format::parse(&arguments.format)
        .map_err(|error| Failure::new(Exit::Condition, culprit(&arguments.format, &error)))?;
    let mut input = Input::open(&arguments.capture)?;
    let mut printer = Printer {
        format,
        agent: None,
        arena: Bump::new(),
        line: Vec::new(),
        stdout: Stdout::lock(),
        left: arguments.limit.unwrap_or(u64::MAX),
    };
    let end = Replay::new().capture(&mut input, |step| match (step.verdict, step.event) {
        (Verdict::Deliver, Some(event)) => printer.on_event(event, step.host),
        (Verdict::Deliver | Verdict::Hide, _) => Ok(ControlFlow::Continue(())),
    });
    printer.stdout.flush()?;
    end
}

/// Names the part of a rejected format that is at fault, which Falco's own message does not.
fn culprit(format: &str, error: &FormatError) -> String {
    let is_bad = |part: &&str| Format::parse(&format!("%{part}")).is_err();
    match (error, format.split('%').skip(1).find(is_bad)) {
        (FormatError::UnknownField(_), Some(part)) => {
            let name = part.split_whitespace().next().unwrap_or_default();
            format!("format: no field at `%{name}`; `innerwarden rules fields` lists them")
        }
        _ => format!("format `{format}`: {error}"),
    }
}

struct Printer {
    format: Format,
    /// Known once there is a time to look the time zone up for.
    agent: Option<Agent>,
    arena: Bump,
    line: Vec<u8>,
    stdout: Stdout,
    left: u64,
}

impl Printer {
    fn on_event(&mut self, event: &Event<'_>, host: &Host) -> Result<ControlFlow<()>, Failure> {
        if self.left == 0 {
            return Ok(ControlFlow::Break(()));
        }
        self.left -= 1;
        let agent = self.agent.get_or_insert_with(|| agent::here(event.time_ns));
        let ctx = Context { event, host, arena: &self.arena, agent };
        self.line.clear();
        self.format.render(&ctx, &mut self.line);
        self.stdout.line(&self.line)?;
        self.arena.reset();
        Ok(ControlFlow::Continue(()))
    }
}
