//! Entries in the order of a hash table of libstdc++ (GCC 12) with numbers as keys.
//!
//! All entries are one list; those of a bucket stand together. A new entry goes to the front of its
//! bucket, or of the whole list if the bucket is empty. When there are more entries than buckets, the
//! list is dealt out again, front to back, to more buckets.

use crate::fd::FdId;

/// No entry.
const NONE: u32 = u32::MAX;
/// The place before the first entry.
const BEGIN: u32 = u32::MAX - 1;

/// Numbers of buckets: what `_Prime_rehash_policy` goes through when entries come one by one. The last
/// holds more fds than a process may have here.
const BUCKETS: [u32; 10] = [13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10_273];

/// The list of entries.
#[derive(Debug)]
pub(super) struct Chain {
    entries: Vec<Entry>,
    /// Unused entries.
    free: Vec<u32>,
    /// First entry.
    head: u32,
    /// By bucket: the entry before its first one.
    buckets: Vec<u32>,
    len: usize,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    number: i64,
    fd: FdId,
    next: u32,
}

impl Default for Chain {
    fn default() -> Self {
        Self { entries: Vec::new(), free: Vec::new(), head: NONE, buckets: Vec::new(), len: 0 }
    }
}

impl Chain {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn fd(&self, entry: u32) -> Option<FdId> {
        self.entries.get(entry as usize).map(|it| it.fd)
    }

    pub(super) fn get(&self, entry: u32) -> Option<(i64, FdId)> {
        self.entries.get(entry as usize).map(|it| (it.number, it.fd))
    }

    pub(super) fn first(&self) -> Option<u32> {
        (self.head != NONE).then_some(self.head)
    }

