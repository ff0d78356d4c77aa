//! execve and execveat that succeeded.

#[cfg(test)]
mod tests;

use event::{Event, EventType};

use super::{succeeded, text};
use crate::{
    flags::{exec, thread as flags},
    host::Host,
    path,
    process_text::set_memory,
    thread::{Thread, ThreadId},
};

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
    pub(super) const ENV: usize = 15;
    pub(super) const TTY: usize = 16;
    pub(super) const VPGID: usize = 17;
    pub(super) const LOGINUID: usize = 18;
    pub(super) const FLAGS: usize = 19;
    pub(super) const CAP_INHERITABLE: usize = 20;
    pub(super) const CAP_PERMITTED: usize = 21;
    pub(super) const CAP_EFFECTIVE: usize = 22;
    pub(super) const INO: usize = 23;
    pub(super) const INO_CTIME: usize = 24;
    pub(super) const INO_MTIME: usize = 25;
    pub(super) const UID: usize = 26;
    pub(super) const EXEPATH: usize = 27;
    pub(super) const PGID: usize = 28;
    pub(super) const GID: usize = 29;
}

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    let Some(id) = host.event_thread.filter(|_| succeeded(event)) else { return };
    host.resurrect(id);
    if let Some(thread) = host.threads.get_mut(id) {
        thread.exe = host.texts.intern_like(text(event, param::EXE), &thread.exe);
        thread.last_exec_time_ns = event.time_ns;
        thread.comm = if event.param(param::COMM).is_empty() {
            thread.exe.clone()
        } else {
            host.texts.intern_like(text(event, param::COMM), &thread.comm)
        };
        let likely = (&thread.args.clone(), &thread.cmdline.clone());
        host.texts.set_args(thread, event.param(param::ARGS), likely);
        thread.pid = event.int(param::PID).unwrap_or(thread.pid);
    }
    introduce(host, event, id);
    if let Some(thread) = host.threads.get_mut(id) {
        thread.fdlimit = event.int(param::FDLIMIT).unwrap_or(thread.fdlimit);
        set_memory(thread, event, param::PF_MAJOR);
        if !event.param(param::ENV).is_empty() {
            host.texts.set_env(thread, event.param(param::ENV));
        }
        if !event.param(param::CGROUPS).is_empty() {
            let likely = thread.cgroups.clone();
            host.texts.set_cgroups(thread, event.param(param::CGROUPS), &likely);
        }
    }
    set_exepath(host, event, id);
    if let Some(thread) = host.threads.get_mut(id) {
        set_ids(thread, event);
        set_executable(thread, event);
    }
    host.note_user(id);
    host.note_group(id);
    close_on_exec(host, id);
    if let Some(thread) = host.threads.get_mut(id) {
        let kept =
            flags::PIPE_SRC | flags::PIPE_DST | flags::IS_MAIN_THREAD | flags::CLONE_INVERTED;
        thread.flags = (thread.flags & kept) | flags::ACTIVE | flags::NAME_CHANGED;
    }
    end_other_threads(host, id);
}

/// Gives a thread that nothing is known of its ids, group and parent.
fn introduce(host: &mut Host, event: &Event<'_>, id: ThreadId) {
    let Some(thread) = host.threads.get_mut(id).filter(|thread| thread.is_placeholder()) else {
        return;
    };
    thread.ptid = event.int(param::PTID).unwrap_or(thread.ptid);
    if thread.flags & flags::CHILD_IN_PIDNS == 0 {
        thread.vtid = thread.tid;
        thread.vpid = thread.pid;
    }
    let tid = thread.tid;
    if let Some(listed) = host.threads.find(tid) {
        host.create_dependencies(listed);
    }
}

fn set_ids(thread: &mut Thread, event: &Event<'_>) {
    thread.tty = event.u32(param::TTY).unwrap_or(thread.tty);
    thread.vpgid = event.int(param::VPGID).unwrap_or(thread.vpgid);
    thread.loginuid = event.u32(param::LOGINUID).unwrap_or(thread.loginuid);
    if let Some(effective) = event.uint(param::CAP_EFFECTIVE) {
        thread.cap_inheritable = event.uint(param::CAP_INHERITABLE).unwrap_or(0);
        thread.cap_permitted = event.uint(param::CAP_PERMITTED).unwrap_or(0);
        thread.cap_effective = effective;
    }
    thread.uid = event.u32(param::UID).unwrap_or(thread.uid);
    thread.pgid = event.int(param::PGID).unwrap_or(-1);
    thread.gid = event.u32(param::GID).unwrap_or(thread.gid);
}

