//! One event with the host as it is after it: what fields are asked of.

use std::{cell::Cell, collections::BTreeMap};

use bumpalo::Bump;
use event::{Event, EventFlags};
use host::{Container, ContainerId, Fd, FdId, Host, Thread, ThreadId, flags::AT_FDCWD};

use crate::{
    field::{
        FieldId, container, event as event_class, fd, fdlist, fixed, fspath, generic, group,
        process, reference::FieldRef, user,
    },
    value::Value,
};

/// What fields and alerts say of the agent itself. Fixed while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agent {
    /// `evt.hostname`: `FALCO_HOSTNAME`, or the name of the host.
    pub hostname: String,
    /// Seconds that local time is ahead of UTC.
    pub utc_offset_s: i32,
    /// `buffer_format_base64`: outputs show buffers in base64.
    pub buffer_base64: bool,
    /// `static_fields`: what `static.NAME` gives.
    pub static_fields: BTreeMap<String, String>,
}

/// What stands for the fd of the event.
///
/// Once `evt.abspath` was asked for, Falco takes the directory that it started from for the fd of the
/// event (`extract_abspath` calls `set_fd_info`), so answers depend on the order of questions.
#[derive(Clone, Copy, Debug)]
enum EventFd {
    /// Its own.
    Own,
    /// A directory.
    Directory(FdId),
    /// Nothing: the directory is not known.
    UnknownDirectory,
}

/// The container to ask for metadata.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NamedContainer<'e> {
    /// None is named: that of the event's thread.
    None,
    /// This one.
    Known(&'e Container),
    /// One of which nothing is known.
    Unknown,
}

/// An event, the host as it is after the event, and room for values that have to be built.
///
/// The caller resets the arena after each event, so that nothing is allocated in steady state.
#[derive(Clone, Debug)]
pub struct Context<'e> {
    /// The event.
    pub event: &'e Event<'e>,
    /// The host after [`Host::on_event`] has seen the event.
    pub host: &'e Host,
    /// Where values are built.
    pub arena: &'e Bump,
    /// Who looks.
    pub agent: &'e Agent,
    /// What stands for the fd of the event; asking may change it.
    event_fd: Cell<EventFd>,
    /// The container to ask for metadata, instead of that of the event's thread.
    container: NamedContainer<'e>,
}

impl<'e> Context<'e> {
    /// Nothing has been asked yet.
    pub fn new(event: &'e Event<'e>, host: &'e Host, arena: &'e Bump, agent: &'e Agent) -> Self {
        Self {
            event,
            host,
            arena,
            agent,
            event_fd: Cell::new(EventFd::Own),
            container: NamedContainer::None,
        }
    }

    /// For metadata alone, of a container that is named; `None`: nothing is known of it. The host may have
    /// gone on since the event.
    pub(crate) fn of_container(
        event: &'e Event<'e>,
        host: &'e Host,
        arena: &'e Bump,
        agent: &'e Agent,
        container: Option<&'e Container>,
    ) -> Self {
        let container = container.map_or(NamedContainer::Unknown, NamedContainer::Known);
        Self { container, ..Self::new(event, host, arena, agent) }
    }

