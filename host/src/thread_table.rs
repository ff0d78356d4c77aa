//! The threads of the host, in slots that are reused, found by thread id.

use hashbrown::HashMap;

use crate::{
    cleaning::Cleaning,
    fd_table::FdTable,
    text::Text,
    thread::{Thread, ThreadId},
    thread_group::GroupId,
};

/// A reference to a thread that outlives it: once the thread is gone it leads nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ThreadRef {
    slot: u32,
    generation: u32,
}

/// What the state engine keeps of a thread beside what rules see.
#[derive(Debug)]
pub(crate) struct Tracking {
    /// Code of its last enter event; `u16::MAX` for none.
    pub(crate) last_type: u16,
    /// Fd of its last event.
    pub(crate) last_fd: i64,
    /// The stored enter event belongs to the current exit event.
    pub(crate) enter_valid: bool,
    /// The stored enter event; empty for none.
    pub(crate) enter: Vec<u8>,
    pub(crate) group: Option<GroupId>,
    /// Its children, the latest last; some may be gone.
    pub(crate) children: Vec<ThreadRef>,
    /// How many of them are not, as libsinsp counts: it wraps.
    pub(crate) children_alive: u64,
    pub(crate) children_cleaning: Cleaning,
    pub(crate) reaper_tid: i64,
    /// Time of its last event.
    pub(crate) last_access_ns: u64,
    pub(crate) fds: FdTable,
}

impl Default for Tracking {
    fn default() -> Self {
        Self {
            last_type: u16::MAX,
            last_fd: 0,
            enter_valid: false,
            enter: Vec::new(),
            group: None,
            children: Vec::new(),
            children_alive: 0,
            children_cleaning: Cleaning::default(),
            reaper_tid: -1,
            last_access_ns: 0,
            fds: FdTable::default(),
        }
    }
}

#[derive(Debug)]
struct Slot {
    generation: u32,
    used: bool,
    thread: Thread,
    tracking: Tracking,
}

/// The threads.
#[derive(Debug)]
pub(crate) struct ThreadTable {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Hashed with a secret: a capture chooses its thread ids.
    by_tid: HashMap<i64, ThreadId>,
    /// The thread found last: most events come from the thread of the one before.
    last: Option<(i64, ThreadId)>,
    empty: Text,
}

impl ThreadTable {
    /// No threads; `empty` is what freed slots hold.
    pub(crate) fn new(empty: Text) -> Self {
        Self { slots: Vec::new(), free: Vec::new(), by_tid: HashMap::new(), last: None, empty }
    }

    pub(crate) fn len(&self) -> usize {
        self.by_tid.len()
    }

