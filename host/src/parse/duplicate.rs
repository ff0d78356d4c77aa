//! fds made of others: dup, dup2, dup3, fcntl, `pidfd_getfd`.

use event::{Event, EventType};

use super::result;
use crate::{
    fd::{Fd, FdKind},
    flags::{open, thread as flags},
    host::Host,
};

/// Commands of fcntl in portable numbering.
mod command {
    pub(super) const DUPFD: u64 = 1;
    pub(super) const SETFD: u64 = 3;
    pub(super) const DUPFD_CLOEXEC: u64 = 26;
}

/// Those that change an fd.
pub(crate) const COMMANDS: [u64; 3] = [command::DUPFD, command::SETFD, command::DUPFD_CLOEXEC];

/// `FD_CLOEXEC`, the argument of `F_SETFD`.
const FD_CLOEXEC: u64 = 1;

pub(super) fn dup(host: &mut Host, event: &Event<'_>) {
    let Some(number) = result(event).filter(|&number| number >= 0) else { return };
    let Some(source) = host.event_fd else { return };
    let pipe_end = match number {
        0 => flags::PIPE_DST,
        1 => flags::PIPE_SRC,
        _ => 0,
    };
    if let Some(thread) = host.event_thread_mut() {
        thread.flags |= pipe_end;
    }
    let cloexec = event.kind == EventType::Dup3X && event.u32(3).unwrap_or(0) & open::CLOEXEC != 0;
    host.open_copy(number, source, |fd| set_close_on_exec(fd, cloexec));
}

pub(super) fn fcntl(host: &mut Host, event: &Event<'_>) {
    let command = event.uint(2).unwrap_or(0);
    let known = COMMANDS.contains(&command);
    let Some(number) = result(event).filter(|&number| known && number >= 0) else { return };
    let Some(source) = host.event_fd else { return };
    if command == command::SETFD {
        let cloexec = event.uint(3).unwrap_or(0) & FD_CLOEXEC != 0;
        if let Some(fd) = host.change_event_fd() {
            set_close_on_exec(fd, cloexec);
        }
        return;
    }
    let cloexec = command == command::DUPFD_CLOEXEC;
    host.open_copy(number, source, |fd| set_close_on_exec(fd, cloexec));
}

pub(super) fn pidfd_getfd(host: &mut Host, event: &Event<'_>) {
    let (Some(thread), Some(number)) = (host.event_thread, result(event)) else { return };
    let (Some(pidfd), Some(target)) = (event.int(1), event.int(2)) else { return };
    let pidfd = host.find_fd(thread, pidfd).and_then(|id| host.fds.get(id));
    let Some(pid) = pidfd.filter(|fd| fd.kind == FdKind::PidFd).map(|fd| fd.pid) else { return };
    let source = host.threads.find(pid).and_then(|process| host.find_fd(process, target));
    if let Some(source) = source {
        host.open_copy(number, source, |fd| set_close_on_exec(fd, true));
    }
}

fn set_close_on_exec(fd: &mut Fd, cloexec: bool) {
    fd.clear_close_on_exec();
    if cloexec {
        fd.open_flags |= open::CLOEXEC;
    }
}
