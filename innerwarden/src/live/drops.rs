//! What a source could not deliver, as Falco groups it.

use ebpf::{LossReason, Losses};
use event::EventType;

/// What a source could not deliver since it was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Drops {
    /// Events that the kernel saw, those it lost included.
    pub(crate) seen: u64,
    /// Events lost, all kinds together.
    pub(crate) total: u64,
    /// Lost because a buffer was full, by [`BUFFER_KINDS`].
    pub(crate) buffer: [u64; BUFFER_KINDS.len()],
    /// Lost because there was no room to put the event together.
    pub(crate) scratch: u64,
    /// Lost because they were longer than an event may be.
    pub(crate) too_long: u64,
    /// Records that were no events: a defect.
    pub(crate) bug: u64,
    /// Events left out in the kernel because nobody can need them. No losses.
    pub(crate) needless: u64,
    /// By type of event and reason.
    pub(crate) by_kind: Vec<ebpf::Loss>,
    /// Events that were not lost, by type.
    pub(crate) sent_by_kind: Vec<(EventType, u64)>,
}

/// Kinds of events whose losses Falco tells apart.
pub(crate) const BUFFER_KINDS: [&str; 8] =
    ["clone_fork", "close", "connect", "dir_file", "execve", "open", "other_interest", "proc"];

impl Drops {
    /// What the probes counted; `undecodable` records were no events.
    pub(super) fn of_probes(losses: Losses, undecodable: u64) -> Self {
        let mut drops = Self {
            seen: losses.sent() + losses.total(),
            total: losses.total() + undecodable,
            bug: undecodable,
            needless: losses.needless,
            ..Self::default()
        };
        for loss in &losses.lost {
            match loss.reason {
                LossReason::RingFull => {
                    let of_kind = BUFFER_KINDS.iter().position(|it| *it == buffer_kind(loss.kind));
                    if let Some(count) = of_kind.and_then(|index| drops.buffer.get_mut(index)) {
                        *count += loss.events;
                    }
                }
                LossReason::NoScratch => drops.scratch += loss.events,
                LossReason::TooLong => drops.too_long += loss.events,
            }
        }
        drops.by_kind = losses.lost;
        drops.sent_by_kind = losses.sent_by_kind;
        drops
    }

    /// What came in addition to `earlier`; without what is counted by type.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let mut buffer = self.buffer;
        for (count, earlier) in buffer.iter_mut().zip(earlier.buffer) {
            *count = count.saturating_sub(earlier);
        }
        Self {
            seen: self.seen.saturating_sub(earlier.seen),
            total: self.total.saturating_sub(earlier.total),
            buffer,
            scratch: self.scratch.saturating_sub(earlier.scratch),
            too_long: self.too_long.saturating_sub(earlier.too_long),
            bug: self.bug.saturating_sub(earlier.bug),
            needless: self.needless.saturating_sub(earlier.needless),
            by_kind: Vec::new(),
            sent_by_kind: Vec::new(),
        }
    }
}

/// The kind under which Falco's driver counts an event that found its buffer full.
fn buffer_kind(kind: EventType) -> &'static str {
    use EventType as E;
    match kind {
        E::OpenX | E::CreatX | E::OpenatX | E::Openat2X | E::OpenByHandleAtX => "open",
        E::DupX
        | E::Dup2X
        | E::Dup3X
        | E::ChdirX
        | E::FchdirX
        | E::ChmodX
        | E::FchmodX
        | E::FchmodatX
        | E::ChownX
        | E::LchownX
        | E::FchownX
        | E::FchownatX
        | E::LinkX
        | E::LinkatX
        | E::MkdirX
        | E::MkdiratX
        | E::RmdirX
        | E::UnlinkX
        | E::UnlinkatX
        | E::RenameX
        | E::RenameatX
        | E::Renameat2X
        | E::SymlinkX
        | E::SymlinkatX => "dir_file",
        E::CloneV20X | E::Clone3X | E::ForkV20X | E::VforkV20X => "clone_fork",
        E::ExecveV19X | E::ExecveatX => "execve",
        E::ConnectX => "connect",
        E::CloseX => "close",
        E::ProcexitV1E => "proc",
        _ => "other_interest",
    }
}
