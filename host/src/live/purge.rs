//! Removes threads that are gone although no event said so.

use super::LiveConfig;
use crate::host::Host;

/// Threads looked at for each event while a search goes on: Falco looks at all at once, which may take long.
const THREADS_AN_EVENT: usize = 16;
/// The first search comes this long after the first event, as in Falco.
const FIRST_NS: u64 = 30_000_000_000;

/// Where the search is.
#[derive(Debug, Default)]
pub(crate) struct Purge {
    /// When the next search begins; `None` before the first event.
    due_ns: Option<u64>,
    /// The next slot to look at while a search goes on.
    slot: Option<usize>,
    gone: Vec<i64>,
}

impl Purge {
    /// The clock that times are of was set by `step_ns`.
    pub(super) fn shift(&mut self, step_ns: i64) {
        self.due_ns = self.due_ns.map(|due_ns| due_ns.saturating_add_signed(step_ns));
    }

    /// Whether a search goes on at `time_ns`.
    fn is_on(&mut self, time_ns: u64, config: &LiveConfig) -> bool {
        let first_ns = config.purge_interval_ns.min(FIRST_NS);
        let due_ns = *self.due_ns.get_or_insert_with(|| time_ns.saturating_add(first_ns));
        if time_ns > due_ns {
            self.due_ns = Some(time_ns.saturating_add(config.purge_interval_ns));
            self.slot = Some(0);
        }
        self.slot.is_some()
    }
}

impl Host {
    /// Looks at some threads, if it is time: removes placeholders, which may be looked up again then, and
    /// threads without recent events that are not there any more.
    pub(crate) fn purge(&mut self) {
        let time_ns = self.current().time_ns;
        let Some(live) = self.live.as_mut() else { return };
        if time_ns == 0 || !live.purge.is_on(time_ns, &self.config.live) {
            return;
        }
        let start = live.purge.slot.unwrap_or(0);
        let end = start + THREADS_AN_EVENT;
        live.purge.slot = (end < self.threads.slots()).then_some(end);
        let mut gone = std::mem::take(&mut live.purge.gone);
        for slot in start..end {
            let Some((thread, tracking)) = self.threads.slot(slot) else { continue };
            let quiet_until_ns =
                tracking.last_access_ns.saturating_add(self.config.live.thread_timeout_ns);
            let platform = &mut live.platform;
            if thread.is_placeholder()
                || (time_ns > quiet_until_ns
                    && !platform.is_alive(thread.pid, thread.tid, thread.clone_time_ns))
            {
                gone.push(thread.tid);
            }
        }
        for tid in gone.drain(..) {
            self.counters.threads_purged += 1;
            self.remove_thread(tid);
        }
        if let Some(live) = self.live.as_mut() {
            live.purge.gone = gone;
        }
    }
}
