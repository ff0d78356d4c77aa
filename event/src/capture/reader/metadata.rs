//! The part of a section before its first event: section header, machine, lists.

use std::io::Read;

use super::{Found, Phase, Reader, Record, list::List, u16_at, u32_at};
use crate::capture::{
    block::{self, BlockKind, ListKind},
    error::{CaptureError, CaptureErrorKind},
    machine::MachineInfo,
};

/// More than any entry of a list can have, the part that we do not know left out.
const MAX_ENTRY_BYTES: usize = 32 * 1024;
const MIN_SECTION_BYTES: usize = 28;

impl<R: Read> Reader<R> {
    pub(super) fn section(&mut self) -> Result<(), CaptureError> {
        let (block_type, total) = self.header()?;
        let offset = self.offset;
        if block_type != block::SECTION {
            return Err(CaptureErrorKind::NoSectionHeader(block_type).at(offset));
        }
        if (total as usize) < MIN_SECTION_BYTES {
            return Err(CaptureErrorKind::BlockTooShort { block_type, length: total }.at(offset));
        }
        self.fill(MIN_SECTION_BYTES - block::TRAILER_BYTES)?;
        let bytes = self.window.bytes();
        let magic = u32_at(bytes, 8);
        let major = u16_at(bytes, 12);
        if magic != block::SECTION_MAGIC {
            return Err(CaptureErrorKind::BadMagic(magic).at(offset));
        }
        if major > 1 {
            return Err(CaptureErrorKind::NewerVersion(major).at(offset));
        }
        self.pending = u64::from(total);
        Ok(())
    }

    /// Looks at one block before the first event; `None` if there is nothing to tell of it.
    pub(super) fn metadata(&mut self) -> Result<Option<Found>, CaptureError> {
        if !self.window.fill(1) && self.window.is_at_end() {
            return Err(CaptureErrorKind::NoEvents.at(self.window.offset()));
        }
        let (block_type, total) = self.header()?;
        let too_short = CaptureErrorKind::BlockTooShort { block_type, length: total };
        let kind = BlockKind::of(block_type);
        let fixed = match kind {
            BlockKind::Event(_) => {
                self.phase = Phase::Events;
                return Ok(Some(Found::Event));
            }
            BlockKind::Machine => MachineInfo::BYTES,
            BlockKind::List(ListKind::Fds { .. }) => size_of::<i64>(),
            BlockKind::List(_) | BlockKind::Other => 0,
        };
        let Some(body) = (total as usize).checked_sub(block::HEADER_BYTES + block::TRAILER_BYTES)
        else {
            return Err(too_short.at(self.offset));
        };
        if body < fixed {
            return Err(too_short.at(self.offset));
        }
        self.fill(block::HEADER_BYTES + fixed)?;
        match kind {
            BlockKind::Machine if body > fixed => {
                let limit = block::HEADER_BYTES + fixed + block::TRAILER_BYTES;
                let error = CaptureErrorKind::BlockTooLong { block_type, length: total, limit };
                return Err(error.at(self.offset));
            }
            BlockKind::Machine => return Ok(Some(Found::Machine)),
            BlockKind::Event(_) => {}
            BlockKind::List(kind) => {
                let tid = if fixed > 0 { i64_at(self.window.bytes(), 8) } else { 0 };
                let list = List { kind, total, remaining: body - fixed, tid };
                self.phase = Phase::List(list);
                self.pending = (block::HEADER_BYTES + fixed) as u64;
            }
            BlockKind::Other => {
                if !self.window.skip((block::HEADER_BYTES + body) as u64) {
                    return Err(self.shortfall(u64::from(total)));
                }
                self.trailer(total)?;
            }
        }
        Ok(None)
    }

    /// Checks the trailer, which the window begins with, and drops it.
    fn trailer(&mut self, header: u32) -> Result<(), CaptureError> {
        self.fill(block::TRAILER_BYTES)?;
        let trailer = u32_at(self.window.bytes(), 0);
        if trailer != header {
            let offset = self.window.offset();
            return Err(CaptureErrorKind::TrailerMismatch { header, trailer }.at(offset));
        }
        self.window.consume(block::TRAILER_BYTES);
        Ok(())
    }

    pub(super) fn end_list(&mut self, list: List) -> Result<(), CaptureError> {
        self.fill(list.remaining)?;
        self.window.consume(list.remaining);
        self.trailer(list.total)?;
        self.phase = Phase::Metadata;
        Ok(())
    }

    /// The machine block that the window begins with.
    pub(super) fn machine(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
        let (_, total) = self.header()?;
        self.fill(total as usize).inspect_err(|_| self.phase = Phase::Done)?;
        let bytes = self.window.bytes();
        let end = total as usize - block::TRAILER_BYTES;
        let trailer = u32_at(bytes, end);
        let body = bytes.get(block::HEADER_BYTES..end).unwrap_or_default();
        let error = if trailer == total {
            self.pending = u64::from(total);
            match MachineInfo::parse(body) {
                Ok(machine) => return Ok(Some(Record::Machine(machine))),
                Err(error) => error,
            }
        } else {
            CaptureErrorKind::TrailerMismatch { header: total, trailer }
        };
        self.phase = Phase::Done;
        Err(error.at(self.offset))
    }

    /// The list entry that the window begins with.
    pub(super) fn entry(&mut self, mut list: List) -> Result<Option<Record<'_>>, CaptureError> {
        let ready = list.remaining.min(MAX_ENTRY_BYTES);
        self.fill(ready).inspect_err(|_| self.phase = Phase::Done)?;
        let offset = self.window.offset();
        let bytes = self.window.bytes().get(..ready).unwrap_or_default();
        let parsed = list.parse(bytes).and_then(|(record, used, declared)| {
            let length = list.entry_length(used, declared)?;
            Ok((record, length))
        });
        match parsed {
            Ok((record, length)) => {
                list.remaining -= length;
                self.pending = length as u64;
                self.phase = Phase::List(list);
                Ok(Some(record))
            }
            Err(error) => {
                self.phase = Phase::Done;
                Err(error.at(offset))
            }
        }
    }
}

fn i64_at(bytes: &[u8], at: usize) -> i64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |it| i64::from_le_bytes(*it))
}
