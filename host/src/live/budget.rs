//! How many questions may still be asked.

use super::LiveConfig;
use crate::platform::FdScope;

/// Questions asked in the current period.
#[derive(Debug, Default)]
pub(super) struct Budget {
    period_start_ns: u64,
    asked: u32,
}

impl Budget {
    /// Takes one question; which fds it may ask for, `None` if there is none left in this period.
    pub(super) fn take(&mut self, time_ns: u64, config: &LiveConfig) -> Option<FdScope> {
        // Times of events may go back a little.
        let elapsed_ns = time_ns.abs_diff(self.period_start_ns);
        if elapsed_ns >= config.lookup_period_ns {
            self.period_start_ns = time_ns;
            self.asked = 0;
        }
        if self.asked >= config.max_lookups {
            return None;
        }
        self.asked += 1;
        let sockets = self.asked <= config.max_socket_lookups;
        Some(if sockets { FdScope::All } else { FdScope::NoSockets })
    }
}
