//! How each event type changes the state, one parser a family of events.

mod accept;
mod bind;
mod clone;
mod close;
mod connect;
mod credentials;
mod directory;
mod duplicate;
mod exec;
mod exit;
mod limits;
mod open;
mod simple_fd;
mod socket;
#[cfg(test)]
mod tests;
mod transfer;

use event::{Event, EventType};

pub(crate) use self::{
    credentials::OPTIONS as PRCTL_OPTIONS, duplicate::COMMANDS as FCNTL_COMMANDS, limits::RESOURCES,
};
use crate::{
    fd::{Fd, FdId},
    host::Host,
    plan::{self, Parser},
    thread::{Thread, ThreadId},
};

/// The parser of events of type `kind`; `None` for events that change nothing.
pub(crate) fn parser(kind: EventType) -> Option<Parser> {
    use EventType as E;
    Some(match kind {
        E::OpenE | E::CreatE | E::OpenatV2E | E::Openat2E | E::ExecveV19E => store_if_known,
        E::ExecveatE | E::ConnectE => Host::store_enter,
        E::RecvX | E::RecvfromX | E::RecvmsgX | E::RecvmmsgX => transfer::receive,
        E::ReadX | E::ReadvX | E::PreadX | E::PreadvX => transfer::read,
        E::SendX | E::SendtoX | E::SendmsgX | E::SendmmsgX => transfer::send,
        E::WriteX | E::WritevX | E::PwriteX | E::PwritevX => transfer::write,
        E::OpenX | E::CreatX | E::OpenatV2X | E::Openat2X | E::OpenByHandleAtX => open::parse,
        E::UnshareX => credentials::unshare,
        E::SetnsX => credentials::setns,
        E::CloneV20X | E::ForkV20X | E::VforkV20X | E::Clone3X => clone::parse,
        E::ExecveV19X | E::ExecveatX => exec::parse,
        E::ProcexitV1E => exit::parse,
        E::PipeX | E::Pipe2X => simple_fd::pipe,
        E::MemfdCreateX => simple_fd::memfd,
        E::PidfdOpenX => simple_fd::pidfd_open,
        E::EventfdX
        | E::Eventfd2X
        | E::SignalfdX
        | E::Signalfd4X
        | E::TimerfdCreateX
        | E::InotifyInitX
        | E::InotifyInit1X
        | E::BpfV2X
        | E::UserfaultfdX
        | E::IoUringSetupX
        | E::EpollCreateX
        | E::EpollCreate1X => simple_fd::parse,
        E::SocketX => socket::socket,
        E::SocketpairX => socket::socketpair,
        E::BindX => bind::parse,
        E::ConnectX => connect::parse,
        E::AcceptV5X | E::Accept4V6X => accept::parse,
        E::CloseX => close::close,
        E::CloseRangeX => close::close_range,
        E::FcntlX => duplicate::fcntl,
        E::DupV1X | E::Dup2X | E::Dup3X => duplicate::dup,
        E::PidfdGetfdX => duplicate::pidfd_getfd,
        E::ChdirX | E::GetcwdX => directory::chdir,
        E::FchdirX => directory::fchdir,
        E::ChrootX => directory::chroot,
        E::GetrlimitX | E::SetrlimitX => limits::rlimit,
        E::PrlimitX => limits::prlimit,
        E::SchedswitchV6E => limits::context_switch,
        E::BrkV4X | E::MmapX | E::Mmap2X | E::MunmapX => limits::memory,
        E::SetresuidX | E::SetreuidX | E::SetuidX => credentials::set_user,
        E::SetresgidX | E::SetregidX | E::SetgidX => credentials::set_group,
        E::SetsidX => credentials::setsid,
        E::CapsetX => credentials::capset,
        E::PrctlX => credentials::prctl,
        E::UserAddedE | E::UserDeletedE | E::GroupAddedE | E::GroupDeletedE => Host::user_event,
        _ => return None,
    })
}

/// Whether the parser of events of type `kind` does nothing for a call that failed. Nor does anything else.
pub(crate) fn ignores_failures(kind: EventType) -> bool {
    use EventType as E;
    match kind {
        // A failure leaves an fd behind, an error tells of progress, memory is told whatever happens.
        E::MemfdCreateX
        | E::PidfdGetfdX
        | E::ConnectX
        | E::BrkV4X
        | E::MmapX
        | E::Mmap2X
        | E::MunmapX => false,
        _ => !kind.is_enter(),
    }
}

