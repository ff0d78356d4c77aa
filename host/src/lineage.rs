//! Who belongs to whom: groups, parents, children, and what becomes of them when a thread goes.

mod ancestors;
#[cfg(test)]
mod tests;

use crate::{
    flags::thread as flags,
    host::Host,
    thread::{Thread, ThreadId},
    thread_group::GroupId,
    thread_table::ThreadRef,
};

/// Gone children from which a list of children is cleaned.
const CLEAN_CHILDREN_AT: u64 = 10;

impl Host {
    /// The thread `tid`, which on a live machine is looked for, or a placeholder for it; `None` when the table is
    /// full.
    pub(crate) fn thread_or_placeholder(&mut self, tid: i64) -> Option<ThreadId> {
        if let Some(id) = self.threads.find_cached(tid) {
            return Some(id);
        }
        if self.live.is_some()
            && let Some(id) = self.look_up_thread(tid)
        {
            return Some(id);
        }
        let mut thread = Thread::new(tid, &self.empty);
        thread.comm = self.not_available.clone();
        thread.exe = self.not_available.clone();
        let id = self.add_thread(thread)?;
        self.counters.placeholders += 1;
        Some(id)
    }

    /// Adds `thread` with its group and parent; `None` when the table is full.
    pub(crate) fn add_thread(&mut self, thread: Thread) -> Option<ThreadId> {
        let id = self.allocate_thread(thread)?;
        self.create_dependencies(id);
        self.list_thread(id);
        Some(id)
    }

    /// Puts `thread` into a slot without telling anyone; `None` when the table is full.
    pub(crate) fn allocate_thread(&mut self, thread: Thread) -> Option<ThreadId> {
        if self.threads.len() >= self.config.max_threads {
            self.counters.threads_dropped += 1;
            return None;
        }
        Some(self.threads.allocate(thread))
    }

    /// Lets `id` be found by its thread id, replacing another thread of the same id.
    pub(crate) fn list_thread(&mut self, id: ThreadId) {
        let Some(tid) = self.threads.get(id).map(|thread| thread.tid) else { return };
        if let Some(replaced) = self.threads.list(tid, id)
            && replaced != id
        {
            self.free_thread(replaced);
        }
    }

    /// Joins `id` to the group of its pid and to its parent, unless it is a placeholder or has a group.
    pub(crate) fn create_dependencies(&mut self, id: ThreadId) {
        let Some(thread) = self.threads.get(id) else { return };
        if thread.is_placeholder() || self.group(id).is_some() {
            return;
        }
        let (pid, parent, main) = (thread.pid, thread.ptid, thread.is_main());
        let reaper = pid == 1 || thread.vpid == 1;
        let reference = self.threads.reference(id);
        let group = match self.groups.find(pid) {
            Some(group) => group,
            None => self.groups.insert(pid, reaper),
        };
        if let Some(group) = self.groups.get_mut(group) {
            group.add(reference, main);
            if is_due(group.threads.len()) {
                group.threads.retain(|&thread| self.threads.resolve(thread).is_some());
            }
        }
        self.groups.hold(group);
        if let Some(tracking) = self.threads.tracking_mut(id) {
            tracking.group = Some(group);
        }
        if pid == 1 {
            return;
        }
        let parent = self.threads.find(parent);
        match parent.filter(|&p| self.threads.get(p).is_some_and(|t| !t.is_placeholder())) {
            Some(parent) => self.add_child(parent, id),
            None => self.set_parent(id, 0),
        }
    }

    fn add_child(&mut self, parent: ThreadId, child: ThreadId) {
        let reference = self.threads.reference(child);
        let Some(tid) = self.threads.get(parent).map(|parent| parent.tid) else { return };
        if let Some(tracking) = self.threads.tracking_mut(parent) {
            tracking.children.push(reference);
            tracking.children_alive = tracking.children_alive.wrapping_add(1);
            if is_due(tracking.children.len()) {
                self.clean_children(parent);
            }
        }
        self.set_parent(child, tid);
    }

    fn set_parent(&mut self, id: ThreadId, ptid: i64) {
        if let Some(thread) = self.threads.get_mut(id) {
            thread.ptid = ptid;
        }
    }

    /// Marks `id` as exited and counts its group down.
    pub(crate) fn mark_dead(&mut self, id: ThreadId) {
        if let Some(group) = self.group(id)
            && self.threads.get(id).is_some_and(|thread| !thread.is_dead())
        {
            self.decrement_group(group);
        }
        if let Some(thread) = self.threads.get_mut(id) {
            thread.flags |= flags::CLOSED;
        }
    }

    /// Takes back that `id` has exited.
    pub(crate) fn resurrect(&mut self, id: ThreadId) {
        let Some(thread) = self.threads.get_mut(id).filter(|thread| thread.is_dead()) else {
            return;
        };
        thread.flags &= !flags::CLOSED;
        if let Some(group) = self.group(id).and_then(|group| self.groups.get_mut(group)) {
            group.alive = group.alive.wrapping_add(1);
        }
    }

    fn decrement_group(&mut self, id: GroupId) {
        let threads = &self.threads;
        if let Some(group) = self.groups.get_mut(id)
            && group.decrement()
        {
            group.threads.retain(|&thread| threads.resolve(thread).is_some());
        }
    }

