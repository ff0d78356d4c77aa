//! A recording of what happens live, from which a replay learns what the live host knew.
//!
//! What a runtime says of a container comes some time after its first events, and live events wait for it. A replay
//! does not wait: here the event that describes a container goes in front of the one in which it was first seen, and
//! what follows is kept back until it is there.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use event::{Event, capture::Record};

use crate::{exit::Failure, log, recording::Recording};

/// Bytes of events that may be kept back; beyond, they are written without what they were kept for.
const MAX_KEPT_BYTES: usize = 16 << 20;

/// A capture in the making. After its limit or a failure it takes nothing more.
#[derive(Debug)]
pub(crate) struct Tape {
    /// `None` once it is complete, or cannot be.
    output: Option<Recording>,
    failure: Option<Failure>,
    limit_bytes: u64,
    patience: Duration,
    kept: VecDeque<Kept>,
    kept_bytes: usize,
    events: u64,
}

/// What is written later, oldest first; the first is a [`Kept::Place`], or there is none.
#[derive(Debug)]
enum Kept {
    Event {
        bytes: Box<[u8]>,
        cpu: u16,
        flags: u32,
    },
    /// For the description of a container.
    Place {
        short_id: String,
        time_ns: u64,
        deadline: Instant,
    },
}

impl Tape {
    /// Records to `output` until it has about `limit_bytes`; descriptions of containers may take `patience`.
    pub(crate) fn new(output: Recording, limit_bytes: u64, patience: Duration) -> Self {
        Self {
            output: Some(output),
            failure: None,
            limit_bytes,
            patience,
            kept: VecDeque::new(),
            kept_bytes: 0,
            events: 0,
        }
    }

    /// What was there before the first event.
    pub(crate) fn record(&mut self, record: &Record<'_>) {
        let Some(output) = &mut self.output else { return };
        if let Err(failure) = output.write(record) {
            self.output = None;
            self.failure = Some(failure);
        } else if let Record::Event(_) = record
            && output.bytes() >= self.limit_bytes
        {
            let limit = self.limit_bytes;
            log::warning(format_args!("the recording ends at its limit of {limit} bytes"));
            self.close();
        }
    }

    /// Something happened.
    #[inline]
    pub(crate) fn event(&mut self, event: &Event<'_>) {
        if self.kept.is_empty() {
            self.events += 1;
            self.record(&Record::Event(*event));
        } else {
            self.keep(event);
        }
    }

    /// A container was asked for: its description belongs here, at `time_ns`.
    pub(crate) fn asked(&mut self, short_id: &str, time_ns: u64) {
        if self.output.is_some() && !self.patience.is_zero() {
            let deadline = Instant::now() + self.patience;
            self.kept.push_back(Kept::Place { short_id: short_id.to_owned(), time_ns, deadline });
        }
    }

    /// What became of asking for a container, or of the container; `None`: nobody knows it.
    pub(crate) fn told(&mut self, short_id: &str, event: Option<&Event<'_>>) {
        let place = self.kept.iter_mut().find_map(|it| match it {
            Kept::Place { short_id: id, time_ns, .. } if id == short_id => {
                let time_ns = *time_ns;
                Some((it, time_ns))
            }
            Kept::Place { .. } | Kept::Event { .. } => None,
        });
        match (place, event) {
            (Some((place, time_ns)), Some(event)) => *place = Kept::at(event, time_ns),
            (Some(_), None) => self.give_up(|id, _| id == short_id),
            (None, Some(event)) => self.event(event),
            (None, None) => {}
        }
        self.release();
    }

    /// Writes what has been kept back for long enough.
    pub(crate) fn expire(&mut self, now: Instant) {
        if !self.kept.is_empty() {
            self.give_up(|_, deadline| deadline <= now);
            self.release();
        }
    }

    /// Whether it takes nothing more.
    pub(crate) fn is_over(&self) -> bool {
        self.output.is_none()
    }

    /// Events that are recorded so far, or kept back.
    pub(crate) fn events(&self) -> u64 {
        self.events
    }

    /// Why there will be no recording, the first time that it is asked.
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Completes the recording.
    pub(crate) fn finish(&mut self) -> Result<(), Failure> {
        self.give_up(|_, _| true);
        self.release();
        self.close();
        self.take_failure().map_or(Ok(()), Err)
    }

    fn close(&mut self) {
        if let Some(output) = self.output.take()
            && let Err(failure) = output.finish()
        {
            self.failure = Some(failure);
        }
    }

    #[cold]
    fn keep(&mut self, event: &Event<'_>) {
        self.events += 1;
        self.kept_bytes += event.bytes().len();
        self.kept.push_back(Kept::at(event, event.time_ns));
        if self.kept_bytes > MAX_KEPT_BYTES {
            self.give_up(|_, _| true);
            self.release();
        }
    }

    /// Does no longer wait for containers that `is_over` says, by id and deadline.
    fn give_up(&mut self, is_over: impl Fn(&str, Instant) -> bool) {
        self.kept.retain(|it| match it {
            Kept::Event { .. } => true,
            Kept::Place { short_id, deadline, .. } => !is_over(short_id, *deadline),
        });
    }

    /// Writes what waits for nothing.
    fn release(&mut self) {
        while let Some(Kept::Event { .. }) = self.kept.front() {
            let Some(Kept::Event { bytes, cpu, flags }) = self.kept.pop_front() else { break };
            self.kept_bytes = self.kept_bytes.saturating_sub(bytes.len());
            // These are the bytes of an event that was decoded before.
            if let Ok(event) = Event::decode(&bytes, cpu, flags) {
                self.record(&Record::Event(event));
            }
        }
    }
}

impl Kept {
    fn at(event: &Event<'_>, time_ns: u64) -> Self {
        let mut bytes: Box<[u8]> = event.bytes().into();
        if let Some(time) = bytes.first_chunk_mut() {
            *time = time_ns.to_le_bytes();
        }
        Self::Event { bytes, cpu: event.cpu, flags: event.flags }
    }
}

#[cfg(test)]
mod tests;
