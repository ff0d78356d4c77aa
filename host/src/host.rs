//! The state engine: one event in, the host as it is after it, and what the event was about.

use event::Event;

use crate::{
    container::Containers,
    fd::{Fd, FdId},
    thread::{Thread, ThreadId},
    user::Users,
};

/// Bounds and switches of the state engine.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Most threads kept; new ones beyond it are dropped and counted. Falco's default 262,144.
    pub max_threads: usize,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self { max_threads: 262_144 }
    }
}

/// What becomes of an event after the state engine has seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Rules may look at it.
    Deliver,
    /// It only served the state: enter events, initial state, state-only flagged events.
    Hide,
}

/// What the current event is about, as far as rules can ask.
#[derive(Clone, Debug, Default)]
pub struct Current {
    /// `evt.num`.
    pub number: u64,
    /// The thread that `get_thread_info` would give; `None` for events without a thread.
    pub thread: Option<ThreadId>,
    /// `lastevent_fd`: the fd of the event, −1 for none.
    pub fd_number: i64,
    /// The event's fdinfo, or the table's entry for `fd_number`.
    pub fd: Option<FdId>,
    /// `fd.name_changed`.
    pub fd_name_changed: bool,
    /// Time of the first non-meta event of the capture, for `evt.reltime`.
    pub first_time_ns: u64,
    /// Time of the previous event, for `evt.deltatime`; 0 for none.
    pub previous_time_ns: u64,
}

/// The host.
#[derive(Debug)]
pub struct Host {
    current: Current,
    users: Users,
    containers: Containers,
}

impl Host {
    /// An empty host.
    pub fn new(config: &HostConfig) -> Self {
        let _ = config;
        Self {
            current: Current::default(),
            users: Users::default(),
            containers: Containers::default(),
        }
    }

    /// Updates the state with `event` and fills [`Host::current`].
    pub fn on_event(&mut self, event: &Event<'_>) -> Verdict {
        let _ = event;
        Verdict::Deliver
    }

    /// What the last event given to [`Host::on_event`] is about.
    pub fn current(&self) -> &Current {
        &self.current
    }

    /// The thread in slot `id`.
    pub fn thread(&self, id: ThreadId) -> Option<&Thread> {
        let _ = id;
        None
    }

    /// The thread with this id, host numbering.
    pub fn find_thread(&self, tid: i64) -> Option<ThreadId> {
        let _ = tid;
        None
    }

    /// The main thread of `id`'s group; `None` when it is not known.
    pub fn main_thread(&self, id: ThreadId) -> Option<ThreadId> {
        let _ = id;
        None
    }

    /// Ancestor `level` of `id`: 0 is its main thread, 1 the main thread of its parent, and so on.
    pub fn ancestor(&self, id: ThreadId, level: u32) -> Option<ThreadId> {
        let _ = (id, level);
        None
    }

    /// Every ancestor from the parent upwards, ending at a loop or an unknown parent.
    pub fn ancestors(&self, id: ThreadId) -> impl Iterator<Item = ThreadId> + '_ {
        let _ = id;
        std::iter::empty()
    }

    /// The live threads of `id`'s group, the leader included (`proc.nthreads`).
    pub fn live_threads(&self, id: ThreadId) -> u64 {
        let _ = id;
        0
    }

    /// Open fd `number` of the process that `id` belongs to.
    pub fn find_fd(&self, id: ThreadId, number: i64) -> Option<FdId> {
        let _ = (id, number);
        None
    }

    /// Every open fd of the process that `id` belongs to, ascending.
    pub fn fds(&self, id: ThreadId) -> impl Iterator<Item = (i64, FdId)> + '_ {
        let _ = id;
        std::iter::empty()
    }

    /// The fd in slot `id`.
    pub fn fd(&self, id: FdId) -> Option<&Fd> {
        let _ = id;
        None
    }

    /// Users and groups.
    pub fn users(&self) -> &Users {
        &self.users
    }

    /// Containers.
    pub fn containers(&self) -> &Containers {
        &self.containers
    }
}
