//! Calls that open an fd which has no more to it than its kind.

use std::io::Write as _;

use event::{Event, EventType};

use super::{result, succeeded, text};
use crate::{fd::FdKind, flags::open, host::Host};

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    use EventType as E;
    let Some(number) = result(event).filter(|&number| number >= 0) else { return };
    if host.event_thread.is_none() {
        return;
    }
    let flags = |index| event.u32(index).unwrap_or(0);
    let (kind, open_flags) = match event.kind {
        E::EventfdX => (FdKind::Event, 0),
        E::Eventfd2X => (FdKind::Event, flags(1)),
        E::SignalfdX => (FdKind::SignalFd, 0),
        E::Signalfd4X => (FdKind::SignalFd, flags(1)),
        E::TimerfdCreateX => (FdKind::TimerFd, flags(2)),
        E::InotifyInitX => (FdKind::Inotify, 0),
        E::InotifyInit1X => (FdKind::Inotify, flags(1)),
        E::BpfV2X => (FdKind::Bpf, 0),
        E::UserfaultfdX => (FdKind::UserFaultFd, 0),
        E::IoUringSetupX => (FdKind::IoUring, 0),
        E::EpollCreate1X if flags(1) & open::OWN_CLOEXEC != 0 => (FdKind::EventPoll, open::CLOEXEC),
        E::EpollCreateX | E::EpollCreate1X => (FdKind::EventPoll, 0),
        _ => return,
    };
    host.open_fd(number, |fd| {
        fd.kind = kind;
        fd.open_flags = open_flags;
    });
}

pub(super) fn pipe(host: &mut Host, event: &Event<'_>) {
    if !succeeded(event) || host.event_thread.is_none() {
        return;
    }
    let flags = if event.kind == EventType::Pipe2X { event.u32(4).unwrap_or(0) } else { 0 };
    for end in [1, 2] {
        let Some(number) = event.int(end) else { continue };
        host.open_fd(number, |fd| {
            fd.kind = FdKind::Fifo;
            fd.ino = event.uint(3).unwrap_or(0);
            fd.open_flags = flags;
        });
    }
}

/// A failed call leaves an fd of no kind under its negative result, as in libsinsp.
pub(super) fn memfd(host: &mut Host, event: &Event<'_>) {
    let Some(number) = result(event).filter(|_| host.event_thread.is_some()) else { return };
    host.open_fd(number, |fd| {
        if number >= 0 {
            fd.kind = FdKind::Memfd;
            fd.name.extend_from_slice(text(event, 1));
            fd.open_flags = event.u32(2).unwrap_or(0);
        }
    });
}

pub(super) fn pidfd_open(host: &mut Host, event: &Event<'_>) {
    let Some(number) = result(event).filter(|&number| number >= 0) else { return };
    let Some(pid) = event.int(1).filter(|_| host.event_thread.is_some()) else { return };
    host.open_fd(number, |fd| {
        fd.kind = FdKind::PidFd;
        fd.pid = pid;
        fd.open_flags = event.u32(2).unwrap_or(0);
        // Writing to a Vec cannot fail.
        let _ = write!(fd.name, "/proc/{pid}");
    });
}
