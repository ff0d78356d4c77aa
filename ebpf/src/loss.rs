//! What was seen and what was lost, by type of event and reason.

use aya::maps::{MapData, PerCpuArray};
use event::EventType;

use crate::abi::{MAX_EVENT_TYPES, RawCounters};

/// Why an event was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LossReason {
    /// The ring buffer had no room: user space was too slow.
    RingFull,
    /// It was longer than an event may be.
    TooLong,
    /// The CPU had no buffer left to put it together.
    NoScratch,
}

impl LossReason {
    /// All of them, in the order of `struct counters`.
    pub const ALL: [Self; 3] = [Self::RingFull, Self::TooLong, Self::NoScratch];

    /// As it is called in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RingFull => "ring_full",
            Self::TooLong => "too_long",
            Self::NoScratch => "no_scratch",
        }
    }
}

/// How many events of one type were lost for one reason since the probes were loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Type of event.
    pub kind: EventType,
    /// Why.
    pub reason: LossReason,
    /// How many.
    pub events: u64,
}

/// What the probes counted since they were loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    /// Events that were written into the ring buffers, by type; only those that happened.
    pub sent_by_kind: Vec<(EventType, u64)>,
    /// Events that were not written because the filter says that nobody can need them. No losses.
    pub needless: u64,
    /// Events that were not, by type and reason; only those that happened.
    pub lost: Vec<Loss>,
}

impl Losses {
    /// Events that were written into the ring buffers, all together.
    pub fn sent(&self) -> u64 {
        self.sent_by_kind.iter().map(|(_, events)| events).sum()
    }

    /// All losses together.
    pub fn total(&self) -> u64 {
        self.lost.iter().map(|loss| loss.events).sum()
    }

    /// Adds up the counters of all CPUs. What cannot be read counts as nothing.
    pub(crate) fn read(counters: &PerCpuArray<MapData, RawCounters>) -> Self {
        let mut losses = Self::default();
        for code in 0..MAX_EVENT_TYPES {
            let kind = u16::try_from(code).ok().and_then(EventType::from_code);
            let (Some(kind), Ok(cpus)) = (kind, counters.get(&code, 0)) else { continue };
            let mut totals = [0_u64; LossReason::ALL.len()];
            let mut all_sent = 0;
            for [sent, lost @ .., needless] in cpus.iter() {
                all_sent += sent;
                losses.needless += needless;
                for (total, count) in totals.iter_mut().zip(lost) {
                    *total += count;
                }
            }
            if all_sent > 0 {
                losses.sent_by_kind.push((kind, all_sent));
            }
            let lost = LossReason::ALL.into_iter().zip(totals).filter(|(_, events)| *events > 0);
            losses.lost.extend(lost.map(|(reason, events)| Loss { kind, reason, events }));
        }
        losses
    }
}
