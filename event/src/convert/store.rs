//! Enter events that wait for the exit event of their thread.

use std::mem;

use rustc_hash::FxHashMap;

use crate::view::Event;

/// The last enter event of each thread, bounded in number and bytes.
///
/// Threads die without an exit event, so entries go stale. Two generations keep the table bounded: when the
/// young one is full, the old one is given up and the young one takes its place. What is given up is older than
/// everything kept.
#[derive(Debug, Default)]
pub(super) struct Store {
    young: Generation,
    old: Generation,
    /// Buffers to use again.
    spare: Vec<Vec<u8>>,
    evicted: u64,
}

#[derive(Debug, Default)]
struct Generation {
    events: FxHashMap<i64, Vec<u8>>,
    bytes: usize,
}

/// Most events of a generation.
const MAX_EVENTS: usize = 65_536;
/// Most bytes of a generation.
const MAX_BYTES: usize = 16 << 20;
/// Buffers kept for use again, and how large they may be.
const MAX_SPARE: usize = 1_024;
const MAX_SPARE_BYTES: usize = 4_096;

impl Store {
    /// Stored events given up.
    pub(super) const fn evicted(&self) -> u64 {
        self.evicted
    }

    /// The event of `tid`.
    pub(super) fn find(&self, tid: i64) -> Option<Event<'_>> {
        let bytes = self.young.events.get(&tid).or_else(|| self.old.events.get(&tid))?;
        // What is stored has been decoded before.
        Event::decode(bytes, 0, 0).ok()
    }

    /// Keeps `event` for `tid` in place of an earlier one.
    pub(super) fn insert(&mut self, tid: i64, event: &[u8]) {
        self.remove(tid);
        if self.young.events.len() >= MAX_EVENTS || self.young.bytes + event.len() > MAX_BYTES {
            self.evicted += self.old.events.len() as u64;
            self.old = mem::take(&mut self.young);
        }
        let mut buffer = self.spare.pop().unwrap_or_default();
        buffer.clear();
        buffer.extend_from_slice(event);
        self.young.bytes += event.len();
        self.young.events.insert(tid, buffer);
    }

    /// Forgets the event of `tid`.
    pub(super) fn remove(&mut self, tid: i64) {
        for generation in [&mut self.young, &mut self.old] {
            if let Some(buffer) = generation.events.remove(&tid) {
                generation.bytes -= buffer.len();
                if self.spare.len() < MAX_SPARE && buffer.capacity() <= MAX_SPARE_BYTES {
                    self.spare.push(buffer);
                }
            }
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.young = Generation::default();
        self.old = Generation::default();
    }
}