fn set_executable(thread: &mut Thread, event: &Event<'_>) {
    if let Some(bits) = event.u32(param::FLAGS) {
        thread.exe_writable = bits & exec::WRITABLE != 0;
        thread.exe_upper_layer = bits & exec::UPPER_LAYER != 0;
        thread.exe_from_memfd = bits & exec::FROM_MEMFD != 0;
        thread.exe_lower_layer = bits & exec::LOWER_LAYER != 0;
    }
    let Some(mtime_ns) = event.uint(param::INO_MTIME) else { return };
    thread.exe_ino = event.uint(param::INO).unwrap_or(0);
    thread.exe_ino_ctime_ns = event.uint(param::INO_CTIME).unwrap_or(0);
    thread.exe_ino_mtime_ns = mtime_ns;
    let ctime_ns = thread.exe_ino_ctime_ns;
    if thread.clone_time_ns != 0 {
        thread.ctime_duration_clone_ns = thread.clone_time_ns.wrapping_sub(ctime_ns);
    }
    let started_ns = thread.pidns_init_start_time_ns;
    if started_ns != 0 && ctime_ns > started_ns {
        thread.ctime_duration_pidns_start_ns = ctime_ns - started_ns;
    }
}

/// Takes the path of the executable from the event, or in old captures from the enter event.
fn set_exepath(host: &mut Host, event: &Event<'_>, id: ThreadId) {
    if !event.param(param::EXEPATH).is_empty() {
        if let Some(thread) = host.threads.get_mut(id) {
            host.texts.set_exepath(thread, text(event, param::EXEPATH));
        }
        return;
    }
    let stored = host.take_enter(event);
    if let Some(enter) = stored.as_deref().and_then(|bytes| Event::decode(bytes, 0, 0).ok()) {
        let mut full = std::mem::take(&mut host.scratch.path);
        let mut base = std::mem::take(&mut host.scratch.text);
        if enter.kind == EventType::ExecveatE {
            execveat_path(host, &enter, id, &mut base, &mut full);
        } else {
            let name = text(&enter, 0);
            host.copy_cwd(id, &mut base);
            path_unless_unknown(&base, name, name == b"<NA>", &mut full);
        }
        if let Some(thread) = host.threads.get_mut(id) {
            host.texts.set_exepath(thread, &full);
        }
        host.scratch.text = base;
        host.scratch.path = full;
    }
    host.return_enter(stored);
}

fn execveat_path(
    host: &mut Host,
    enter: &Event<'_>,
    id: ThreadId,
    base: &mut Vec<u8>,
    full: &mut Vec<u8>,
) {
    let name = text(enter, 1);
    let number = enter.int(0).unwrap_or(-1);
    let empty_path = enter.u32(2).unwrap_or(0) & exec::AT_EMPTY_PATH != 0;
    host.dirfd_into(id, number, name, base);
    if *base != b"." && *base != b"<UNKNOWN>" {
        host.event_fd = host.find_fd(id, number);
    }
    let unknown = (!empty_path && name == b"<NA>") || *base == b"<UNKNOWN>";
    if empty_path {
        path_unless_unknown(b"", base, unknown, full);
    } else {
        path_unless_unknown(base, name, unknown, full);
    }
}

fn path_unless_unknown(base: &[u8], name: &[u8], unknown: bool, out: &mut Vec<u8>) {
    if unknown {
        out.clear();
        out.extend_from_slice(b"<NA>");
    } else {
        path::concatenate(base, name, out);
    }
}

fn close_on_exec(host: &mut Host, id: ThreadId) {
    let Some(owner) = host.fd_owner(id) else { return };
    if let Some(tracking) = host.threads.tracking_mut(owner) {
        tracking.fds.retain(&mut host.fds, |store, _, fd| {
            store.get(fd).is_some_and(|fd| !fd.is_close_on_exec())
        });
    }
}

/// Removes the other threads of the process but its main one.
fn end_other_threads(host: &mut Host, id: ThreadId) {
    if host.live_threads(id) <= 1 {
        return;
    }
    let Some(group) = host.threads.tracking(id).and_then(|tracking| tracking.group) else { return };
    let members = host.groups.get(group).map(|group| group.threads.clone()).unwrap_or_default();
    for member in members {
        let Some(other) = host.threads.resolve(member).filter(|&other| other != id) else {
            continue;
        };
        let Some(thread) = host.threads.get(other).filter(|thread| !thread.is_main()) else {
            continue;
        };
        let tid = thread.tid;
        host.remove_thread(tid);
    }
}
