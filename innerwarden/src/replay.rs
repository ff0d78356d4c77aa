//! The left half of the pipeline: a capture's records become events and the host as it is after each.

use std::ops::ControlFlow;

use event::{Event, capture::Record, convert::Converter};
use host::{Host, HostConfig, Verdict};

use crate::{
    exit::{Exit, Failure, OrExit as _},
    input::Input,
    script::Script,
};

/// What happens, one event after the other.
#[derive(Debug)]
pub(crate) struct Replay {
    host: Host,
    converter: Converter,
}

/// One event on its way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<'a> {
    /// As it was recorded.
    pub(crate) recorded: &'a Event<'a>,
    /// In today's layout; `None` when it was of use to the converter only.
    pub(crate) event: Option<&'a Event<'a>>,
    /// Whether rules may look at it.
    pub(crate) verdict: Verdict,
    /// The host after it.
    pub(crate) host: &'a Host,
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
        mut visit: impl FnMut(Step<'_>) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<(), Failure> {
        let name = format!("capture `{}`", input.name());
        while let Some(record) = input.next()? {
            match record {
                Record::Event(event) => {
                    if self.event(&event, &name, &mut visit)?.is_break() {
                        break;
                    }
                }
                record => self.load(&record),
            }
        }
        Ok(())
    }

    /// Goes through `script`.
    pub(crate) fn script(
        &mut self,
        script: &Script,
        mut visit: impl FnMut(Step<'_>) -> Result<ControlFlow<()>, Failure>,
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

    /// The host as it is now.
    pub(crate) fn host(&self) -> &Host {
        &self.host
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
        visit: &mut impl FnMut(Step<'_>) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<ControlFlow<()>, Failure> {
        let converted = self.converter.convert(*recorded).or_exit_with(Exit::Capture, || {
            format!("{source}, event at {} ns", recorded.time_ns)
        })?;
        let event = converted.event();
        let verdict = event.as_ref().map_or(Verdict::Hide, |event| self.host.on_event(event));
        visit(Step { recorded, event: event.as_ref(), verdict, host: &self.host })
    }
}
