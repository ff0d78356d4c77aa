//! Users, groups, capabilities, sessions and sub-reapers.

use event::{Event, EventType};

use super::{result, succeeded};
use crate::{flags::thread as flags, host::Host};

/// Every capability up to `CAP_CHECKPOINT_RESTORE`.
const ALL_CAPABILITIES: u64 = (1 << 41) - 1;

/// Options of prctl in portable numbering.
const SET_CHILD_SUBREAPER: u64 = 36;
const GET_CHILD_SUBREAPER: u64 = 37;

/// The options that count.
pub(crate) const OPTIONS: [u64; 2] = [SET_CHILD_SUBREAPER, GET_CHILD_SUBREAPER];

/// setuid, setreuid, setresuid.
pub(super) fn set_user(host: &mut Host, event: &Event<'_>) {
    let index = if event.kind == EventType::SetuidX { 1 } else { 2 };
    let (Some(0), Some(uid)) = (result(event), event.u32(index)) else { return };
    let Some(thread) = host.event_thread_mut() else { return };
    thread.uid = uid;
    if let Some(id) = host.event_thread {
        host.note_user(id);
    }
}

/// setgid, setregid, setresgid.
pub(super) fn set_group(host: &mut Host, event: &Event<'_>) {
    let index = if event.kind == EventType::SetgidX { 1 } else { 2 };
    let (Some(0), Some(gid)) = (result(event), event.u32(index)) else { return };
    let Some(thread) = host.event_thread_mut() else { return };
    thread.gid = gid;
    if let Some(id) = host.event_thread {
        host.note_group(id);
    }
}

/// The calling thread alone gets the new session.
pub(super) fn setsid(host: &mut Host, event: &Event<'_>) {
    let Some(session) = result(event).filter(|&session| session >= 0) else { return };
    if let Some(thread) = host.event_thread_mut() {
        thread.sid = session;
    }
}

pub(super) fn capset(host: &mut Host, event: &Event<'_>) {
    let Some(thread) = host.event_thread_mut().filter(|_| succeeded(event)) else { return };
    thread.cap_inheritable = event.uint(1).unwrap_or(0);
    thread.cap_permitted = event.uint(2).unwrap_or(0);
    thread.cap_effective = event.uint(3).unwrap_or(0);
}

pub(super) fn unshare(host: &mut Host, event: &Event<'_>) {
    enter_namespaces(host, event, 1);
}

pub(super) fn setns(host: &mut Host, event: &Event<'_>) {
    enter_namespaces(host, event, 2);
}

/// In a new user namespace a thread has every capability.
fn enter_namespaces(host: &mut Host, event: &Event<'_>, flags_param: usize) {
    let namespaces = event.u32(flags_param).unwrap_or(0);
    if !succeeded(event) || namespaces & flags::CLONE_NEWUSER == 0 {
        return;
    }
    if let Some(thread) = host.event_thread_mut() {
        thread.cap_inheritable = ALL_CAPABILITIES;
        thread.cap_permitted = ALL_CAPABILITIES;
        thread.cap_effective = ALL_CAPABILITIES;
    }
}

/// Only the sub-reaper options count; a new name (`PR_SET_NAME`) is ignored, as in libsinsp.
pub(super) fn prctl(host: &mut Host, event: &Event<'_>) {
    let option = event.u32(1).unwrap_or(0);
    if !succeeded(event) || !OPTIONS.contains(&option.into()) {
        return;
    }
    let caller = host.event_thread.or_else(|| host.threads.find(event.tid));
    let Some(caller) =
        caller.filter(|&id| host.threads.get(id).is_some_and(|thread| !thread.is_placeholder()))
    else {
        return;
    };
    let group = host.threads.tracking(caller).and_then(|tracking| tracking.group);
    if let Some(group) = group.and_then(|group| host.groups.get_mut(group)) {
        group.reaper = event.int(3).unwrap_or(0) != 0;
    }
}