    /// Every thread that can be found, in the order of slots: the same in each run.
    pub(crate) fn ids(&self) -> impl Iterator<Item = ThreadId> + '_ {
        (0..).zip(&self.slots).filter(|(_, slot)| slot.used).map(|(index, _)| ThreadId(index))
    }

    /// How many slots there are, free ones among them.
    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// What is in slot `index`, unless it is free.
    pub(crate) fn slot(&self, index: usize) -> Option<(&Thread, &Tracking)> {
        self.slots.get(index).filter(|slot| slot.used).map(|slot| (&slot.thread, &slot.tracking))
    }

    #[inline]
    pub(crate) fn find(&self, tid: i64) -> Option<ThreadId> {
        match self.last {
            Some((last, id)) if last == tid => Some(id),
            _ => self.by_tid.get(&tid).copied(),
        }
    }

    /// As [`Self::find`], and the next search for `tid` is fast.
    #[inline]
    pub(crate) fn find_cached(&mut self, tid: i64) -> Option<ThreadId> {
        let id = self.find(tid)?;
        self.last = Some((tid, id));
        Some(id)
    }

    #[inline]
    pub(crate) fn get(&self, id: ThreadId) -> Option<&Thread> {
        self.slots.get(id.0 as usize).filter(|slot| slot.used).map(|slot| &slot.thread)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, id: ThreadId) -> Option<&mut Thread> {
        self.slots.get_mut(id.0 as usize).filter(|slot| slot.used).map(|slot| &mut slot.thread)
    }

    #[inline]
    pub(crate) fn tracking(&self, id: ThreadId) -> Option<&Tracking> {
        self.slots.get(id.0 as usize).filter(|slot| slot.used).map(|slot| &slot.tracking)
    }

    #[inline]
    pub(crate) fn tracking_mut(&mut self, id: ThreadId) -> Option<&mut Tracking> {
        self.slots.get_mut(id.0 as usize).filter(|slot| slot.used).map(|slot| &mut slot.tracking)
    }

    /// What is kept of two different threads.
    pub(crate) fn tracking_pair_mut(
        &mut self,
        a: ThreadId,
        b: ThreadId,
    ) -> Option<(&mut Tracking, &mut Tracking)> {
        let [a, b] = self.slots.get_disjoint_mut([a.0 as usize, b.0 as usize]).ok()?;
        (a.used && b.used).then_some((&mut a.tracking, &mut b.tracking))
    }

    pub(crate) fn reference(&self, id: ThreadId) -> ThreadRef {
        let generation = self.slots.get(id.0 as usize).map_or(0, |slot| slot.generation);
        ThreadRef { slot: id.0, generation }
    }

    /// The thread that `reference` was made of; `None` when it is gone.
    pub(crate) fn resolve(&self, reference: ThreadRef) -> Option<ThreadId> {
        self.slots
            .get(reference.slot as usize)
            .filter(|slot| slot.used && slot.generation == reference.generation)
            .map(|_| ThreadId(reference.slot))
    }

    /// Puts `thread` into a slot; it cannot be found before [`Self::list`].
    pub(crate) fn allocate(&mut self, thread: Thread) -> ThreadId {
        if let Some(index) = self.free.pop()
            && let Some(slot) = self.slots.get_mut(index as usize)
        {
            slot.used = true;
            slot.thread = thread;
            return ThreadId(index);
        }
        let id = ThreadId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(Slot { generation: 0, used: true, thread, tracking: Tracking::default() });
        id
    }

    /// `tid` finds `id` from now on; what it found before, which must be freed.
    pub(crate) fn list(&mut self, tid: i64, id: ThreadId) -> Option<ThreadId> {
        self.last = None;
        self.by_tid.insert(tid, id)
    }

    /// `tid` finds nothing from now on; what it found before, which must be freed.
    pub(crate) fn unlist(&mut self, tid: i64) -> Option<ThreadId> {
        self.last = None;
        self.by_tid.remove(&tid)
    }

    /// Frees the slot `id`, whose fds and group have been released; buffers stay for the next.
    pub(crate) fn free(&mut self, id: ThreadId) {
        let blank = Thread::new(-1, &self.empty);
        let Some(slot) = self.slots.get_mut(id.0 as usize).filter(|slot| slot.used) else { return };
        slot.used = false;
        slot.generation = slot.generation.wrapping_add(1);
        slot.thread = blank;
        let tracking = std::mem::take(&mut slot.tracking);
        slot.tracking.enter = cleared(tracking.enter);
        slot.tracking.children = cleared(tracking.children);
        slot.tracking.fds = tracking.fds;
        self.free.push(id.0);
    }

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
        self.by_tid.clear();
        self.last = None;
    }
}

fn cleared<T>(mut buffer: Vec<T>) -> Vec<T> {
    buffer.clear();
    buffer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The multiplier of the hash that the other tables here use, and its inverse modulo 2^64.
    const MULTIPLIER: u64 = 0xf135_7aea_2e62_a9c5;

    fn inverse(odd: u64) -> u64 {
        (0..6).fold(odd, |it, _| it.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(it))))
    }

    #[test]
    fn ids_that_collide_in_a_public_hash_are_found_in_time() {
        let unmultiply = inverse(MULTIPLIER);
        assert_eq!(unmultiply.wrapping_mul(MULTIPLIER), 1);
        let empty = Text::new(b"");
        let mut table = ThreadTable::new(empty.clone());
        // With a public hash this takes minutes: bucket and tag of all are the same.
        for number in 0..50_000u64 {
            let tid = number.wrapping_mul(unmultiply).cast_signed();
            let id = table.allocate(Thread::new(tid, &empty));
            table.list(tid, id);
            assert_eq!(table.find(tid), Some(id));
        }
        assert_eq!((table.len(), table.ids().count()), (50_000, 50_000));
    }
}
