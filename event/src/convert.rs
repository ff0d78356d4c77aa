//! Brings events of old captures up to today's event table.
//!
//! Until 2025 recorders wrote an enter and an exit event for every system call, and earlier tables had
//! fewer parameters. The converter moves what an enter event says to the exit event of the same thread,
//! adds what is missing and changes types that have successors, as the rules in `data/converter.txt` say.

mod draft;
mod rule;
mod store;

use self::{
    draft::{Draft, End},
    store::Store,
};
use crate::{
    encode::Encoder,
    table::EventType,
    view::{DecodeError, Event},
};

/// What became of an event.
#[derive(Clone, Copy, Debug)]
pub enum Converted<'a> {
    /// It needs no conversion.
    Pass(Event<'a>),
    /// It was rewritten; the event borrows from the converter.
    Changed(Event<'a>),
    /// It is of no use, or is kept until the exit event of its thread comes. Nobody counts it.
    Dropped,
}

impl<'a> Converted<'a> {
    /// The event to deliver, if any.
    pub const fn event(self) -> Option<Event<'a>> {
        match self {
            Self::Pass(event) | Self::Changed(event) => Some(event),
            Self::Dropped => None,
        }
    }
}

/// Why an event cannot be converted; Falco ends the capture there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// No rule for this type with this number of parameters.
    #[error("event type {code} with {params} parameters is in no version of the table")]
    NoRule {
        /// Event type.
        code: u16,
        /// Parameters that it carries.
        params: usize,
    },
    /// The rules lead nowhere; a defect of the rules.
    #[error("conversion of event type {0} does not end")]
    Endless(u16),
    /// The rewritten event is too long.
    #[error("event type {0} is too long after conversion")]
    TooLong(u16),
    /// The rewritten event cannot be decoded; a defect of the converter.
    #[error("converted event cannot be decoded")]
    Undecodable(#[from] DecodeError),
}

/// What the converter could not do as it should.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConvertCounters {
    /// Stored enter events given up because too many threads were within a system call.
    pub evicted: u64,
    /// Exit events whose stored enter event was of another system call: events were lost between them.
    /// Falco 0.44 ends the capture there; here the exit event counts as one without an enter event.
    pub mismatched: u64,
}

/// Converts the events of one capture section, in order.
#[derive(Debug, Default)]
pub struct Converter {
    store: Store,
    /// The rewritten event.
    output: Encoder,
    /// The JSON document of a container event.
    json: Vec<u8>,
    mismatched: u64,
}

impl Converter {
    /// A converter without stored events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets stored events: another section begins.
    pub fn clear(&mut self) {
        self.store.clear();
    }

    /// What has gone wrong so far.
    pub const fn counters(&self) -> ConvertCounters {
        ConvertCounters { evicted: self.store.evicted(), mismatched: self.mismatched }
    }

    /// Whether [`Self::convert`] would pass `event` as it is, which spares moving it around.
    #[inline]
    pub fn passes(&self, event: &Event<'_>) -> bool {
        matches!(rule::need(event.kind, event.param_count()), rule::Need::Nothing)
    }

    /// Converts `event`.
    #[inline]
    pub fn convert<'a>(&'a mut self, event: Event<'a>) -> Result<Converted<'a>, ConvertError> {
        match rule::need(event.kind, event.param_count()) {
            rule::Need::Nothing => Ok(Converted::Pass(event)),
            rule::Need::Drop => Ok(Converted::Dropped),
            rule::Need::Conversion => self.rewrite(event),
        }
    }

    fn rewrite<'a>(&'a mut self, event: Event<'a>) -> Result<Converted<'a>, ConvertError> {
        let mut draft = Draft::new(&event, self.store.find(event.tid));
        if event.kind == EventType::ContainerE {
            draft::container_json(&event, &mut self.json);
            draft.set_json(&self.json);
        }
        let end = draft.run()?;
        let (changed, used_enter) = (draft.is_changed(), draft.has_used_enter());
        self.mismatched += u64::from(draft.is_mismatched());
        if changed {
            draft.encode(&event, &mut self.output)?;
        }
        if used_enter {
            self.store.remove(event.tid);
        }
        if matches!(end, End::Store | End::StoreAndDeliver) {
            let bytes = if changed { self.output.bytes() } else { event.bytes() };
            self.store.insert(event.tid, bytes);
        }
        Ok(match end {
            End::Store | End::Drop => Converted::Dropped,
            End::Deliver | End::StoreAndDeliver if changed => {
                Converted::Changed(self.output.event(event.cpu, event.flags)?)
            }
            End::Deliver | End::StoreAndDeliver => Converted::Pass(event),
        })
    }
}

#[cfg(test)]
mod tests;
