//! Events written by hand: a list in YAML becomes the bytes that a probe would have recorded.
//!
//! For tests of rules and for captures that tell a story. Parameters go by name; those that are not given
//! are recorded as not available.

mod address;
mod param;
mod thread;

use event::{
    EventType,
    encode::{EncodeError, Encoder},
};

pub(crate) use thread::ScriptedThread;

use crate::document::{Entry, EntryError};

/// Keys of an event.
const KEYS: [&str; 8] = ["type", "dir", "tid", "cpu", "time_ns", "after_ms", "args", "repeat"];

/// When the first event happens, unless it says so itself: 2026-01-01T00:00:00Z.
const START_NS: u64 = 1_767_225_600_000_000_000;

/// Times that one event may be repeated.
const MAX_REPEAT: u32 = 100_000;

/// What a script holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    /// Threads that are there before the first event.
    pub(crate) threads: Vec<ScriptedThread>,
    /// Events in order.
    pub(crate) events: Vec<ScriptedEvent>,
}

/// One event, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScriptedEvent {
    /// CPU that recorded it.
    pub(crate) cpu: u16,
    /// Header, lengths and parameters.
    pub(crate) bytes: Vec<u8>,
}

impl Script {
    /// Reads `threads` and `events` of `entry`.
    pub(crate) fn read(entry: &Entry<'_>) -> Result<Self, EntryError> {
        let mut script = Self::default();
        if let Some(threads) = entry.optional("threads") {
            script.threads =
                threads.list()?.iter().map(ScriptedThread::read).collect::<Result<_, _>>()?;
        }
        let mut clock_ns = START_NS;
        if let Some(events) = entry.optional("events") {
            for event in events.list()? {
                script.add(&event, &mut clock_ns)?;
            }
        }
        Ok(script)
    }

    /// Adds an event and moves the clock to it.
    fn add(&mut self, entry: &Entry<'_>, clock_ns: &mut u64) -> Result<(), EntryError> {
        entry.only(&KEYS)?;
        let kind = kind(entry)?;
        let tid = number(entry, "tid")?.unwrap_or(if is_meta(kind) { -1 } else { 1 });
        let cpu = number(entry, "cpu")?.unwrap_or(0);
        let values = param::read_all(entry, kind)?;
        let params: Vec<_> = values.iter().map(param::Value::param).collect();
        let mut encoder = Encoder::new();
        let repeat = number(entry, "repeat")?.unwrap_or(1);
        if repeat > MAX_REPEAT {
            return Err(entry.error(format!("`repeat` is at most {MAX_REPEAT}")));
        }
        for _ in 0..repeat {
            *clock_ns = if let Some(time_ns) = number(entry, "time_ns")? {
                time_ns
            } else {
                let after_ms = number::<u64>(entry, "after_ms")?.unwrap_or(1);
                clock_ns.saturating_add(after_ms.saturating_mul(1_000_000))
            };
            let bytes = match encoder.encode(kind, *clock_ns, tid, &params) {
                Ok(event) => event.bytes().to_vec(),
                Err(error) => return Err(refused(entry, kind, &error)),
            };
            self.events.push(ScriptedEvent { cpu, bytes });
        }
        Ok(())
    }
}

/// Says which parameter the encoder refused.
fn refused(entry: &Entry<'_>, kind: EventType, error: &EncodeError) -> EntryError {
    let EncodeError::WrongValue { index, .. } = *error else {
        return entry.error(error.to_string());
    };
    let Some(param) = kind.info().params.get(index) else { return entry.error(error.to_string()) };
    let value = entry.optional("args").and_then(|args| args.optional(param.name));
    value.unwrap_or_else(|| entry.clone()).expected(&format!("a value of type {:?}", param.kind))
}

fn number<T: std::str::FromStr>(entry: &Entry<'_>, key: &str) -> Result<Option<T>, EntryError> {
    entry.optional(key).map(|it| it.number()).transpose()
}

/// The newest layout of `type`; `dir` chooses `>` or `<`, which is needed where both are recorded.
fn kind(entry: &Entry<'_>) -> Result<EventType, EntryError> {
    let named = entry.required("type")?;
    let name = named.text()?;
    let is_enter = entry.optional("dir").map(|it| match it.text()? {
        ">" => Ok(true),
        "<" => Ok(false),
        _ => Err(it.expected("`>` or `<`")),
    });
    let is_enter = is_enter.transpose()?;
    let fits = |kind: &&EventType| {
        let info = kind.info();
        let is_current =
            !info.flags.intersects(event::EventFlags::OLD_VERSION.union(event::EventFlags::UNUSED));
        info.name == name && is_current && is_enter.is_none_or(|wanted| wanted == kind.is_enter())
    };
    let fitting = EventType::all().iter().filter(fits);
    // Exit events come second in each pair and are what rules look at.
    fitting.max_by_key(|kind| (!kind.is_enter(), kind.code())).copied().ok_or_else(|| {
        named.error(format!("unknown event type `{name}`; `innerwarden rules events` lists them"))
    })
}

fn is_meta(kind: EventType) -> bool {
    kind.info().category.intersects(event::Category::METAEVENT)
}

#[cfg(test)]
mod tests;
