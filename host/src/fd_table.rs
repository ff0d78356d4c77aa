//! The open fds of one process: number to slot.
//!
//! Falco lists the fds of a process in the order of its hash table, which shows in `fd.types`. The
//! chain of entries is therefore kept as libstdc++'s `unordered_map` (GCC 12) keeps its own; look-ups
//! do not use it.

mod chain;
#[cfg(test)]
mod tests;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use self::chain::Chain;
use crate::{fd::FdId, fd_store::FdStore};

/// Numbers below this are found by index, the others by hash.
const DENSE: i64 = 1024;

/// No fd has this number.
const NONE: u32 = u32::MAX;

/// Fd numbers of a process. Dropping it does not release the slots: see [`FdTable::clear`].
#[derive(Debug, Default)]
pub(crate) struct FdTable {
    /// Entry of the chain by number.
    dense: Vec<u32>,
    /// Entry of the chain by number.
    sparse: HashMap<i64, u32, FxBuildHasher>,
    chain: Chain,
}

impl FdTable {
    /// How many fds are open.
    pub(crate) fn len(&self) -> usize {
        self.chain.len()
    }

    #[inline]
    pub(crate) fn get(&self, number: i64) -> Option<FdId> {
        self.chain.fd(self.entry(number)?)
    }

    #[inline]
    fn entry(&self, number: i64) -> Option<u32> {
        let entry = match dense_index(number) {
            Some(index) => self.dense.get(index),
            None if self.sparse.is_empty() => None,
            None => self.sparse.get(&number),
        };
        entry.copied().filter(|&entry| entry != NONE)
    }

    /// Sets `number` to `id`, releasing what it was before.
    pub(crate) fn insert(&mut self, number: i64, id: FdId, store: &mut FdStore) {
        if let Some(entry) = self.entry(number) {
            if let Some(before) = self.chain.replace(entry, id) {
                store.release(before);
            }
            return;
        }
        let entry = self.chain.insert(number, id);
        if let Some(index) = dense_index(number) {
            if self.dense.len() <= index {
                self.dense.resize(index + 1, NONE);
            }
            if let Some(slot) = self.dense.get_mut(index) {
                *slot = entry;
            }
        } else {
            self.sparse.insert(number, entry);
        }
    }

    /// Removes `number`; whether it was there.
    pub(crate) fn remove(&mut self, number: i64, store: &mut FdStore) -> bool {
        let entry = match dense_index(number) {
            Some(index) => self.dense.get_mut(index).map(|slot| std::mem::replace(slot, NONE)),
            None => self.sparse.remove(&number),
        };
        let Some(entry) = entry.filter(|&entry| entry != NONE) else { return false };
        if let Some(id) = self.chain.remove(entry) {
            store.release(id);
        }
        true
    }

    /// Every fd, in the order of Falco's table.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, FdId)> + '_ {
        self.chain.iter()
    }

    /// Keeps the fds that `keep` says.
    pub(crate) fn retain(
        &mut self,
        store: &mut FdStore,
        mut keep: impl FnMut(&FdStore, i64, FdId) -> bool,
    ) {
        let mut next = self.chain.first();
        while let Some(entry) = next {
            next = self.chain.after(entry);
            if let Some((number, id)) = self.chain.get(entry)
                && !keep(store, number, id)
            {
                self.remove(number, store);
            }
        }
    }

    /// Becomes a copy of `other` that shares its slots, as long as all tables together have at most
    /// `max_all` fds; how many were left out. Falco adds them one by one.
    #[must_use]
    pub(crate) fn copy_from(&mut self, other: &Self, store: &mut FdStore, max_all: usize) -> usize {
        self.clear(store);
        let room = max_all.saturating_sub(store.references());
        for (number, id) in other.iter().take(room) {
            store.share(id);
            self.insert(number, id, store);
        }
        other.len().saturating_sub(room)
    }

    /// Releases every fd, keeping the buffers.
    pub(crate) fn clear(&mut self, store: &mut FdStore) {
        for (_, id) in self.chain.iter() {
            store.release(id);
        }
        self.dense.clear();
        self.sparse.clear();
        self.chain.clear();
    }
}

fn dense_index(number: i64) -> Option<usize> {
    if (0..DENSE).contains(&number) { usize::try_from(number).ok() } else { None }
}
