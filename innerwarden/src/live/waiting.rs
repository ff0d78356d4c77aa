//! Events that wait for what a runtime says of their container.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use event::EventType;
use falco_compat::held::Held;
use host::{ContainerId, Host};

/// Bytes of events that may wait; beyond, events are judged at once.
const MAX_BYTES: usize = 16 << 20;

/// Containers that may be waited for at one time.
const MAX_PENDING: usize = 1024;

/// The events that wait, oldest first, and the containers that were asked for.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// How long an event may wait; zero: none does.
    patience: Duration,
    /// Whether a rule asks for metadata, by type of event.
    asks: Vec<bool>,
    pending: Vec<Pending>,
    held: VecDeque<Held>,
    bytes: usize,
    counts: WaitingCounts,
}

/// A container that was asked for.
#[derive(Debug)]
struct Pending {
    id: ContainerId,
    short_id: String,
    deadline: Instant,
}

/// What waiting has brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct WaitingCounts {
    /// Events that waited.
    pub(crate) held: u64,
    /// Events that found no room and were judged at once.
    pub(crate) refused: u64,
    /// Containers that nobody told of in time.
    pub(crate) timed_out: u64,
    /// Alerts that would have been missed without waiting.
    pub(crate) gained: u64,
    /// Alerts that would have been wrong without waiting.
    pub(crate) averted: u64,
}

impl Waiting {
    /// From now on, events of types of `asking` wait for at most `patience`.
    pub(super) fn configure(
        &mut self,
        patience: Duration,
        asking: impl IntoIterator<Item = EventType>,
    ) {
        self.patience = patience;
        self.asks.clear();
        self.asks.resize(EventType::all().len(), false);
        for kind in asking {
            if let Some(asks) = self.asks.get_mut(usize::from(kind.code())) {
                *asks = true;
            }
        }
    }

    /// A container was asked for.
    pub(super) fn asked(&mut self, id: ContainerId, short_id: &str) {
        if !self.patience.is_zero() && self.pending.len() < MAX_PENDING {
            let deadline = Instant::now() + self.patience;
            self.pending.push(Pending { id, short_id: short_id.to_owned(), deadline });
        }
    }

    /// Whether the event that `host` has just seen, of type `kind`, should wait.
    #[inline]
    pub(super) fn concerns(&self, kind: EventType, host: &Host) -> bool {
        !self.pending.is_empty() && self.is_pending(kind, host)
    }

    #[cold]
    fn is_pending(&self, kind: EventType, host: &Host) -> bool {
        let asks = self.asks.get(usize::from(kind.code())) == Some(&true);
        let thread = host.current().thread.filter(|_| asks).and_then(|id| host.thread(id));
        thread.is_some_and(|thread| self.pending.iter().any(|it| it.id == thread.container))
    }

    /// Whether another event may wait. That it may not is counted.
    pub(super) fn has_room(&mut self) -> bool {
        let has_room = self.bytes < MAX_BYTES;
        self.counts.refused += u64::from(!has_room);
        has_room
    }

    /// Lets an event wait.
    pub(super) fn push(&mut self, held: Held) {
        self.counts.held += 1;
        self.bytes += held.size();
        self.held.push_back(held);
    }

    /// The container of this id was told of, or nobody knows it: what waited for it.
    pub(super) fn told(&mut self, short_id: &str) -> Vec<Held> {
        let Some(index) = self.pending.iter().position(|it| it.short_id == short_id) else {
            return Vec::new();
        };
        let pending = self.pending.remove(index);
        self.take(pending.id)
    }

    /// What has waited long enough.
    pub(super) fn expired(&mut self, now: Instant) -> Vec<Held> {
        let mut expired = Vec::new();
        while let Some(pending) = self.pending.first().filter(|it| it.deadline <= now) {
            let id = pending.id;
            self.pending.remove(0);
            self.counts.timed_out += 1;
            expired.extend(self.take(id));
        }
        expired
    }

    /// All that waits; nothing is waited for any longer.
    pub(super) fn all(&mut self) -> Vec<Held> {
        self.pending.clear();
        self.bytes = 0;
        self.held.drain(..).collect()
    }

    /// What waiting has brought, to be counted on.
    pub(super) fn counts(&mut self) -> &mut WaitingCounts {
        &mut self.counts
    }

    fn take(&mut self, id: ContainerId) -> Vec<Held> {
        let of_it = |held: &Held| held.container() == id;
        let (taken, left): (VecDeque<_>, VecDeque<_>) = self.held.drain(..).partition(of_it);
        self.held = left;
        self.bytes = self.held.iter().map(Held::size).sum();
        taken.into()
    }
}
