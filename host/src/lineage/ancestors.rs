//! Main threads, ancestors and groups, to be read.

use crate::{
    host::Host,
    thread::{Thread, ThreadId},
    thread_group::GroupId,
};

/// Steps after which a chain of parents that never repeats is given up.
const MAX_ANCESTORS: usize = 1 << 16;

impl Host {
    /// The main thread of `id`'s group; `None` when it is not known.
    pub fn main_thread(&self, id: ThreadId) -> Option<ThreadId> {
        let thread = self.threads.get(id)?;
        if thread.is_main() {
            return Some(id);
        }
        let group = self.groups.get(self.threads.tracking(id)?.group?)?;
        let first = self.threads.resolve(*group.threads.front()?)?;
        self.threads.get(first)?.is_main().then_some(first)
    }

    /// Ancestor `level` of `id`: 0 is its main thread, 1 the main thread of its parent, and so on.
    pub fn ancestor(&self, id: ThreadId, level: u32) -> Option<ThreadId> {
        let mut main = self.main_thread(id)?;
        for _ in 0..level.min(u32::try_from(MAX_ANCESTORS).unwrap_or(u32::MAX)) {
            let parent = self.threads.find(self.threads.get(main)?.ptid)?;
            main = self.main_thread(parent)?;
        }
        Some(main)
    }

    /// Every ancestor of the thread `id` itself (mostly asked of its main thread), from the parent
    /// upwards, ending at a loop or an unknown parent.
    pub fn ancestors(&self, id: ThreadId) -> impl Iterator<Item = ThreadId> + '_ {
        let slow = self.threads.get(id).and_then(|thread| self.threads.find(thread.ptid));
        Ancestors { host: self, slow, fast: slow.and_then(|slow| self.parent(slow)) }
    }

    /// The oldest ancestor in an unbroken row from the parent upwards for which `get` gives the same as
    /// for `id`; or at once the thread with that very id, unless it is numbered in a pid namespace
    /// (`namespaced`) and `id` is in one. `None` also when the value is −1.
    pub fn oldest_with(
        &self,
        id: ThreadId,
        get: fn(&Thread) -> i64,
        namespaced: bool,
    ) -> Option<ThreadId> {
        let thread = self.threads.get(id)?;
        let value = get(thread);
        if value == -1 {
            return None;
        }
        if (!namespaced || !thread.is_in_pid_namespace())
            && let Some(leader) = self.threads.find(value)
        {
            return Some(leader);
        }
        self.ancestors(id)
            .take_while(|&ancestor| self.threads.get(ancestor).is_some_and(|t| get(t) == value))
            .last()
    }

    /// The live threads of `id`'s group, the leader included (`proc.nthreads`).
    pub fn live_threads(&self, id: ThreadId) -> u64 {
        self.group(id).and_then(|group| self.groups.get(group)).map_or(0, |group| group.alive)
    }

    /// The live threads of `id`'s group, the leader excluded (`proc.nchilds`).
    pub fn other_live_threads(&self, id: ThreadId) -> u64 {
        let Some(group) = self.group(id).and_then(|group| self.groups.get(group)) else { return 0 };
        let main = self.main_thread(id).and_then(|main| self.threads.get(main));
        if main.is_some_and(|main| !main.is_dead()) {
            group.alive.wrapping_sub(1)
        } else {
            group.alive
        }
    }

    pub(super) fn group(&self, id: ThreadId) -> Option<GroupId> {
        self.threads.tracking(id)?.group
    }

    pub(super) fn parent(&self, id: ThreadId) -> Option<ThreadId> {
        self.threads.find(self.threads.get(id)?.ptid)
    }
}

/// Parents upwards; a second, faster walk ahead finds loops.
struct Ancestors<'a> {
    host: &'a Host,
    slow: Option<ThreadId>,
    fast: Option<ThreadId>,
}

impl Iterator for Ancestors<'_> {
    type Item = ThreadId;

    fn next(&mut self) -> Option<ThreadId> {
        let current = self.slow?;
        let thread = self.host.threads.get(current)?;
        if thread.tid == -1 {
            return None;
        }
        self.slow = self.host.parent(current);
        for _ in 0..2 {
            self.fast = self.fast.and_then(|fast| self.host.parent(fast));
            let Some(slow) = self.slow else { continue };
            let own_parent =
                self.host.threads.get(slow).is_some_and(|thread| thread.tid == thread.ptid);
            if self.fast == Some(slow) || own_parent {
                self.slow = None;
                break;
            }
        }
        Some(current)
    }
}
