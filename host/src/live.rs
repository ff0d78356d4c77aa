//! What the state engine does on a live machine only: it asks a [`Platform`] for what events did not tell, and
//! removes threads whose end they did not tell.
//!
//! Without a platform, as in a replay, nothing here does anything.

mod budget;
mod clock;
mod passed_fds;
mod purge;
#[cfg(test)]
mod tests;

use event::{Event, capture::Record};
use hashbrown::HashMap;

use self::{budget::Budget, purge::Purge};
use crate::{
    container::ContainerId,
    flags::AT_FDCWD,
    host::Host,
    plan::Plan,
    platform::Platform,
    text::Text,
    thread::ThreadId,
    user::{Group, User},
};

/// Containers whose users were asked for that are remembered; beyond, they may be asked for too early.
const MAX_ASKED: usize = 4096;
/// Time between two questions for the users of one container, or of the host.
const ACCOUNTS_PERIOD_NS: u64 = 1_000_000_000;

/// Bounds of what is asked of a [`Platform`].
#[derive(Clone, Debug)]
pub struct LiveConfig {
    /// Most look-ups of threads and fds in a period; beyond, unknown threads become placeholders. Falco has no
    /// limit.
    pub max_lookups: u32,
    /// Look-ups of these that may look for sockets.
    pub max_socket_lookups: u32,
    /// The period.
    pub lookup_period_ns: u64,
    /// Time between two searches for threads that have gone. Falco's default 300 s.
    pub purge_interval_ns: u64,
    /// Time without events after which a thread is looked at. Falco's default 300 s.
    pub thread_timeout_ns: u64,
}

impl Default for LiveConfig {
    fn default() -> Self {
        const SECOND: u64 = 1_000_000_000;
        Self {
            max_lookups: 1000,
            max_socket_lookups: 50,
            lookup_period_ns: SECOND,
            purge_interval_ns: 300 * SECOND,
            thread_timeout_ns: 300 * SECOND,
        }
    }
}

/// The platform and what was asked of it.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) platform: Box<dyn Platform>,
    budget: Budget,
    purge: Purge,
    /// When the users of a container may be asked for again.
    accounts_due_ns: HashMap<ContainerId, u64>,
}

impl Host {
    /// Lets the host ask `platform` from now on. To be called before the first event.
    pub fn set_platform(&mut self, platform: Box<dyn Platform>) {
        self.live = Some(Box::new(Live {
            platform,
            budget: Budget::default(),
            purge: Purge::default(),
            accounts_due_ns: HashMap::new(),
        }));
    }

    /// Asks for thread `tid`, and for the main thread of its process if that is not known either. `None` when
    /// it is not there, or may not be asked for.
    #[cold]
    pub(crate) fn look_up_thread(&mut self, tid: i64) -> Option<ThreadId> {
        self.look_up_one(tid)?;
        let id = self.threads.find(tid)?;
        let pid = self.threads.get(id)?.pid;
        if pid != tid && self.threads.find(pid).is_none() {
            self.look_up_one(pid);
        }
        self.threads.find_cached(tid)
    }

    fn look_up_one(&mut self, tid: i64) -> Option<()> {
        if tid <= 0 || self.threads.len() >= self.config.max_threads {
            return None;
        }
        let time_ns = self.current().time_ns;
        let mut live = self.live.take()?;
        let scope = live.budget.take(time_ns, &self.config.live);
        match scope {
            Some(scope) => {
                self.counters.thread_lookups += 1;
                live.platform.thread(tid, scope, &mut |record| self.load_one(record, tid));
            }
            None => self.counters.lookups_refused += 1,
        }
        self.live = Some(live);
        scope?;
        let Some(id) = self.threads.find(tid) else {
            self.counters.thread_lookups_failed += 1;
            return None;
        };
        self.create_dependencies(id);
        // Falco does this at the next execve only.
        self.resolve_container(id);
        self.note_group(id);
        self.note_user(id);
        Some(())
    }

    /// Takes what was found of thread `tid`.
    fn load_one(&mut self, record: &Record<'_>, tid: i64) {
        match record {
            Record::Thread(thread) if thread.tid == tid => self.load_thread(thread),
            Record::Fd(fd) => self.load_fd(fd),
            _ => {}
        }
    }

    /// Asks for the directories that the event's relative paths start from, if their fds are not known.
    pub(crate) fn look_up_directories(&mut self, event: &Event<'_>, plan: &Plan) {
        let Some(id) = self.event_thread else { return };
        for (directory, path) in plan.directories.into_iter().flatten() {
            let relative = !event.param(path).starts_with(b"/") && !event.param(path).is_empty();
            if let Some(number) = event.int(directory)
                && relative
                && number != AT_FDCWD
                && number >= 0
                && self.find_fd(id, number).is_none()
            {
                self.look_up_fd(id, number);
            }
        }
    }

    /// Asks for fd `number` of the process that `id` belongs to.
    pub(crate) fn look_up_fd(&mut self, id: ThreadId, number: i64) {
        let Some(pid) = self.threads.get(id).map(|thread| thread.pid).filter(|&pid| pid > 0) else {
            return;
        };
        let time_ns = self.current().time_ns;
        let Some(mut live) = self.live.take() else { return };
        if let Some(scope) = live.budget.take(time_ns, &self.config.live) {
            self.counters.fd_lookups += 1;
            live.platform.fd(pid, number, scope, &mut |record| {
                if let Record::Fd(fd) = record {
                    self.load_fd(fd);
                }
            });
        } else {
            self.counters.lookups_refused += 1;
        }
        self.live = Some(live);
    }

    /// Asks for the users and groups of the container that `id` is in, of which one is not known.
    pub(crate) fn look_up_accounts(&mut self, id: ThreadId) {
        let time_ns = self.current().time_ns;
        let Some(thread) = self.threads.get(id) else { return };
        let (container, pid) = (thread.container, thread.pid);
        let Some(mut live) = self.live.take() else { return };
        if live.accounts_due(container, time_ns) {
            self.counters.account_lookups += 1;
            let users = &mut self.users;
            let mut add = |record: &Record<'_>| match record {
                Record::User(user) => {
                    let [name, home, shell] = [user.name, user.home, user.shell].map(Text::new);
                    let (uid, gid) = (user.uid, user.gid);
                    users.add_user(container, &User { uid, gid, name, home, shell });
                }
                Record::Group(group) => {
                    let name = Text::new(group.name);
                    users.add_group(container, &Group { gid: group.gid, name });
                }
                _ => {}
            };
            if container == ContainerId::HOST {
                live.platform.accounts(&mut add);
            } else {
                live.platform.container_accounts(pid, &mut add);
            }
        }
        self.live = Some(live);
    }
}

impl Live {
    /// Users and groups of the containers that are `gone` may be asked for again at once.
    pub(crate) fn forget_accounts_of(&mut self, gone: impl Fn(ContainerId) -> bool) {
        self.accounts_due_ns.retain(|id, _| !gone(*id));
    }

    fn accounts_due(&mut self, container: ContainerId, time_ns: u64) -> bool {
        if self.accounts_due_ns.len() >= MAX_ASKED {
            self.accounts_due_ns.clear();
        }
        let due_ns = self.accounts_due_ns.entry(container).or_insert(0);
        if time_ns < *due_ns {
            return false;
        }
        *due_ns = time_ns.saturating_add(ACCOUNTS_PERIOD_NS);
        true
    }
}
