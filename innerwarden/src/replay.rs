//! The left half of the pipeline: a capture's records become events and the host as it is after each.

use std::ops::ControlFlow;

use event::{Event, capture::Record, convert::Converter};
use host::{Host, HostConfig, Verdict};

use crate::{
    exit::{Exit, Failure, OrExit as _},
    input::{self, Input},
    losses,
    script::Script,
};

/// What happens, one event after the other.
#[derive(Debug)]
pub(crate) struct Replay {
    host: Host,
    converter: Converter,
}

/// What a visitor sees.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen<'a> {
    /// The capture says something of the host, or a section begins.
    Record(&'a Record<'a>),
    /// An event.
    Event(Step<'a>),
}

/// One event on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    /// In today's layout; `None` when it was of use to the converter only.
    pub(crate) event: Option<&'a Event<'a>>,
    verdict: Verdict,
    /// The host after it.
    pub(crate) host: &'a Host,
}

impl<'a> Step<'a> {
    /// The event, if rules may look at it.
    #[inline]
    pub(crate) fn delivered(&self) -> Option<&'a Event<'a>> {
        match self.verdict {
            Verdict::Deliver => self.event,
            Verdict::Hide => None,
        }
    }
}

impl Replay {
    /// Nothing has happened yet.
    pub(crate) fn new() -> Self {
        Self { host: Host::new(&HostConfig::default()), converter: Converter::new() }
    }

    /// Goes through `input` to its end, or to where it breaks, `visit` fails or has seen enough.
    pub(crate) fn capture(
        &mut self,
        input: &mut Input,
        mut visit: impl FnMut(Seen<'_>) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<(), Failure> {
        let source = format!("capture `{}`", input.name());
        loop {
            // The record is looked at where it is: events are many, and moving each of them costs.
            let next = input.next_unnamed();
            let flow = match &next {
                Ok(Some(Record::Event(event))) => self.event(event, &source, &mut visit)?,
                Ok(Some(record)) => {
                    self.load(record);
                    visit(Seen::Record(record))?
                }
                Ok(None) => return Ok(()),
                Err(_) => return next.map(|_| ()).map_err(|error| input::failure(&source, error)),
            };
            if flow.is_break() {
                return Ok(());
            }
        }
    }

    /// Goes through `script`.
    pub(crate) fn script(
        &mut self,
        script: &Script,
        mut visit: impl FnMut(Seen<'_>) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<(), Failure> {
        self.load(&Record::Section);
        for thread in &script.threads {
            self.load(&Record::Thread(thread.entry()));
        }
        for event in &script.events {
            let event = Event::decode(&event.bytes, event.cpu, 0).or_exit(Exit::Cases)?;
            if self.event(&event, "script", &mut visit)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// What could not be kept or understood so far, by kind; only kinds that happened.
    pub(crate) fn losses(&self) -> Vec<(&'static str, u64)> {
        let converter = self.converter.counters();
        let mut losses = losses::of_host(&self.host).to_vec();
        losses.extend([
            ("enter events beyond the limit", converter.evicted),
            ("exit events of other calls than their enter events", converter.mismatched),
        ]);
        losses.retain(|(_, count)| *count > 0);
        losses
    }

    fn load(&mut self, record: &Record<'_>) {
        if let Record::Section = record {
            self.converter.clear();
        }
        self.host.load(record);
    }

    #[inline]
    fn event(
        &mut self,
        recorded: &Event<'_>,
        source: &str,
        visit: &mut impl FnMut(Seen<'_>) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<ControlFlow<()>, Failure> {
        if self.converter.passes(recorded) {
            let verdict = self.host.on_event(recorded);
            return visit(Seen::Event(Step { event: Some(recorded), verdict, host: &self.host }));
        }
        let converted = self.converter.convert(*recorded).or_exit_with(Exit::Capture, || {
            format!("{source}, event at {} ns", recorded.time_ns)
        })?;
        let event = converted.event();
        let verdict = event.as_ref().map_or(Verdict::Hide, |event| self.host.on_event(event));
        visit(Seen::Event(Step { event: event.as_ref(), verdict, host: &self.host }))
    }
}
