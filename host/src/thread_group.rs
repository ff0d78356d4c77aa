//! Thread groups: the processes of the thread table.

use std::collections::VecDeque;

use hashbrown::HashMap;

use crate::{cleaning::Cleaning, thread_table::ThreadRef};

/// Dead entries in a group's list from which it is cleaned.
const CLEAN_AT: u64 = 11;

/// Slot of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupId(u32);

/// A group of threads with one process id.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Live threads as counted; like libsinsp's it may be off after lost exits, and it wraps.
    pub(crate) alive: u64,
    /// Its threads, the main one first if it is known; some may be gone.
    pub(crate) threads: VecDeque<ThreadRef>,
    /// It adopts orphans.
    pub(crate) reaper: bool,
    cleaning: Cleaning,
    /// Threads that refer to it.
    holders: u32,
    /// It can be found by its pid.
    listed: bool,
}

impl Group {
    /// Adds a thread; a main thread goes first.
    pub(crate) fn add(&mut self, thread: ThreadRef, main: bool) {
        if main {
            self.threads.push_front(thread);
        } else {
            self.threads.push_back(thread);
        }
        self.alive = self.alive.wrapping_add(1);
    }

    /// One thread less is alive; whether the list should be cleaned of threads that are gone.
    #[must_use]
    pub(crate) fn decrement(&mut self) -> bool {
        self.alive = self.alive.wrapping_sub(1);
        self.cleaning.is_due(self.threads.len(), self.alive, CLEAN_AT)
    }
}

/// The groups, in slots that are reused.
#[derive(Debug, Default)]
pub(crate) struct GroupTable {
    slots: Vec<Group>,
    free: Vec<u32>,
    /// Hashed with a secret: a capture chooses its process ids.
    by_pid: HashMap<i64, GroupId>,
}

impl GroupTable {
    pub(crate) fn get(&self, id: GroupId) -> Option<&Group> {
        self.slots.get(id.0 as usize)
    }

    pub(crate) fn get_mut(&mut self, id: GroupId) -> Option<&mut Group> {
        self.slots.get_mut(id.0 as usize)
    }

    pub(crate) fn find(&self, pid: i64) -> Option<GroupId> {
        self.by_pid.get(&pid).copied()
    }

    /// A new, empty group that is found by `pid`.
    pub(crate) fn insert(&mut self, pid: i64, reaper: bool) -> GroupId {
        let id = GroupId(self.free.pop().unwrap_or_else(|| {
            self.slots.push(Group::default());
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        }));
        if let Some(group) = self.get_mut(id) {
            group.alive = 0;
            group.threads.clear();
            group.reaper = reaper;
            group.cleaning = Cleaning::default();
            group.holders = 0;
            group.listed = true;
        }
        if let Some(before) = self.by_pid.insert(pid, id) {
            self.unlist(before);
        }
        id
    }

    /// `pid` no longer finds a group; its threads keep it.
    pub(crate) fn forget(&mut self, pid: i64) {
        if let Some(id) = self.by_pid.remove(&pid) {
            self.unlist(id);
        }
    }

    /// A thread refers to `id`.
    pub(crate) fn hold(&mut self, id: GroupId) {
        if let Some(group) = self.get_mut(id) {
            group.holders += 1;
        }
    }

    /// A thread that referred to `id` is gone.
    pub(crate) fn release(&mut self, id: GroupId) {
        if let Some(group) = self.get_mut(id) {
            group.holders = group.holders.saturating_sub(1);
        }
        self.free_unused(id);
    }

    fn unlist(&mut self, id: GroupId) {
        if let Some(group) = self.get_mut(id) {
            group.listed = false;
        }
        self.free_unused(id);
    }

    fn free_unused(&mut self, id: GroupId) {
        if self.get(id).is_some_and(|group| group.holders == 0 && !group.listed) {
            self.free.push(id.0);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
        self.by_pid.clear();
    }
}
