//! Limits and memory of a process.

use event::Event;

use super::{result, succeeded};
use crate::{host::Host, thread::ThreadId};

/// `RLIMIT_NOFILE` in portable numbering.
const NOFILE: u64 = 7;

/// Resources whose limits are kept.
pub(crate) const RESOURCES: [u64; 1] = [NOFILE];

/// getrlimit and setrlimit.
pub(super) fn rlimit(host: &mut Host, event: &Event<'_>) {
    if !succeeded(event) || event.uint(3) != Some(NOFILE) {
        return;
    }
    if let (Some(id), Some(limit)) = (host.event_thread, event.int(1).filter(|&limit| limit != -1))
    {
        set_fd_limit(host, id, limit);
    }
}

pub(super) fn prlimit(host: &mut Host, event: &Event<'_>) {
    if result(event) != Some(0) || event.uint(6) != Some(NOFILE) {
        return;
    }
    let (Some(limit), Some(tid)) = (event.int(1).filter(|&limit| limit != -1), event.int(5)) else {
        return;
    };
    let tid = if tid == 0 { event.tid } else { tid };
    let id = host.thread_or_placeholder(tid);
    if let Some(id) = id.filter(|&id| host.threads.get(id).is_some_and(|t| !t.is_placeholder())) {
        set_fd_limit(host, id, limit);
    }
}

fn set_fd_limit(host: &mut Host, id: ThreadId, limit: i64) {
    let main = host.main_thread(id);
    if let Some(main) = main.and_then(|main| host.threads.get_mut(main)) {
        main.fdlimit = limit;
    }
}

/// switch: page faults of the thread, memory of its process.
pub(super) fn context_switch(host: &mut Host, event: &Event<'_>) {
    let (Some(id), Some(swap)) = (host.event_thread, event.u32(5)) else { return };
    if let Some(thread) = host.threads.get_mut(id) {
        thread.pf_major = event.uint(1).unwrap_or(0);
        thread.pf_minor = event.uint(2).unwrap_or(0);
    }
    let main = host.main_thread(id);
    if let Some(main) = main.and_then(|main| host.threads.get_mut(main)) {
        main.vm_size_kb = event.u32(3).unwrap_or(0);
        main.vm_rss_kb = event.u32(4).unwrap_or(0);
        main.vm_swap_kb = swap;
    }
}

/// brk, mmap, mmap2, munmap.
pub(super) fn memory(host: &mut Host, event: &Event<'_>) {
    let Some(thread) = host.event_thread_mut() else { return };
    if let Some(size) = event.u32(1) {
        thread.vm_size_kb = size;
    }
    if let Some(swap) = event.u32(3) {
        thread.vm_rss_kb = event.u32(2).unwrap_or(0);
        thread.vm_swap_kb = swap;
    }
}