    pub(super) fn after(&self, entry: u32) -> Option<u32> {
        Some(self.next(entry)).filter(|&next| next != NONE)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, FdId)> + '_ {
        let entries = std::iter::successors(self.first(), |&entry| self.after(entry));
        entries.filter_map(|entry| self.get(entry))
    }

    /// Gives an entry another fd and returns the one before.
    pub(super) fn replace(&mut self, entry: u32, fd: FdId) -> Option<FdId> {
        self.entries.get_mut(entry as usize).map(|it| std::mem::replace(&mut it.fd, fd))
    }

    /// Adds a number that is not there yet.
    pub(super) fn insert(&mut self, number: i64, fd: FdId) -> u32 {
        if self.len >= self.buckets.len() {
            self.deal_out();
        }
        let new = Entry { number, fd, next: NONE };
        let entry = if let Some(entry) = self.free.pop() {
            if let Some(slot) = self.entries.get_mut(entry as usize) {
                *slot = new;
            }
            entry
        } else {
            self.entries.push(new);
            // A process has at most some thousand fds.
            u32::try_from(self.entries.len() - 1).unwrap_or(NONE)
        };
        self.link(entry);
        self.len += 1;
        entry
    }

    /// Takes an entry out and returns its fd.
    pub(super) fn remove(&mut self, entry: u32) -> Option<FdId> {
        let bucket = self.bucket(entry)?;
        let mut before = *self.buckets.get(bucket)?;
        let first = self.next(before) == entry;
        while self.next(before) != entry {
            before = self.next(before);
            if before == NONE {
                return None;
            }
        }
        let next = self.next(entry);
        let next_bucket = self.bucket(next);
        if next_bucket != Some(bucket) {
            if let Some(slot) = next_bucket.and_then(|it| self.buckets.get_mut(it)) {
                *slot = before;
            }
            if first && let Some(slot) = self.buckets.get_mut(bucket) {
                *slot = NONE;
            }
        }
        self.set_next(before, next);
        self.free.push(entry);
        self.len -= 1;
        self.fd(entry)
    }

    /// Forgets everything, number of buckets included.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.free.clear();
        self.buckets.clear();
        self.head = NONE;
        self.len = 0;
    }

    /// Puts an entry at the front of its bucket.
    fn link(&mut self, entry: u32) {
        let Some(bucket) = self.bucket(entry) else { return };
        match self.buckets.get(bucket) {
            Some(&before) if before != NONE => {
                let next = self.next(before);
                self.set_next(entry, next);
                self.set_next(before, entry);
            }
            _ => {
                let next = self.head;
                self.set_next(entry, next);
                self.head = entry;
                if let Some(slot) = self.bucket(next).and_then(|it| self.buckets.get_mut(it)) {
                    *slot = entry;
                }
                if let Some(slot) = self.buckets.get_mut(bucket) {
                    *slot = BEGIN;
                }
            }
        }
    }

    /// Links all entries again, with more buckets.
    fn deal_out(&mut self) {
        let count = BUCKETS.iter().map(|&it| it as usize).find(|&it| it > self.len);
        let count = count.unwrap_or(self.buckets.len() * 2 + 1);
        self.buckets.clear();
        self.buckets.resize(count, NONE);
        let mut entry = std::mem::replace(&mut self.head, NONE);
        while entry != NONE {
            let next = self.next(entry);
            self.link(entry);
            entry = next;
        }
    }

    fn next(&self, entry: u32) -> u32 {
        if entry == BEGIN {
            return self.head;
        }
        self.entries.get(entry as usize).map_or(NONE, |it| it.next)
    }

    fn set_next(&mut self, entry: u32, next: u32) {
        if entry == BEGIN {
            self.head = next;
        } else if let Some(it) = self.entries.get_mut(entry as usize) {
            it.next = next;
        }
    }

    /// The bucket of an entry; `None` for no entry.
    fn bucket(&self, entry: u32) -> Option<usize> {
        let number = self.entries.get(entry as usize)?.number;
        // A remainder is below the number of buckets, which fits.
        usize::try_from(number.cast_unsigned().checked_rem(self.buckets.len() as u64)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Inserts numbers, removes some, and says in which order the rest stands.
    #[track_caller]
    fn check(insert: impl IntoIterator<Item = i64>, remove: &[i64], expected: &[i64]) {
        let mut chain = Chain::default();
        let entries: Vec<_> =
            insert.into_iter().map(|it| (it, chain.insert(it, FdId(0)))).collect();
        for (number, entry) in entries {
            if remove.contains(&number) {
                assert!(chain.remove(entry).is_some());
            }
        }
        let order: Vec<_> = chain.iter().map(|(number, _)| number).collect();
        assert_eq!(order, expected);
        assert_eq!(chain.len(), expected.len());
    }

    // Orders as a program with std::unordered_map<int64_t, int> printed them (GCC 12).

    #[test]
    fn the_last_added_comes_first() {
        check([0, 1, 2, 255], &[], &[255, 2, 1, 0]);
    }

    #[test]
    fn numbers_of_a_bucket_stand_together() {
        check([3, 4, 16, 5], &[], &[5, 4, 16, 3]);
    }

    #[test]
    fn a_removed_number_leaves_a_gap_at_its_place() {
        check([3, 4, 16, 5], &[4, 3], &[5, 16]);
        check([3, 4, 16, 5], &[16], &[5, 4, 3]);
    }

    #[test]
    fn growth_turns_the_order_round() {
        check(0..14, &[], &[13, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn a_long_history_ends_in_the_same_order() {
        let mut chain = Chain::default();
        let mut entries = std::collections::BTreeMap::new();
        let mut seed = 1u32;
        for _ in 0..3000 {
            seed = seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            let number = i64::from((seed >> 16) % 200);
            if (seed >> 8).is_multiple_of(3) {
                if let Some(entry) = entries.remove(&number) {
                    chain.remove(entry);
                }
            } else {
                entries.entry(number).or_insert_with(|| chain.insert(number, FdId(0)));
            }
        }
        let hash = chain.iter().fold(0u64, |hash, (number, _)| {
            hash.wrapping_mul(31).wrapping_add(number.cast_unsigned())
        });
        assert_eq!((chain.len(), hash), (136, 14_240_349_968_130_980_588));
    }
}
