//! What others may read of the host.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Host;
use crate::{
    container::{ContainerId, Containers},
    counters::Counters,
    fd::{Fd, FdId},
    interfaces::Interfaces,
    thread::{Thread, ThreadId},
    user::Users,
};

/// What the current event is about, as far as rules can ask.
#[derive(Clone, Debug, Default)]
pub struct Current {
    /// `evt.num`.
    pub number: u64,
    /// Time of the event.
    pub time_ns: u64,
    /// The thread that `get_thread_info` would give; `None` for events without a thread.
    pub thread: Option<ThreadId>,
    /// `lastevent_fd`: the fd of the event, −1 for none.
    pub fd_number: i64,
    /// The fd that the event used or opened, as far as the event said so.
    pub event_fd: Option<FdId>,
    /// `event_fd`, or the table's entry for `fd_number`.
    pub fd: Option<FdId>,
    /// `fd.name_changed`.
    pub fd_name_changed: bool,
    /// Time of the first non-meta event of the capture, for `evt.reltime`.
    pub first_time_ns: u64,
    /// Time of the previous event that rules could look at, for `evt.deltatime`; 0 for none.
    pub previous_time_ns: u64,
}

impl Host {
    /// What the last event given to [`Host::on_event`] is about.
    pub fn current(&self) -> &Current {
        &self.current
    }

    /// The thread in slot `id`.
    pub fn thread(&self, id: ThreadId) -> Option<&Thread> {
        self.threads.get(id)
    }

    /// The thread with this id, host numbering.
    pub fn find_thread(&self, tid: i64) -> Option<ThreadId> {
        self.threads.find(tid)
    }

    /// Every thread, in an order that is the same in each run.
    pub fn threads(&self) -> impl Iterator<Item = ThreadId> + '_ {
        self.threads.ids()
    }

    /// Current directory of the process that `id` belongs to: `./` when its main thread is not known.
    pub fn cwd(&self, id: ThreadId) -> &[u8] {
        let main = self.main_thread(id).and_then(|main| self.threads.get(main));
        main.map_or(b"./", |main| &main.cwd)
    }

    /// Open fd `number` of the process that `id` belongs to.
    #[inline]
    pub fn find_fd(&self, id: ThreadId, number: i64) -> Option<FdId> {
        if number < 0 {
            return None;
        }
        self.threads.tracking(self.fd_owner(id)?)?.fds.get(number)
    }

    /// Every open fd of the process that `id` belongs to, small numbers first.
    pub fn fds(&self, id: ThreadId) -> impl Iterator<Item = (i64, FdId)> + '_ {
        let owner = self.fd_owner(id).and_then(|owner| self.threads.tracking(owner));
        owner.into_iter().flat_map(|tracking| tracking.fds.iter())
    }

    /// How many fds the process of `id` has open (`proc.fdopencount`); 0 without a main thread.
    pub fn fd_open_count(&self, id: ThreadId) -> u64 {
        let main = self.main_thread(id).and_then(|main| self.threads.tracking(main));
        main.map_or(0, |tracking| tracking.fds.len() as u64)
    }

    /// How many fds the process of `id` may open (`proc.fdlimit`); 0 without a main thread.
    pub fn fd_limit(&self, id: ThreadId) -> i64 {
        let main = self.main_thread(id).and_then(|main| self.threads.get(main));
        main.map_or(0, |main| main.fdlimit)
    }

    /// The fd in slot `id`.
    pub fn fd(&self, id: FdId) -> Option<&Fd> {
        self.fds.get(id)
    }

    /// Users and groups.
    pub fn users(&self) -> &Users {
        &self.users
    }

    /// Containers.
    pub fn containers(&self) -> &Containers {
        &self.containers
    }

    /// Network interfaces.
    pub fn interfaces(&self) -> &Interfaces {
        &self.interfaces
    }

    /// What was done and what was lost.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// Whether `ip` is an address of the machine, or of the container, that thread `id` is in.
    pub fn is_local_ipv4(&self, id: ThreadId, ip: Ipv4Addr) -> bool {
        let container = self.threads.get(id).map_or(ContainerId::HOST, |thread| thread.container);
        if container != ContainerId::HOST {
            let own = self.containers.metadata(container).map(|container| container.ip.as_str());
            match own.filter(|own| !own.is_empty()) {
                Some(own) => {
                    if own.parse() == Ok(ip) {
                        return true;
                    }
                }
                None => return self.containers.has_ipv4(ip),
            }
        }
        self.interfaces.has_ipv4(ip)
    }

    /// Whether `ip` is in a network of the machine; never for a thread in a container.
    pub fn is_local_ipv6(&self, id: ThreadId, ip: Ipv6Addr) -> bool {
        self.threads.get(id).is_some_and(|thread| thread.container == ContainerId::HOST)
            && self.interfaces.has_ipv6(ip)
    }
}
