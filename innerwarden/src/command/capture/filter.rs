//! `innerwarden capture filter`: a smaller capture that still knows the host.
//!
//! Events are written in today's layout, whichever the capture has.

use std::{ops::ControlFlow, path::PathBuf};

use clap::Args;
use event::{Category, Event, EventFlags, capture::Record};

use super::target::Target;
use crate::{
    exit::Failure,
    filter::Filter,
    input::Input,
    replay::{Replay, Seen},
};

/// Arguments of `capture filter`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Capture to read; `-` is standard input
    capture: PathBuf,

    /// Which events to keep, in the language of rules
    condition: String,

    #[command(flatten)]
    target: Target,

    /// Leave out events that only serve to know processes, files and containers
    #[arg(long)]
    no_state: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut filter = Filter::new(Some(&arguments.condition))?;
    let mut input = Input::open(&arguments.capture)?;
    let mut output = arguments.target.create(std::slice::from_ref(&arguments.capture))?;
    Replay::new().capture(&mut input, |seen| {
        match seen {
            Seen::Record(record) => output.write(record)?,
            Seen::Event(step) => {
                if step.delivered().is_some_and(|it| filter.chooses(it, step.host)) {
                    step.event.map_or(Ok(()), |event| output.write(&Record::Event(*event)))?;
                } else if let Some(event) =
                    step.event.filter(|it| !arguments.no_state && is_state(it))
                {
                    let mut hidden = *event;
                    hidden.flags |= Event::STATE_ONLY;
                    output.write(&Record::Event(hidden))?;
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    output.finish()
}

/// Whether the host would be another one without `event`.
pub(super) fn is_state(event: &Event<'_>) -> bool {
    let changes =
        EventFlags::MODIFIES_STATE.union(EventFlags::CREATES_FD).union(EventFlags::DESTROYS_FD);
    let info = event.kind.info();
    info.flags.intersects(changes) || info.category.intersects(Category::METAEVENT)
}