    /// Removes thread `tid`: its children get a reaper, and its main thread goes with the last of a group.
    pub(crate) fn remove_thread(&mut self, tid: i64) {
        let Some(id) = self.threads.find(tid) else { return };
        let Some(thread) = self.threads.get(id) else { return };
        let (pid, main) = (thread.pid, thread.is_main());
        let group = self.group(id).filter(|_| !thread.is_placeholder());
        let Some(group) = group else {
            self.forget_child_of(thread.ptid);
            self.erase_thread(tid);
            return;
        };
        if !thread.is_dead() {
            self.mark_dead(id);
        }
        self.reparent_children(id);
        let parent = self.threads.get(id).map_or(0, |thread| thread.ptid);
        if self.groups.get(group).is_some_and(|group| group.alive == 0) {
            self.forget_child_of(parent);
            self.groups.forget(pid);
            self.erase_thread(pid);
        }
        if !main {
            self.forget_child_of(parent);
            self.erase_thread(tid);
        }
        self.counters.threads_removed += 1;
    }

    fn reparent_children(&mut self, id: ThreadId) {
        let Some(tracking) = self.threads.tracking(id) else { return };
        if tracking.children.is_empty() {
            return;
        }
        let reaper_tid = tracking.reaper_tid;
        let told = if reaper_tid > 0 { self.thread_or_placeholder(reaper_tid) } else { None };
        let told = told.filter(|&t| self.threads.get(t).is_some_and(|t| !t.is_placeholder()));
        let reaper = told.or_else(|| self.find_reaper(id)).filter(|&reaper| reaper != id);
        if let Some(reaper) = reaper {
            let same_process = self.threads.get(reaper).map(|thread| thread.pid)
                == self.threads.get(id).map(|thread| thread.pid);
            if !same_process
                && let Some(group) = self.group(reaper).and_then(|g| self.groups.get_mut(g))
            {
                group.reaper = true;
            }
        }
        let Some(tracking) = self.threads.tracking_mut(id) else { return };
        tracking.children_alive = 0;
        let mut children = std::mem::take(&mut tracking.children);
        for &child in children.iter().rev() {
            let Some(child) = self.threads.resolve(child) else { continue };
            match reaper {
                Some(reaper) => self.add_child(reaper, child),
                None => self.set_parent(child, 0),
            }
        }
        children.clear();
        if let Some(tracking) = self.threads.tracking_mut(id) {
            tracking.children = children;
        }
    }

    /// Who adopts the children of `id`: a live thread of its group, or of the nearest ancestor's group
    /// that adopts, as long as the ancestors are in a pid namespace or not, like `id`.
    fn find_reaper(&self, id: ThreadId) -> Option<ThreadId> {
        let thread = self.threads.get(id)?;
        if let Some(reaper) = self.live_member(id, Some(id)) {
            return Some(reaper);
        }
        let inside = thread.is_in_pid_namespace();
        let mut seen = 0;
        let mut ancestor = self.threads.find(thread.ptid);
        let mut tortoise = ancestor;
        while let Some(current) = ancestor {
            let parent = self.threads.get(current)?;
            if parent.is_in_pid_namespace() != inside || current == id {
                return None;
            }
            let adopts =
                self.group(current).and_then(|g| self.groups.get(g)).is_some_and(|g| g.reaper);
            if adopts && let Some(reaper) = self.live_member(current, None) {
                return Some(reaper);
            }
            ancestor = self.threads.find(parent.ptid);
            seen += 1;
            if seen % 2 == 0 {
                tortoise = tortoise.and_then(|slow| self.parent(slow));
            }
            if ancestor.is_some() && ancestor == tortoise {
                return None;
            }
        }
        None
    }

    /// A live thread of `id`'s group other than `but`.
    fn live_member(&self, id: ThreadId, but: Option<ThreadId>) -> Option<ThreadId> {
        let group = self.groups.get(self.group(id)?)?;
        if group.alive == 0 {
            return None;
        }
        group
            .threads
            .iter()
            .filter_map(|&thread| self.threads.resolve(thread))
            .find(|&t| Some(t) != but && self.threads.get(t).is_some_and(|t| !t.is_dead()))
    }

    /// Thread `ptid` has one child less.
    fn forget_child_of(&mut self, ptid: i64) {
        let Some(parent) = self.threads.find(ptid) else { return };
        let Some(tracking) = self.threads.tracking_mut(parent) else { return };
        tracking.children_alive = tracking.children_alive.wrapping_sub(1);
        let (len, alive) = (tracking.children.len(), tracking.children_alive);
        if tracking.children_cleaning.is_due(len, alive, CLEAN_CHILDREN_AT) {
            self.clean_children(parent);
        }
    }

    fn clean_children(&mut self, parent: ThreadId) {
        let Some(tracking) = self.threads.tracking_mut(parent) else { return };
        let mut children = std::mem::take(&mut tracking.children);
        children.retain(|&child: &ThreadRef| self.threads.resolve(child).is_some());
        if let Some(tracking) = self.threads.tracking_mut(parent) {
            tracking.children = children;
        }
    }

    fn erase_thread(&mut self, tid: i64) {
        if let Some(id) = self.threads.unlist(tid) {
            self.free_thread(id);
        }
    }

    pub(crate) fn free_thread(&mut self, id: ThreadId) {
        if let Some(tracking) = self.threads.tracking_mut(id) {
            tracking.fds.clear(&mut self.fds);
            if let Some(group) = tracking.group.take() {
                self.groups.release(group);
            }
        }
        self.threads.free(id);
        if self.event_thread == Some(id) {
            self.event_thread = None;
        }
    }
}

/// Whether a list of this length should be cleaned although the counts, which lost or senseless events
/// may have made wrong, do not say so: then it cannot grow without bound.
fn is_due(len: usize) -> bool {
    len >= 1 << 12 && len.is_power_of_two()
}
