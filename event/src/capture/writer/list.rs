//! Which block a list entry belongs to.

use super::block::BlockBuffer;
use crate::capture::{fd::FdDetail, reader::Record};

/// A block that holds entries of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListBlock {
    Interfaces,
    Users,
    Threads,
    /// Of this thread.
    Fds(i64),
}

impl ListBlock {
    /// The block that `record` belongs to; `None` if it says nothing and is left out.
    pub(super) fn of(record: &Record<'_>) -> Option<Self> {
        match record {
            Record::Interface(_) => Some(Self::Interfaces),
            Record::User(_) | Record::Group(_) => Some(Self::Users),
            Record::Thread(_) => Some(Self::Threads),
            Record::Fd(fd) if fd.detail == FdDetail::Nothing => None,
            Record::Fd(fd) => Some(Self::Fds(fd.tid)),
            Record::Section | Record::Machine(_) | Record::Event(_) => None,
        }
    }

    /// Whether a second block adds to the first one. Of interfaces and users readers keep only the last block.
    pub(super) const fn can_split(self) -> bool {
        matches!(self, Self::Threads | Self::Fds(_))
    }

    pub(super) fn begin(self, block: &mut BlockBuffer) {
        match self {
            Self::Interfaces => block.begin(0x219),
            Self::Users => block.begin(0x220),
            Self::Threads => block.begin(0x215),
            Self::Fds(tid) => {
                block.begin(0x218);
                block.put(&tid.to_le_bytes());
            }
        }
    }
}

/// Appends an entry to the body of its block.
pub(super) fn encode(record: &Record<'_>, body: &mut Vec<u8>) {
    match record {
        Record::Interface(entry) => entry.encode(body),
        Record::User(entry) => entry.encode(body),
        Record::Group(entry) => entry.encode(body),
        Record::Thread(entry) => entry.encode(body),
        Record::Fd(entry) => entry.encode(body),
        Record::Section | Record::Machine(_) | Record::Event(_) => {}
    }
}
