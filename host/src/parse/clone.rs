//! clone, clone3, fork, vfork: seen by the caller, by the child, or by both in either order.

#[cfg(test)]
mod tests;

use event::{Event, EventType};

use super::{result, text};
use crate::{
    container::ContainerId,
    flags::thread as flags,
    host::Host,
    process_text::set_memory,
    text::Text,
    thread::{Thread, ThreadId},
};

/// Age from which a thread with the child's id is one whose exit was missed, ns.
const STALE_NS: u64 = 2_000_000_000;

/// Parameters of the event.
mod param {
    pub(super) const EXE: usize = 1;
    pub(super) const ARGS: usize = 2;
    pub(super) const PID: usize = 4;
    pub(super) const PTID: usize = 5;
    pub(super) const FDLIMIT: usize = 7;
    pub(super) const PF_MAJOR: usize = 8;
    pub(super) const COMM: usize = 13;
    pub(super) const CGROUPS: usize = 14;
    pub(super) const FLAGS: usize = 15;
    pub(super) const UID: usize = 16;
    pub(super) const GID: usize = 17;
    pub(super) const VTID: usize = 18;
    pub(super) const VPID: usize = 19;
    pub(super) const PIDNS_START: usize = 20;
}

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    match result(event) {
        Some(0) => child(host, event),
        // In another pid namespace this is no host id, which the checks in `caller` find out.
        Some(child_tid @ 1..) => caller(host, event, child_tid),
        _ => {}
    }
}

fn caller(host: &mut Host, event: &Event<'_>, child_tid: i64) {
    let id = host.thread_or_placeholder(event.tid);
    host.event_thread = id;
    let Some(id) = id else { return };
    let known = host.threads.get(id).is_some_and(|thread| !thread.is_placeholder());
    if !known {
        introduce_caller(host, event, id);
    }
    let clone_flags = event.u32(param::FLAGS).unwrap_or(0);
    let elsewhere = flags::CHILD_IN_PIDNS | flags::CLONE_NEWPID | flags::CLONE_PARENT;
    let contained = host.threads.get(id).is_none_or(|caller| event.tid != caller.vtid);
    // The child of a vfork has its own event before this one.
    let vfork = clone_flags & flags::CLONE_VFORK != 0 || event.kind == EventType::VforkV20X;
    if clone_flags & elsewhere != 0
        || contained
        || vfork
        || host.recent_exits.contains(child_tid, event.tid, event.time_ns)
    {
        return;
    }
    let existing = host.threads.find(child_tid).and_then(|existing| host.threads.get(existing));
    let collision = match existing {
        Some(existing) if existing.flags & flags::CLONE_INVERTED != 0 => return,
        existing => existing.is_some(),
    };
    if collision {
        host.remove_thread(child_tid);
    }
    let Some(caller) = host.threads.get(id).cloned() else { return };
    let mut child = Thread::new(child_tid, &host.empty);
    child.flags = clone_flags;
    let leader = clone_flags & flags::CLONE_THREAD == 0;
    if leader {
        child.pid = child_tid;
        child.ptid = caller.tid;
    } else {
        child.pid = caller.pid;
        child.ptid = caller.ptid;
        child.flags |= flags::CLONE_FILES;
        child.last_exec_time_ns = caller.last_exec_time_ns;
    }
    child.vtid = child.tid;
    child.vpid = child.pid;
    host.describe_child(event, &mut child, &caller);
    child.pidns_init_start_time_ns = host.config.boot_time_ns;
    if known {
        child.inherit(&caller);
    } else {
        host.describe_by_child(id, &child);
    }
    host.add_child_thread(child, (known && leader).then_some(id));
    if collision {
        host.event_thread = host.threads.find_cached(event.tid);
    }
}

/// Gives a caller that nothing is known of the ids in its event.
fn introduce_caller(host: &mut Host, event: &Event<'_>, id: ThreadId) {
    if let Some(caller) = host.threads.get_mut(id) {
        caller.pid = event.int(param::PID).unwrap_or(-1);
        caller.ptid = event.int(param::PTID).unwrap_or(-1);
        (caller.vtid, caller.vpid) = virtual_ids(event);
    }
    host.create_dependencies(id);
}

fn virtual_ids(event: &Event<'_>) -> (i64, i64) {
    match event.int(param::VPID) {
        Some(vpid) => (event.int(param::VTID).unwrap_or(event.tid), vpid),
        None => (event.tid, -1),
    }
}

