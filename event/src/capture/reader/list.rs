//! A list that is being read.

use super::Record;
use crate::capture::{
    block::ListKind, error::CaptureErrorKind, fd::FdEntry, interface::InterfaceEntry,
    thread::ThreadEntry, user,
};

/// A list that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub(super) kind: ListKind,
    /// Total length of the block.
    pub(super) total: u32,
    /// Bytes of the body that are left.
    pub(super) remaining: usize,
    /// Thread of a list of fds.
    pub(super) tid: i64,
}

/// A rest of a list below this is padding.
const MIN_ENTRY_BYTES: usize = 4;

impl List {
    /// Whether nothing but padding is left.
    pub(super) const fn is_finished(&self) -> bool {
        self.remaining < MIN_ENTRY_BYTES
    }

    pub(super) fn parse<'a>(
        &self,
        bytes: &'a [u8],
    ) -> Result<(Record<'a>, usize, Option<u32>), CaptureErrorKind> {
        Ok(match self.kind {
            ListKind::Interfaces { sized } => {
                let (entry, used, declared) = InterfaceEntry::parse(bytes, sized)?;
                (Record::Interface(entry), used, declared)
            }
            ListKind::Users { sized } => user::parse(bytes, sized)?,
            ListKind::Threads { version } => {
                let (entry, used, declared) = ThreadEntry::parse(bytes, version)?;
                (Record::Thread(entry), used, declared)
            }
            ListKind::Fds { sized } => {
                let (entry, used, declared) = FdEntry::parse(bytes, sized, self.tid)?;
                (Record::Fd(entry), used, declared)
            }
        })
    }

    /// Bytes to go on by: what the entry declares, which may be more than the fields that we know.
    pub(super) fn entry_length(
        &self,
        used: usize,
        declared: Option<u32>,
    ) -> Result<usize, CaptureErrorKind> {
        let list = match self.kind {
            ListKind::Interfaces { .. } => "interface",
            ListKind::Users { .. } => "user",
            ListKind::Threads { .. } => "thread",
            ListKind::Fds { .. } => "fd",
        };
        let length = match declared {
            None | Some(0) => used,
            Some(declared) if (declared as usize) < used => {
                return Err(CaptureErrorKind::EntryOverrun { list, declared, actual: used });
            }
            Some(declared) => declared as usize,
        };
        if length > self.remaining {
            return Err(CaptureErrorKind::EntryTooShort(list));
        }
        Ok(length)
    }
}
