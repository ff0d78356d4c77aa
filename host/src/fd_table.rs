//! The open fds of one process: number to slot.

#[cfg(test)]
mod tests;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::{fd::FdId, fd_store::FdStore};

/// Numbers below this are found by index, the others by hash.
const DENSE: i64 = 1024;

/// No fd has this number.
const NONE: u32 = u32::MAX;

/// Fd numbers of a process. Dropping it does not release the slots: see [`FdTable::clear`].
#[derive(Debug, Default)]
pub(crate) struct FdTable {
    dense: Vec<u32>,
    sparse: HashMap<i64, u32, FxBuildHasher>,
    len: usize,
}

impl FdTable {
    /// How many fds are open.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(crate) fn get(&self, number: i64) -> Option<FdId> {
        let slot = match dense_index(number) {
            Some(index) => self.dense.get(index),
            None if self.sparse.is_empty() => None,
            None => self.sparse.get(&number),
        };
        slot.filter(|&&slot| slot != NONE).map(|&slot| FdId(slot))
    }

    /// Sets `number` to `id`, releasing what it was before.
    pub(crate) fn insert(&mut self, number: i64, id: FdId, store: &mut FdStore) {
        let before = if let Some(index) = dense_index(number) {
            if self.dense.len() <= index {
                self.dense.resize(index + 1, NONE);
            }
            self.dense.get_mut(index).map(|slot| std::mem::replace(slot, id.0))
        } else {
            self.sparse.insert(number, id.0)
        };
        match before.filter(|&slot| slot != NONE) {
            Some(slot) => store.release(FdId(slot)),
            None => self.len += 1,
        }
    }

    /// Removes `number`; whether it was there.
    pub(crate) fn remove(&mut self, number: i64, store: &mut FdStore) -> bool {
        let before = match dense_index(number) {
            Some(index) => self.dense.get_mut(index).map(|slot| std::mem::replace(slot, NONE)),
            None => self.sparse.remove(&number),
        };
        let Some(slot) = before.filter(|&slot| slot != NONE) else { return false };
        store.release(FdId(slot));
        self.len -= 1;
        true
    }

    /// Every fd, small numbers first and ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, FdId)> + '_ {
        let dense = (0i64..).zip(&self.dense).filter(|&(_, &slot)| slot != NONE);
        dense
            .map(|(number, &slot)| (number, FdId(slot)))
            .chain(self.sparse.iter().map(|(&number, &slot)| (number, FdId(slot))))
    }

    /// Keeps the fds that `keep` says.
    pub(crate) fn retain(
        &mut self,
        store: &mut FdStore,
        mut keep: impl FnMut(&FdStore, i64, FdId) -> bool,
    ) {
        for (number, slot) in (0i64..).zip(&mut self.dense) {
            if *slot != NONE && !keep(store, number, FdId(*slot)) {
                store.release(FdId(*slot));
                *slot = NONE;
                self.len -= 1;
            }
        }
        let len = &mut self.len;
        self.sparse.retain(|&number, slot| {
            let kept = keep(store, number, FdId(*slot));
            if !kept {
                store.release(FdId(*slot));
                *len -= 1;
            }
            kept
        });
    }

    /// Becomes a copy of `other` that shares its slots.
    pub(crate) fn copy_from(&mut self, other: &Self, store: &mut FdStore) {
        self.clear(store);
        for (_, id) in other.iter() {
            store.share(id);
        }
        self.dense.extend_from_slice(&other.dense);
        self.sparse.clone_from(&other.sparse);
        self.len = other.len;
    }

    /// Releases every fd, keeping the buffers.
    pub(crate) fn clear(&mut self, store: &mut FdStore) {
        for (_, id) in self.iter() {
            store.release(id);
        }
        self.dense.clear();
        self.sparse.clear();
        self.len = 0;
    }
}

fn dense_index(number: i64) -> Option<usize> {
    if (0..DENSE).contains(&number) { usize::try_from(number).ok() } else { None }
}