fn child(host: &mut Host, event: &Event<'_>) {
    let cloned_ns = host.event_thread().map_or(0, |thread| thread.clone_time_ns);
    if cloned_ns != 0 {
        if event.time_ns.wrapping_sub(cloned_ns) < STALE_NS {
            return;
        }
        host.remove_thread(event.tid);
    }
    let mut child = Thread::new(event.tid, &host.empty);
    child.pid = event.int(param::PID).unwrap_or(-1);
    child.ptid = event.int(param::PTID).unwrap_or(-1);
    (child.vtid, child.vpid) = virtual_ids(event);
    child.flags = event.u32(param::FLAGS).unwrap_or(0) | flags::CLONE_INVERTED;
    let leader = child.flags & flags::CLONE_THREAD == 0;
    if !leader {
        child.flags |= flags::CLONE_FILES;
    }
    let source = host.thread_or_placeholder(if leader { child.ptid } else { child.pid });
    host.event_thread = None;
    let Some(source) = source else { return };
    let known = host.threads.get(source).is_some_and(|thread| !thread.is_placeholder());
    if !known && !leader {
        introduce_leader(host, source, &child);
    }
    let Some(from) = host.threads.get(source).cloned() else { return };
    host.describe_child(event, &mut child, &from);
    if known {
        child.inherit(&from);
        if !leader {
            child.last_exec_time_ns = from.last_exec_time_ns;
        }
    } else if !leader {
        host.describe_by_child(source, &child);
    }
    let inside = flags::CHILD_IN_PIDNS | flags::CLONE_NEWPID;
    if child.flags & inside != 0 || child.tid != child.vtid {
        if let Some(start) = event.uint(param::PIDNS_START) {
            child.pidns_init_start_time_ns = start.wrapping_add(host.config.boot_time_ns);
        }
    } else {
        child.pidns_init_start_time_ns = host.config.boot_time_ns;
    }
    host.event_thread = host.add_child_thread(child, (known && leader).then_some(source));
}

/// Gives a main thread that nothing is known of the ids of its new thread.
fn introduce_leader(host: &mut Host, id: ThreadId, child: &Thread) {
    if let Some(leader) = host.threads.get_mut(id) {
        leader.pid = child.pid;
        leader.ptid = child.ptid;
        leader.vpid = child.vpid;
        leader.vtid = child.vpid;
    }
    host.create_dependencies(id);
}

impl Host {
    /// Sets what a clone event itself says of the child; `likely` probably has the same texts.
    fn describe_child(&mut self, event: &Event<'_>, child: &mut Thread, likely: &Thread) {
        child.exe = self.texts.intern_like(text(event, param::EXE), &likely.exe);
        child.comm = if event.param(param::COMM).is_empty() {
            child.exe.clone()
        } else {
            self.texts.intern_like(text(event, param::COMM), &likely.comm)
        };
        let args = (&likely.args, &likely.cmdline);
        self.texts.set_args(child, event.param(param::ARGS), args);
        child.fdlimit = event.int(param::FDLIMIT).unwrap_or(child.fdlimit);
        set_memory(child, event, param::PF_MAJOR);
        child.uid = event.u32(param::UID).unwrap_or(u32::MAX);
        child.gid = event.u32(param::GID).unwrap_or(u32::MAX);
        self.users.note_user(ContainerId::HOST, child.uid, child.gid);
        self.users.note_group(ContainerId::HOST, child.gid);
        if !event.param(param::CGROUPS).is_empty() {
            self.texts.set_cgroups(child, event.param(param::CGROUPS), &likely.cgroups);
        }
        child.clone_time_ns = event.time_ns;
    }

    /// Gives thread `id`, of which nothing is known, the texts of its child.
    fn describe_by_child(&mut self, id: ThreadId, child: &Thread) {
        let comm = child.comm.clone();
        if let Some(thread) = self.threads.get_mut(id) {
            thread.exe = child.exe.clone();
            thread.comm = comm;
            thread.args = child.args.clone();
            thread.arg_count = child.arg_count;
            thread.cmdline = child.cmdline.clone();
        }
    }

    /// Adds `child`, which gets fds, directory and environment from `process` if it is a process.
    fn add_child_thread(
        &mut self,
        mut child: Thread,
        process: Option<ThreadId>,
    ) -> Option<ThreadId> {
        if let Some(process) = process {
            child.cwd = self.cwd_text(process);
            if let Some(from) = self.threads.get(process) {
                child.env = from.env.clone();
                child.env_count = from.env_count;
            }
        }
        let id = self.allocate_thread(child)?;
        let owner = process.and_then(|process| self.fd_owner(process));
        if let Some((child, owner)) =
            owner.and_then(|owner| self.threads.tracking_pair_mut(id, owner))
        {
            let max_all = self.config.max_all_fds;
            let dropped = child.fds.copy_from(&owner.fds, &mut self.fds, max_all);
            self.counters.fds_dropped += dropped as u64;
        }
        self.create_dependencies(id);
        self.list_thread(id);
        Some(id)
    }

    /// As [`Host::cwd`], shared.
    fn cwd_text(&mut self, id: ThreadId) -> Text {
        let main = self.main_thread(id).and_then(|main| self.threads.get(main));
        match main {
            Some(main) => main.cwd.clone(),
            None => self.texts.intern(b"./"),
        }
    }
}
