//! `syscall_event_drops`: what happens when events are lost, as Falco does it.

use falco_compat::{format::FieldValue, rules::Priority};

use super::{Drops, Voice, drops::BUFFER_KINDS};
use crate::{config::DropSettings, log};

/// How often drops are looked at.
const PERIOD_NS: u64 = 1_000_000_000;

/// Name of the alert.
const RULE: &str = "Falco internal: syscall event drop";

/// Compares the counters of drops once a second.
#[derive(Debug)]
pub(super) struct DropWatch {
    settings: DropSettings,
    bucket: TokenBucket,
    next_look_ns: u64,
    last: Drops,
    last_recorded: u64,
}

/// Events were lost, and it is time to say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    /// In the last second.
    delta: Drops,
    events: u64,
}

impl DropWatch {
    pub(super) fn new(settings: &DropSettings) -> Self {
        Self {
            settings: settings.clone(),
            bucket: TokenBucket::new(settings.rate, settings.max_burst),
            next_look_ns: 0,
            last: Drops::default(),
            last_recorded: 0,
        }
    }

    /// From now on, `settings` count.
    pub(super) fn configure(&mut self, settings: &DropSettings) {
        if self.settings != *settings {
            self.settings = settings.clone();
            self.bucket = TokenBucket::new(settings.rate, settings.max_burst);
        }
    }

    /// Looks whether events were lost since the last look, more than may be and not too soon after the last time that
    /// this was said. `recorded` and `drops` count from the beginning.
    pub(super) fn look(&mut self, now_ns: u64, recorded: u64, drops: &Drops) -> Option<Finding> {
        if self.next_look_ns == 0 {
            self.next_look_ns = now_ns + PERIOD_NS;
        }
        // A clock that was set back by hours must not silence us for hours.
        let is_early = now_ns < self.next_look_ns && self.next_look_ns - now_ns <= PERIOD_NS;
        if is_early {
            return None;
        }
        self.next_look_ns = now_ns + PERIOD_NS;
        let mut delta = drops.since(&self.last);
        let events = delta.seen.max(recorded.saturating_sub(self.last_recorded) + delta.total);
        self.last = drops.clone();
        self.last_recorded = recorded;
        let mut threshold = self.settings.threshold;
        if self.settings.simulate {
            log::info("simulating the loss of an event (`syscall_event_drops.simulate_drops`)");
            delta.total += 1;
            threshold = 0.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a ratio of two counts")]
        let ratio = delta.total as f64 / events.max(1) as f64;
        if delta.total == 0 || ratio <= threshold {
            return None;
        }
        if !self.bucket.claim(now_ns) {
            log::debug("events were lost, but this was said a moment ago");
            return None;
        }
        Some(Finding { delta, events })
    }
}

impl Finding {
    /// What happened, in Falco's words.
    pub(super) fn message(&self) -> String {
        format!("{RULE}. {} system calls dropped in last second.", self.delta.total)
    }

    /// Does what `settings` ask for, but for the exit.
    pub(super) fn tell(&self, settings: &DropSettings, voice: &Voice) {
        let message = self.message();
        if settings.exit {
            log::error(&message);
        } else if settings.log {
            // Falco says this at its debug level, where nobody sees it.
            log::warning(&message);
        }
        if settings.alert {
            voice.internal(Priority::Debug, RULE, &message, self.fields());
        }
    }