    /// The container that was named instead of that of the event's thread.
    pub(crate) const fn named_container(&self) -> NamedContainer<'e> {
        self.container
    }

    /// The container of the event's thread; `None` if the thread is not known.
    pub fn container_id(&self) -> Option<ContainerId> {
        Some(self.thread()?.container)
    }

    /// Whether the event names a path relative to a directory fd.
    pub(crate) fn starts_from_directory(&self) -> bool {
        self.event.kind.info().params.iter().enumerate().any(|(index, param)| {
            param.dirfd_param.and_then(|it| self.event.int(it)).is_some_and(|it| it != AT_FDCWD)
                && self.event.text(index).is_some_and(|path| !path.starts_with(b"/"))
        })
    }

    /// `evt.abspath` started from the directory `fd`, which now stands for the fd of the event.
    pub(crate) fn start_from_directory(&self, fd: Option<FdId>) {
        self.event_fd.set(fd.map_or(EventFd::UnknownDirectory, EventFd::Directory));
    }

    /// The value of `field`; `None` when it is missing.
    pub fn extract(&self, field: &FieldRef) -> Option<Value<'e>> {
        match field.id() {
            FieldId::Generic(id) => generic::extract(self, id),
            FieldId::Event(id) => event_class::extract(self, id, field),
            FieldId::Process(id) => process::extract(self, id, field),
            FieldId::User(id) => user::extract(self, id),
            FieldId::Group(id) => group::extract(self, id),
            FieldId::Fd(id) => fd::extract(self, id, field),
            FieldId::FsPath(id) => fspath::extract(self, id),
            FieldId::FdList(id) => fdlist::extract(self, id),
            FieldId::Container(id) => container::extract(self, id, field),
            FieldId::Fixed(_) => fixed::extract(self, field),
        }
    }

    /// Visits the values that a condition compares: every ancestor's for `proc.aname` without
    /// argument, both ends' for `fd.ip`, `fd.port`, `fd.net`, else the one of [`Self::extract`].
    /// `visit` returns true to stop; the result says whether it did.
    pub fn extract_all(&self, field: &FieldRef, visit: &mut dyn FnMut(Value<'e>) -> bool) -> bool {
        match field.id() {
            FieldId::Process(id) if process::is_any_ancestor(id, field) => {
                process::visit_ancestors(self, id, visit)
            }
            FieldId::Fd(id) if fd::has_two_ends(id) => fd::visit_ends(self, id, visit),
            _ => self.extract(field).is_some_and(visit),
        }
    }

    /// Whether the event is about an fd that is known: when `fd.ip exists` is true.
    pub fn has_fd(&self) -> bool {
        self.is_about_fd() && self.fd().is_some()
    }

    /// Whether the event creates, uses or closes an fd and has a thread; else `fd.*` is missing.
    pub(crate) fn is_about_fd(&self) -> bool {
        self.event.kind.info().flags.intersects(EventFlags::ABOUT_FD) && self.thread().is_some()
    }

    /// The fd that the event itself used or opened; unlike [`Self::fd`] not one of an earlier event.
    pub(crate) fn event_fd(&self) -> Option<&'e Fd> {
        let fd = match self.event_fd.get() {
            EventFd::Own => self.host.current().event_fd,
            EventFd::Directory(directory) => Some(directory),
            EventFd::UnknownDirectory => None,
        };
        self.host.fd(fd?)
    }

    /// The fd that the event is about.
    pub(crate) fn fd(&self) -> Option<&'e Fd> {
        let current = self.host.current();
        let fd = match self.event_fd.get() {
            EventFd::Own => current.fd,
            EventFd::Directory(directory) => Some(directory),
            EventFd::UnknownDirectory => self.host.find_fd(self.thread_id()?, current.fd_number),
        };
        self.host.fd(fd?)
    }

    /// Slot of the thread that caused the event.
    pub(crate) fn thread_id(&self) -> Option<ThreadId> {
        self.host.current().thread
    }

    /// The thread that caused the event.
    pub(crate) fn thread(&self) -> Option<&'e Thread> {
        self.host.thread(self.thread_id()?)
    }

    /// Current directory of the event's process; `./` when its main thread is not known.
    pub(crate) fn cwd(&self) -> Option<&'e [u8]> {
        Some(self.host.cwd(self.thread_id()?))
    }
}

/// What JSON shows in place of the value of `id`: times are numbers there.
pub(crate) fn json_number(ctx: &Context<'_>, id: FieldId) -> Option<u64> {
    match id {
        FieldId::Generic(id) => generic::json_number(ctx, id),
        FieldId::Event(id) => event_class::json_number(ctx, id),
        _ => None,
    }
}
