//! close and `close_range`.

use event::Event;

use super::succeeded;
use crate::{flags::open, host::Host};

/// `CLOSE_RANGE_CLOEXEC` in portable numbering.
const CLOEXEC: u32 = 1 << 2;

pub(super) fn close(host: &mut Host, event: &Event<'_>) {
    if !succeeded(event) || host.event_fd.is_none() {
        return;
    }
    // The event still shows the fd, so it goes before the next one.
    if let (Some(thread), Some(number)) = (host.event_thread(), host.event_fd_number()) {
        host.closed = Some((thread.tid, number));
    }
}

pub(super) fn close_range(host: &mut Host, event: &Event<'_>) {
    let owner = host.event_thread.filter(|_| succeeded(event)).and_then(|id| host.fd_owner(id));
    let Some(tracking) = owner.and_then(|owner| host.threads.tracking_mut(owner)) else { return };
    let (Some(first), Some(last)) = (event.u32(1), event.u32(2)) else { return };
    let range = i64::from(first)..=i64::from(last);
    if event.u32(3).unwrap_or(0) & CLOEXEC == 0 {
        tracking.fds.retain(&mut host.fds, |_, number, _| !range.contains(&number));
        return;
    }
    let marked: Vec<_> = tracking.fds.iter().filter(|(number, _)| range.contains(number)).collect();
    for (number, id) in marked {
        if host.fds.is_shared(id) {
            let copy = host.fds.duplicate(id);
            tracking.fds.insert(number, copy, &mut host.fds);
        }
        let id = tracking.fds.get(number).unwrap_or(id);
        if let Some(fd) = host.fds.get_mut(id) {
            fd.open_flags |= open::CLOEXEC;
        }
    }
}
