//! Which events nobody can need, so that the probes leave them out: `bpf/include/filter.h`.

use std::collections::BTreeMap;

use event::{Event, EventType};

use crate::abi::RawFilter;

/// Longest path that is looked at, with its NUL: `PLAIN_PATH_BYTES`.
const PLAIN_PATH_BYTES: usize = 256;

/// The last bit of the numbers stands for all from its own on.
const LAST_NUMBER: u64 = 63;

/// What is needless of the events of failed calls of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failed {
    /// Nothing.
    #[default]
    Needed,
    /// Those whose path has no two dots in a row and, with its NUL, at most 256 bytes.
    NeedlessIfPlain,
    /// All.
    Needless,
}

/// What is needless of the events of one type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Needless {
    failed: Failed,
    /// By the number that says what the call does.
    numbers: u64,
}

/// Events that nobody can need, by type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    needless: BTreeMap<EventType, Needless>,
}

impl Filter {
    /// Nothing is needless.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether events of this type have a path that [`Failed::NeedlessIfPlain`] looks at.
    pub fn knows_path(kind: EventType) -> bool {
        path_of(kind).is_some()
    }

    /// The parameter of events of this type whose number says what the call does, if there is one.
    pub const fn number_of(kind: EventType) -> Option<usize> {
        match kind {
            EventType::PrctlX => Some(1),
            EventType::FcntlX => Some(2),
            EventType::SetrlimitX | EventType::GetrlimitX => Some(3),
            EventType::PrlimitX => Some(6),
            _ => None,
        }
    }

    /// Whether events of this type tell by a negative first parameter that the call failed.
    pub fn knows_failure(kind: EventType) -> bool {
        let result = kind.info().params.first();
        !kind.is_enter() && result.is_some_and(|it| it.kind.is_signed())
    }

    /// Events of failed calls of this type are needless as `failed` says. Has no effect unless
    /// [`Filter::knows_failure`] and, for [`Failed::NeedlessIfPlain`], [`Filter::knows_path`].
    pub fn leave_out_failed(&mut self, kind: EventType, failed: Failed) {
        let is_known = Self::knows_failure(kind)
            && (failed != Failed::NeedlessIfPlain || Self::knows_path(kind));
        let failed = if is_known { failed } else { Failed::Needed };
        self.needless.entry(kind).or_default().failed = failed;
        self.tidy(kind);
    }

    /// Events of this type are needless unless their number ([`Filter::number_of`]) is one of `needed`. Has no effect
    /// where one of these is above 62: the probes do not tell those apart.
    pub fn leave_out_numbers_but(&mut self, kind: EventType, needed: &[u64]) {
        if Self::number_of(kind).is_none() || needed.iter().any(|&number| number >= LAST_NUMBER) {
            return;
        }
        let needed = needed.iter().fold(0, |bits, number| bits | 1_u64 << number);
        self.needless.entry(kind).or_default().numbers = !needed;
        self.tidy(kind);
    }

    /// Needs all events of this type.
    pub fn keep(&mut self, kind: EventType) {
        self.needless.remove(&kind);
    }

    /// What is needless by this filter and by `other`.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        let mut common = Self::new();
        for (&kind, one) in &self.needless {
            let Some(two) = other.needless.get(&kind) else { continue };
            let both =
                Needless { failed: one.failed.min(two.failed), numbers: one.numbers & two.numbers };
            common.needless.insert(kind, both);
            common.tidy(kind);
        }
        common
    }

    /// Types of events of which something is needless.
    pub fn kinds(&self) -> impl Iterator<Item = EventType> + '_ {
        self.needless.keys().copied()
    }

    /// What is needless of the events of failed calls of this type.
    pub fn failed(&self, kind: EventType) -> Failed {
        self.of(kind).failed
    }

    /// Whether the probes leave `event` out.
    pub fn leaves_out(&self, event: &Event<'_>) -> bool {
        let needless = self.of(event.kind);
        let number = Self::number_of(event.kind).and_then(|index| event.uint(index));
        if number.is_some_and(|it| needless.numbers >> it.min(LAST_NUMBER) & 1 == 1) {
            return true;
        }
        let failed = event.int(0).is_some_and(|result| result < 0);
        failed
            && match needless.failed {
                Failed::Needed => false,
                Failed::NeedlessIfPlain => {
                    path_of(event.kind).is_some_and(|index| is_plain(event.param(index)))
                }
                Failed::Needless => true,
            }
    }

    /// As the probes have it.
    pub(crate) fn raw(&self, kind: EventType) -> RawFilter {
        let Needless { failed, numbers } = self.of(kind);
        let failed = match failed {
            Failed::Needed => 0,
            Failed::Needless => 1,
            Failed::NeedlessIfPlain => 2,
        };
        [failed, numbers]
    }

    fn of(&self, kind: EventType) -> Needless {
        self.needless.get(&kind).copied().unwrap_or_default()
    }

    /// Forgets a type of which nothing is needless: equal filters look equal.
    fn tidy(&mut self, kind: EventType) {
        if self.of(kind) == Needless::default() {
            self.needless.remove(&kind);
        }
    }
}

/// The parameter that `is_needless_path()` looks at.
const fn path_of(kind: EventType) -> Option<usize> {
    match kind {
        EventType::OpenX | EventType::CreatX => Some(1),
        EventType::OpenatV2X | EventType::Openat2X => Some(2),
        _ => None,
    }
}

/// `is_plain_path()`, of a path with its NUL.
fn is_plain(path: &[u8]) -> bool {
    (1..=PLAIN_PATH_BYTES).contains(&path.len()) && !path.windows(2).any(|two| two == b"..")
}

#[cfg(test)]
mod tests;