/// Keeps an enter event unless nothing is known of its parameters.
fn store_if_known(host: &mut Host, event: &Event<'_>) {
    if !event.param(0).is_empty() {
        host.store_enter(event);
    }
}

/// The result of an exit event; `None` when its type or layout has none.
fn result(event: &Event<'_>) -> Option<i64> {
    plan::has_result(event).then(|| event.int(0).unwrap_or(0))
}

/// Whether an exit event succeeded.
fn succeeded(event: &Event<'_>) -> bool {
    result(event).is_some_and(|result| result >= 0)
}

/// Text parameter `index`; `<NA>` when nothing is known of it.
pub(crate) fn text<'a>(event: &Event<'a>, index: usize) -> &'a [u8] {
    match event.text(index) {
        None | Some(b"(NULL)") => b"<NA>",
        Some(text) => text,
    }
}

impl Host {
    fn event_thread(&self) -> Option<&Thread> {
        self.threads.get(self.event_thread?)
    }

    fn event_thread_mut(&mut self) -> Option<&mut Thread> {
        self.threads.get_mut(self.event_thread?)
    }

    /// The number of the current event's fd.
    fn event_fd_number(&self) -> Option<i64> {
        Some(self.threads.tracking(self.event_thread?)?.last_fd)
    }

    /// Opens fd `number` in the event's process, as `fill` makes it, and makes it the event's fd.
    fn open_fd(&mut self, number: i64, fill: impl FnOnce(&mut Fd)) {
        let id = self.fds.insert();
        let mut named = false;
        if let Some(fd) = self.fds.get_mut(id) {
            fill(fd);
            named = !fd.name.is_empty();
        }
        self.event_fd = self.list_fd(number, id);
        self.fd_renamed = named;
    }

    /// Opens fd `number` as a copy of `source`, changed by `adjust`, and makes it the event's fd.
    fn open_copy(&mut self, number: i64, source: FdId, adjust: impl FnOnce(&mut Fd)) {
        let id = self.fds.duplicate(source);
        if let Some(fd) = self.fds.get_mut(id) {
            adjust(fd);
        }
        self.event_fd = self.list_fd(number, id);
        self.fd_renamed = false;
    }

    /// Lets `number` be `id` in the event's process; `None`, and `id` is gone, when that cannot be.
    fn list_fd(&mut self, number: i64, id: FdId) -> Option<FdId> {
        let thread = self.event_thread;
        let owner = thread.and_then(|thread| self.fd_owner(thread));
        let Some((thread, owner)) = thread.zip(owner) else {
            self.fds.release(id);
            return None;
        };
        if let Some(tracking) = self.threads.tracking_mut(thread) {
            tracking.last_fd = number;
        }
        let table = &mut self.threads.tracking_mut(owner)?.fds;
        // The new fd is counted already.
        let full =
            table.len() >= self.config.max_fds || self.fds.references() > self.config.max_all_fds;
        if full && table.get(number).is_none() {
            self.counters.fds_dropped += 1;
            self.fds.release(id);
            return None;
        }
        table.insert(number, id, &mut self.fds);
        Some(id)
    }

    /// Makes sure that no other process shares the event's fd, and gives it to be changed.
    fn change_event_fd(&mut self) -> Option<&mut Fd> {
        let id = self.event_fd?;
        if self.fds.is_shared(id) {
            let number = self.event_fd_number()?;
            let owner = self.fd_owner(self.event_thread?)?;
            let table = &mut self.threads.tracking_mut(owner)?.fds;
            if table.get(number) == Some(id) {
                let copy = self.fds.duplicate(id);
                table.insert(number, copy, &mut self.fds);
                self.event_fd = Some(copy);
            }
        }
        self.fds.get_mut(self.event_fd?)
    }

    /// Lets `rename` change the event's fd with a buffer for text, and notes whether its name changed.
    fn rename_event_fd(&mut self, rename: impl FnOnce(&mut Fd)) {
        let mut old = std::mem::take(&mut self.scratch.old_name);
        let fresh = self.fd_renamed;
        if let Some(fd) = self.change_event_fd() {
            old.clear();
            old.extend_from_slice(&fd.name);
            rename(fd);
            let renamed = fd.name != old;
            self.fd_renamed = fresh || renamed;
        }
        self.scratch.old_name = old;
    }

    pub(crate) fn event_fd(&self) -> Option<&Fd> {
        self.fds.get(self.event_fd?)
    }

    /// Current directory that `thread` would resolve a path against, copied into `out`.
    fn copy_cwd(&self, thread: ThreadId, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(self.cwd(thread));
    }
}
