//! The order in which an event goes through the state engine.

#[cfg(test)]
mod tests;

use event::{Event, EventType};

use super::{Current, Host, Verdict};
use crate::{
    flags::thread as flags,
    plan::{Plan, ThreadPlan},
    thread::ThreadId,
};

/// Largest enter event that is kept for its exit event, bytes.
const MAX_ENTER: usize = 4096;

impl Host {
    /// Updates the state with `event` and fills [`Host::current`].
    pub fn on_event(&mut self, event: &Event<'_>) -> Verdict {
        let Some(&plan) = self.plans.get(event.kind as usize) else { return Verdict::Hide };
        if self.unlinked {
            self.start();
        }
        let initial = self.starting && plan.initial;
        if self.starting && !plan.initial {
            self.finish_start();
        }
        self.begin(event, &plan);
        self.remove_what_went();
        if self.live.is_some() {
            self.purge();
        }
        self.assign_thread_and_fd(event, &plan);
        if let Some(parser) = plan.parser {
            parser(self, event);
        }
        self.update_containers(event, &plan);
        self.end(event, &plan);
        let state_only = event.flags & Event::STATE_ONLY != 0;
        if initial || plan.hidden || state_only {
            return Verdict::Hide;
        }
        self.delivered_time_ns = event.time_ns;
        Verdict::Deliver
    }

    /// Joins the listed threads to groups and parents. The first event does it if nobody else did.
    pub fn start(&mut self) {
        self.unlinked = false;
        let ids: Vec<_> = self.threads.ids().collect();
        for id in ids {
            self.create_dependencies(id);
        }
    }

    fn finish_start(&mut self) {
        self.starting = false;
        self.add_listed_users();
        self.fix_socket_directions();
        match self.number_before_section.take() {
            // Falco's container plugin goes through the listed threads of the first section only.
            Some(number) => self.current.number = number,
            None => self.resolve_all_containers(),
        }
    }

    fn begin(&mut self, event: &Event<'_>, plan: &Plan) {
        let first_time_ns = match self.current.first_time_ns {
            0 if !plan.meta => event.time_ns,
            time_ns => time_ns,
        };
        self.current = Current {
            number: self.current.number + 1,
            first_time_ns,
            previous_time_ns: self.delivered_time_ns,
            time_ns: event.time_ns,
            ..Current::default()
        };
        self.event_thread = None;
        self.event_fd = None;
        self.fd_renamed = false;
    }

    /// Removes the thread and the fd that the previous event ended; it could still see them.
    fn remove_what_went(&mut self) {
        if let Some(tid) = self.exited.take() {
            let thread = self.threads.find(tid).and_then(|id| self.threads.get(id));
            let ptid = thread.map_or(-1, |thread| thread.ptid);
            self.recent_exits.record(tid, ptid, self.current.time_ns);
            self.remove_thread(tid);
        }
        if let Some((tid, number)) = self.closed.take()
            && let Some(id) = self.threads.find(tid)
            && let Some(owner) = self.fd_owner(id)
            && let Some(tracking) = self.threads.tracking_mut(owner)
        {
            tracking.fds.remove(number, &mut self.fds);
        }
    }

    /// Finds the thread of the event, its stored enter event and its fd.
    pub(crate) fn assign_thread_and_fd(&mut self, event: &Event<'_>, plan: &Plan) {
        let id = match plan.thread {
            ThreadPlan::None => None,
            ThreadPlan::LookUp | ThreadPlan::Find => self.threads.find_cached(event.tid),
            ThreadPlan::FindOrPlaceholder => self.thread_or_placeholder(event.tid),
        };
        self.event_thread = id;
        let Some(id) = id.filter(|_| plan.thread != ThreadPlan::LookUp) else { return };
        if plan.thread == ThreadPlan::FindOrPlaceholder
            && let Some(thread) = self.threads.get_mut(id)
        {
            thread.flags |= flags::ACTIVE;
        }
        if self.live.is_some() && plan.directories.first().is_some_and(Option::is_some) {
            self.look_up_directories(event, plan);
        }
        let Some(tracking) = self.threads.tracking_mut(id) else { return };
        tracking.last_access_ns = event.time_ns;
        let code = event.kind.code();
        if plan.enter {
            tracking.last_type = code;
            tracking.last_fd = -1;
        } else {
            let follows = u32::from(code) == u32::from(tracking.last_type) + 1
                || (event.kind == EventType::ExecveV19X
                    && tracking.last_type == EventType::ExecveatE.code());
            tracking.enter_valid = follows;
            if !follows {
                tracking.last_fd = -1;
            }
        }
        if plan.uses_fd {
            if tracking.last_fd == -1
                && let Some(number) = plan.fd_param.and_then(|index| event.int(index))
            {
                tracking.last_fd = number;
            }
            let number = tracking.last_fd;
            self.event_fd = self.find_fd(id, number);
        }
    }

    /// Keeps an enter event for its exit event.
    pub(crate) fn store_enter(&mut self, event: &Event<'_>) {
        let bytes = event.bytes();
        let tracking = self.event_thread.and_then(|id| self.threads.tracking_mut(id));
        let fits = bytes.len() <= MAX_ENTER;
        let is_kept = fits && tracking.is_some();
        if let Some(tracking) = tracking {
            // That of an earlier call, whose end was not told, must not stand for this one.
            tracking.enter.clear();
            if fits {
                tracking.enter.extend_from_slice(bytes);
            }
        }
        self.counters.enters_dropped += u64::from(!is_kept);
    }

    /// Takes the stored enter event out of the thread of `event`, if it is that of `event`.
    pub(crate) fn take_enter(&mut self, event: &Event<'_>) -> Option<Vec<u8>> {
        let tracking = self.threads.tracking_mut(self.event_thread?)?;
        if !tracking.enter_valid || tracking.enter.is_empty() {
            return None;
        }
        let stored = Event::decode(&tracking.enter, 0, 0).ok()?.kind;
        let fits = stored.code() + 1 == event.kind.code()
            || (stored == EventType::ExecveatE && event.kind == EventType::ExecveV19X);
        if !fits {
            tracking.enter_valid = false;
            return None;
        }
        Some(std::mem::take(&mut tracking.enter))
    }

    /// Gives the buffer of [`Self::take_enter`] back, for the next enter event.
    pub(crate) fn return_enter(&mut self, buffer: Option<Vec<u8>>) {
        let tracking = self.event_thread.and_then(|id| self.threads.tracking_mut(id));
        if let (Some(buffer), Some(tracking)) = (buffer, tracking) {
            tracking.enter = buffer;
        }
    }

    fn end(&mut self, event: &Event<'_>, plan: &Plan) {
        let thread = self.event_thread.or_else(|| self.threads.find_cached(event.tid));
        if let Some(tracking) = self.event_thread.and_then(|id| self.threads.tracking_mut(id))
            && !plan.enter
        {
            tracking.enter.clear();
        }
        self.current.thread = thread;
        self.current.event_fd = self.event_fd;
        let Some(id) = thread else { return };
        let number = self.threads.tracking(id).map_or(-1, |tracking| tracking.last_fd);
        self.current.fd_number = number;
        self.current.fd = self.event_fd.or_else(|| self.find_fd(id, number));
        self.current.fd_name_changed = self.fd_renamed && self.event_fd.is_some();
    }

    /// The thread that owns the fd table of `id`: itself, or its main thread if it shares.
    #[inline]
    pub(crate) fn fd_owner(&self, id: ThreadId) -> Option<ThreadId> {
        if self.threads.get(id)?.flags & flags::CLONE_FILES == 0 {
            return Some(id);
        }
        self.main_thread(id)
    }
}
