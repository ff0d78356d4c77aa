//! When the state of the host is read anew: events that would have changed it were lost.

use std::time::{Duration, Instant};

use event::EventFlags;

use super::{Drops, Waiting, Watch};
use crate::log;

/// Time between two of them, at least: reading takes a while, in which events wait.
const REST: Duration = Duration::from_secs(10);

/// Compares the counters of drops from time to time.
#[derive(Debug, Default)]
pub(super) struct Mending {
    /// Lost events that would have changed the state, as of the last look.
    lost: u64,
    /// Some of them came after the last time that the state was read.
    is_due: bool,
    /// More of them came between the last two looks.
    goes_on: bool,
    last: Option<Instant>,
}

impl Mending {
    /// Takes note of `drops`, which count from the beginning.
    pub(super) fn note(&mut self, drops: &Drops) {
        let changes =
            |loss: &&ebpf::Loss| loss.kind.info().flags.intersects(EventFlags::MODIFIES_STATE);
        let lost = drops.by_kind.iter().filter(changes).map(|loss| loss.events).sum();
        self.goes_on = lost != self.lost;
        self.is_due |= self.goes_on;
        self.lost = lost;
    }

    /// Whether the state is to be read anew `now`, where no event waits. Not while more is lost: it would be wrong
    /// again.
    pub(super) fn claim(&mut self, now: Instant) -> bool {
        let is_early = self.last.is_some_and(|last| now - last < REST);
        let is_time = self.is_due && !self.goes_on && !is_early;
        if is_time {
            self.is_due = false;
            self.last = Some(now);
        }
        is_time
    }
}

impl Watch<'_> {
    /// Where nothing waits to be seen: reads the state anew if events were lost that would have changed it.
    pub(super) fn mend(&mut self) {
        if !self.mending.claim(Instant::now()) {
            return;
        }
        // What waits was judged by threads that are about to go.
        self.settle(Waiting::all);
        self.host.read_anew();
        self.figures.mended += 1;
        log::info("events were lost: what runs on this host was read anew");
    }
}

#[cfg(test)]
mod tests {
    use ebpf::{Loss, LossReason};
    use event::EventType;

    use super::*;

    /// Looks every five seconds, `events_lost` events of `kind` since the last look each time; at which looks the state is
    /// read anew.
    #[track_caller]
    fn check(kind: EventType, events_lost: &[u64], expected: &[bool]) {
        let (mut mending, mut now, mut events) = (Mending::default(), Instant::now(), 0);
        let claimed = events_lost.iter().map(|more| {
            now += Duration::from_secs(5);
            events += more;
            let loss = Loss { kind, reason: LossReason::RingFull, events };
            mending.note(&Drops { by_kind: vec![loss], ..Drops::default() });
            mending.claim(now)
        });
        assert_eq!(claimed.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn state_is_read_once_losses_have_ended() {
        check(
            EventType::OpenatV2X,
            &[0, 7, 7, 0, 0, 0],
            &[false, false, false, true, false, false],
        );
    }

    #[test]
    fn it_is_not_read_all_the_time() {
        check(EventType::CloneV20X, &[1, 0, 0, 1, 0], &[false, true, false, false, true]);
        // Five seconds after the last time is too early.
        check(EventType::CloneV20X, &[1, 0, 1, 0, 0], &[false, true, false, true, false]);
    }

    #[test]
    fn what_changes_nothing_does_not_matter() {
        check(EventType::UnlinkatX, &[5, 0, 0], &[false, false, false]);
    }
}