    /// Falco's figures: numbers as text, sorted by name.
    fn fields(&self) -> Vec<(String, FieldValue)> {
        let delta = &self.delta;
        let mut fields = vec![
            ("ebpf_enabled".to_owned(), 1),
            ("n_drops".to_owned(), delta.total),
            ("n_drops_bug".to_owned(), delta.bug + delta.too_long),
            ("n_drops_buffer_total".to_owned(), delta.buffer.iter().sum()),
            ("n_drops_page_faults".to_owned(), 0),
            ("n_drops_scratch_map".to_owned(), delta.scratch),
            ("n_evts".to_owned(), self.events),
        ];
        let kinds = BUFFER_KINDS.iter().zip(delta.buffer);
        fields.extend(kinds.map(|(kind, count)| (format!("n_drops_buffer_{kind}_exit"), count)));
        fields.sort();
        fields.into_iter().map(|(name, count)| (name, count.to_string().as_str().into())).collect()
    }
}

/// So many at once, so many a second in the long run.
#[derive(Debug)]
struct TokenBucket {
    per_second: f64,
    most: f64,
    tokens: f64,
    last_ns: u64,
}

impl TokenBucket {
    fn new(per_second: f64, most: f64) -> Self {
        Self { per_second, most, tokens: most, last_ns: 0 }
    }

    /// Takes one, if there is one.
    fn claim(&mut self, now_ns: u64) -> bool {
        if self.last_ns != 0 {
            let elapsed = std::time::Duration::from_nanos(now_ns.saturating_sub(self.last_ns));
            self.tokens = (self.tokens + self.per_second * elapsed.as_secs_f64()).min(self.most);
        }
        self.last_ns = now_ns;
        let has_one = self.tokens >= 1.0;
        if has_one {
            self.tokens -= 1.0;
        }
        has_one
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Dialect, LiveSettings};

    fn settings() -> DropSettings {
        LiveSettings::default_of(Dialect::Own).drops
    }

    /// Looks once a second; each look sees 100 more events and so many more drops. The drops of each finding.
    #[track_caller]
    fn check(settings: &DropSettings, drops: &[u64], expected: &[Option<u64>]) {
        let mut watch = DropWatch::new(settings);
        let (mut now_ns, mut recorded, mut total) = (PERIOD_NS, 0, 0);
        assert_eq!(watch.look(now_ns, 0, &Drops::default()), None);
        let found = drops.iter().map(|more| {
            now_ns += PERIOD_NS;
            recorded += 100;
            total += more;
            let drops = Drops { total, ..Drops::default() };
            watch.look(now_ns, recorded, &drops).map(|it| it.delta.total)
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn few_drops_do_not_matter() {
        check(&settings(), &[0, 11, 12], &[None, None, Some(12)]);
    }

    #[test]
    fn what_was_just_said_is_not_said_again() {
        let burst = DropSettings { max_burst: 2.0, rate: 0.5, ..settings() };
        check(&burst, &[50, 50, 50, 50], &[Some(50), Some(50), Some(50), None]);
    }

    #[test]
    fn simulated_drops_need_no_drops() {
        let simulating = DropSettings { simulate: true, ..settings() };
        check(&simulating, &[0, 0], &[Some(1), None]);
    }

    #[test]
    fn a_clock_set_back_does_not_silence() {
        let mut watch = DropWatch::new(&settings());
        assert_eq!(watch.look(100 * PERIOD_NS, 0, &Drops::default()), None);
        let drops = Drops { total: 50, ..Drops::default() };
        assert!(watch.look(5 * PERIOD_NS, 100, &drops).is_some());
    }

    #[test]
    fn figures_are_falcos() {
        let delta = Drops { total: 3, buffer: [1, 0, 0, 0, 0, 2, 0, 0], ..Drops::default() };
        let names: Vec<_> =
            Finding { delta, events: 9 }.fields().into_iter().map(|it| it.0).collect();
        expect_test::expect!["ebpf_enabled n_drops n_drops_buffer_clone_fork_exit n_drops_buffer_close_exit n_drops_buffer_connect_exit n_drops_buffer_dir_file_exit n_drops_buffer_execve_exit n_drops_buffer_open_exit n_drops_buffer_other_interest_exit n_drops_buffer_proc_exit n_drops_buffer_total n_drops_bug n_drops_page_faults n_drops_scratch_map n_evts"].assert_eq(&names.join(" "));
    }
}
