//! A wall clock that is set: whatever is compared with times of events goes with it.

use crate::host::Host;

impl Host {
    /// The wall clock was set by `step_ns`, and times of events are by the new one from now on.
    ///
    /// Without it, threads would seem to be hours old or not born yet, and what is done from time to time would be
    /// done too early or, after a clock was set back, not for as long. What a file system says of files stays.
    pub fn follow_clock(&mut self, step_ns: i64) {
        let shift = |time_ns: &mut u64| {
            // 0 is not a time, but that nothing is known of it.
            if *time_ns != 0 {
                *time_ns = time_ns.saturating_add_signed(step_ns);
            }
        };
        shift(&mut self.config.boot_time_ns);
        let ids: Vec<_> = self.threads.ids().collect();
        for id in ids {
            if let Some(thread) = self.threads.get_mut(id) {
                shift(&mut thread.clone_time_ns);
                shift(&mut thread.last_exec_time_ns);
                shift(&mut thread.pidns_init_start_time_ns);
            }
            if let Some(tracking) = self.threads.tracking_mut(id) {
                shift(&mut tracking.last_access_ns);
            }
        }
        self.recent_exits.shift(step_ns);
        if let Some(live) = self.live.as_mut() {
            live.purge.shift(step_ns);
            live.accounts_due_ns.clear();
            live.platform.clock_was_set(step_ns);
        }
    }
}
