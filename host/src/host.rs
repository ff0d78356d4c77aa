//! The state engine: one event in, the host as it is after it, and what the event was about.

mod anew;
mod event_loop;
mod view;

pub use view::Current;

use crate::{
    container::Containers,
    counters::Counters,
    fd::FdId,
    fd_store::FdStore,
    interfaces::Interfaces,
    interner::Interner,
    live::{Live, LiveConfig},
    plan::Plan,
    recent_exits::RecentExits,
    text::Text,
    thread::ThreadId,
    thread_group::GroupTable,
    thread_table::ThreadTable,
    user::{Group, User, Users},
};

/// Bounds and switches of the state engine.
#[derive(Clone, Debug)]
pub struct HostConfig {
    /// Most threads kept; new ones beyond it are dropped and counted. Falco's default 262,144.
    pub max_threads: usize,
    /// Most fds kept of one process; new ones beyond it are dropped and counted. Falco has 4,096.
    pub max_fds: usize,
    /// Most fds kept of all processes together; new ones beyond it are dropped and counted. Falco has
    /// no such limit, but a fork copies a whole table: without it a small capture could fill the memory.
    pub max_all_fds: usize,
    /// When the machine was started, ns since the epoch. Falco forgets it when it replays a capture,
    /// so 0 is right there.
    pub boot_time_ns: u64,
    /// Bounds of what is asked on a live machine.
    pub live: LiveConfig,
}

impl Default for HostConfig {
    fn default() -> Self {
        Self {
            max_threads: 262_144,
            max_fds: 4096,
            max_all_fds: 1 << 22,
            boot_time_ns: 0,
            live: LiveConfig::default(),
        }
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

/// Buffers that live for one event and are reused by the next.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(crate) path: Vec<u8>,
    pub(crate) text: Vec<u8>,
    pub(crate) old_name: Vec<u8>,
}

/// The host.
#[derive(Debug)]
pub struct Host {
    pub(crate) config: HostConfig,
    /// Set on a live machine only.
    pub(crate) live: Option<Box<Live>>,
    plans: Box<[Plan]>,
    pub(crate) threads: ThreadTable,
    pub(crate) groups: GroupTable,
    pub(crate) fds: FdStore,
    pub(crate) texts: Interner,
    pub(crate) empty: Text,
    /// `<NA>`, what stands for a text that is not known.
    pub(crate) not_available: Text,
    pub(crate) recent_exits: RecentExits,
    pub(crate) interfaces: Interfaces,
    /// Whether a process of the thread list listens on a port.
    pub(crate) server_ports: Vec<bool>,
    pub(crate) users: Users,
    /// Users and groups of a capture's lists that do not count yet.
    pub(crate) listed_users: Vec<User>,
    pub(crate) listed_groups: Vec<Group>,
    pub(crate) containers: Containers,
    pub(crate) counters: Counters,
    pub(crate) scratch: Scratch,
    current: Current,
    /// Thread of the current event, as the parsers have it.
    pub(crate) event_thread: Option<ThreadId>,
    /// Fd of the current event, as the parsers have it.
    pub(crate) event_fd: Option<FdId>,
    /// The current event gave its fd another name.
    pub(crate) fd_renamed: bool,
    /// Thread to remove before the next event.
    pub(crate) exited: Option<i64>,
    /// Fd to remove before the next event: thread id and number.
    pub(crate) closed: Option<(i64, i64)>,
    /// No event of this capture section has been seen yet: threads are not joined to each other.
    unlinked: bool,
    /// No ordinary event of this capture section has been seen yet.
    starting: bool,
    /// Time of the last event that rules could look at; 0 for none.
    delivered_time_ns: u64,
    /// `evt.num` before this capture section, to go on from once it has started.
    number_before_section: Option<u64>,
}

impl Host {
    /// An empty host.
    pub fn new(config: &HostConfig) -> Self {
        let mut texts = Interner::default();
        let empty = texts.empty();
        let not_available = texts.intern(b"<NA>");
        Self {
            config: config.clone(),
            live: None,
            plans: Plan::all(),
            threads: ThreadTable::new(empty.clone()),
            groups: GroupTable::default(),
            fds: FdStore::default(),
            texts,
            empty,
            not_available,
            recent_exits: RecentExits::default(),
            interfaces: Interfaces::default(),
            server_ports: vec![false; 1 << 16],
            users: Users::default(),
            listed_users: Vec::new(),
            listed_groups: Vec::new(),
            containers: Containers::default(),
            counters: Counters::default(),
            scratch: Scratch::default(),
            current: Current::default(),
            event_thread: None,
            event_fd: None,
            fd_renamed: false,
            exited: None,
            closed: None,
            unlinked: true,
            starting: true,
            delivered_time_ns: 0,
            number_before_section: None,
        }
    }

    /// A section of a capture begins: unless it is the first, forgets threads, fds and interfaces.
    /// Events go on being numbered; users and containers stay.
    pub(crate) fn begin_section(&mut self) {
        if self.unlinked && self.current.number == 0 {
            return;
        }
        self.forget_running();
        self.unlinked = true;
        self.starting = true;
        self.number_before_section = Some(self.current.number);
        self.current = Current::default();
    }

    /// Forgets threads, fds and interfaces.
    fn forget_running(&mut self) {
        self.threads.clear();
        self.groups.clear();
        self.fds.clear();
        self.recent_exits.clear();
        self.interfaces.clear();
        self.exited = None;
        self.closed = None;
        self.event_thread = None;
        self.event_fd = None;
    }
}
