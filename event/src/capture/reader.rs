//! Reads a capture record by record.

use std::{fs::File, io::Read, path::Path};

use super::{
    block::{self, BlockKind, EventLayout, ListKind},
    error::{CaptureError, CaptureErrorKind},
    fd::FdEntry,
    interface::InterfaceEntry,
    machine::MachineInfo,
    old_event,
    thread::ThreadEntry,
    user::{self, GroupEntry, UserEntry},
    window::Window,
};
use crate::{
    table::EventType,
    view::{self, Event},
};

/// One thing that a capture says. Borrowed from the reader until the next one is read.
#[derive(Clone, Copy, Debug)]
pub enum Record<'a> {
    /// A section begins: the first one, or another capture appended to it. What earlier sections said of the
    /// host no longer holds.
    Section,
    /// The machine.
    Machine(MachineInfo<'a>),
    /// One address of a network interface.
    Interface(InterfaceEntry<'a>),
    /// A user.
    User(UserEntry<'a>),
    /// A group.
    Group(GroupEntry<'a>),
    /// A thread that was there when recording began.
    Thread(ThreadEntry<'a>),
    /// An open file of a thread.
    Fd(FdEntry<'a>),
    /// An event as recorded, in whichever version of its layout.
    Event(Event<'a>),
}

/// Reads a capture, plain or gzip, with bounded memory.
///
/// Memory: a window of 256 KiB that grows up to the largest event (64 MiB at most).
#[derive(Debug)]
pub struct Reader<R> {
    window: Window<R>,
    phase: Phase,
    /// Bytes of the last record, dropped when the next one is read.
    pending: u64,
    /// Where the block of the last record begins.
    offset: u64,
    /// An event of the old layout, rewritten.
    scratch: Vec<u8>,
    skipped: u64,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// A section header comes.
    Section,
    /// Blocks about the host come.
    Metadata,
    /// Within a list.
    List(List),
    /// Events come.
    Events,
    /// At the end, or after an error.
    Done,
}

#[derive(Clone, Copy, Debug)]
struct List {
    kind: ListKind,
    /// Total length of the block.
    total: u32,
    /// Bytes of the body that are left.
    remaining: usize,
    /// Thread of a list of fds.
    tid: i64,
}

/// More than any entry of a list can have, the part that we do not know left out.
const MAX_ENTRY_BYTES: usize = 32 * 1024;
/// A rest of a list below this is padding.
const MIN_ENTRY_BYTES: usize = 4;
const MIN_SECTION_BYTES: usize = 28;

impl Reader<File> {
    /// Opens a capture file.
    pub fn open(path: impl AsRef<Path>) -> std::io::Result<Self> {
        Self::new(File::open(path)?)
    }
}

impl<R: Read> Reader<R> {
    /// Reads a capture from `inner`, which needs no buffer of its own.
    pub fn new(inner: R) -> std::io::Result<Self> {
        Ok(Self {
            window: Window::new(inner)?,
            phase: Phase::Section,
            pending: 0,
            offset: 0,
            scratch: Vec::new(),
            skipped: 0,
        })
    }

    /// Where the block of the last record begins, in bytes from the start after decompression.
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Events left out so far because their type is newer than our table.
    pub const fn skipped_events(&self) -> u64 {
        self.skipped
    }

    /// The next record; `None` at the end. After an error there is nothing more.
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "a record borrows from the reader")]
    pub fn next(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
        if !matches!(self.phase, Phase::Events) {
            return self.next_slow();
        }
        self.next_event()
    }

    fn next_slow(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
        let found = self.find().inspect_err(|_| self.phase = Phase::Done)?;
        match found {
            Found::End => Ok(None),
            Found::Section => Ok(Some(Record::Section)),
            Found::Machine => self.machine(),
            Found::Entry(list) => self.entry(list),
            Found::Event => self.next_event(),
        }
    }

    /// Goes on to the next section header, machine, list entry or event.
    fn find(&mut self) -> Result<Found, CaptureError> {
        loop {
            self.drop_pending()?;
            match self.phase {
                Phase::Done => return Ok(Found::End),
                Phase::Events => return Ok(Found::Event),
                Phase::Section => {
                    self.section()?;
                    self.phase = Phase::Metadata;
                    return Ok(Found::Section);
                }
                Phase::List(list) if list.remaining < MIN_ENTRY_BYTES => self.end_list(list)?,
                Phase::List(list) => return Ok(Found::Entry(list)),
                Phase::Metadata => {
                    if let Some(found) = self.metadata()? {
                        return Ok(found);
                    }
                }
            }
        }
    }

    #[inline]
    fn drop_pending(&mut self) -> Result<(), CaptureError> {
        let pending = std::mem::take(&mut self.pending);
        if self.window.skip(pending) { Ok(()) } else { Err(self.shortfall(pending)) }
    }

    #[inline]
    fn fill(&mut self, wanted: usize) -> Result<(), CaptureError> {
        if self.window.fill(wanted) { Ok(()) } else { Err(self.shortfall(wanted as u64)) }
    }

    #[cold]
    fn shortfall(&mut self, needed: u64) -> CaptureError {
        let offset = self.window.offset();
        self.window.shortfall(needed).at(offset)
    }

    /// Type and total length of the block that the window begins with.
    #[inline]
    fn header(&mut self) -> Result<(u32, u32), CaptureError> {
        self.fill(block::HEADER_BYTES)?;
        self.offset = self.window.offset();
        let bytes = self.window.bytes();
        Ok((u32_at(bytes, 0), u32_at(bytes, 4)))
    }

    fn section(&mut self) -> Result<(), CaptureError> {
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
    fn metadata(&mut self) -> Result<Option<Found>, CaptureError> {
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

    fn end_list(&mut self, list: List) -> Result<(), CaptureError> {
        self.fill(list.remaining)?;
        self.window.consume(list.remaining);
        self.trailer(list.total)?;
        self.phase = Phase::Metadata;
        Ok(())
    }

    /// The machine block that the window begins with.
    fn machine(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
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
    fn entry(&mut self, mut list: List) -> Result<Option<Record<'_>>, CaptureError> {
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

    #[inline]
    fn next_event(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
        match self.find_event() {
            Ok(Some(place)) => {
                let decoded = if place.old {
                    Event::decode(&self.scratch, place.cpu, place.flags)
                } else {
                    let bytes = self.window.bytes().get(place.start..place.end);
                    Event::decode(bytes.unwrap_or_default(), place.cpu, place.flags)
                };
                match decoded {
                    Ok(event) => Ok(Some(Record::Event(event))),
                    Err(error) => {
                        self.phase = Phase::Done;
                        Err(CaptureErrorKind::Event(error).at(self.offset))
                    }
                }
            }
            Ok(None) if matches!(self.phase, Phase::Section) => self.next_section(),
            Ok(None) => Ok(None),
            Err(error) => {
                self.phase = Phase::Done;
                Err(error)
            }
        }
    }

    /// Another capture follows.
    #[cold]
    fn next_section(&mut self) -> Result<Option<Record<'_>>, CaptureError> {
        self.find().inspect_err(|_| self.phase = Phase::Done)?;
        Ok(Some(Record::Section))
    }

    /// Goes on to the next event of a type that we know; `None` at the end of the section.
    #[inline]
    fn find_event(&mut self) -> Result<Option<Place>, CaptureError> {
        loop {
            self.drop_pending()?;
            if !self.window.fill(1) && self.window.is_at_end() {
                self.phase = Phase::Done;
                return Ok(None);
            }
            let (block_type, total) = self.header()?;
            let BlockKind::Event(layout) = BlockKind::of(block_type) else {
                self.phase = Phase::Section;
                return Ok(None);
            };
            let start = layout.event_start();
            self.check_event_length(block_type, total, layout)?;
            self.fill(total as usize)?;
            self.pending = u64::from(total);
            let bytes = self.window.bytes();
            let end = total as usize - block::TRAILER_BYTES;
            let code = u16_at(bytes, start + view::TYPE_OFFSET);
            let Some(kind) = EventType::from_code(code) else {
                // A newer recorder knows more system calls; Falco leaves them out without a word.
                self.skipped += 1;
                continue;
            };
            let cpu = u16_at(bytes, block::HEADER_BYTES);
            let flags = if layout.flags { u32_at(bytes, block::HEADER_BYTES + 2) } else { 0 };
            if layout.old {
                let old = bytes.get(start..end).unwrap_or_default();
                old_event::upgrade(old, kind, &mut self.scratch)
                    .map_err(|error| error.at(self.offset))?;
            }
            return Ok(Some(Place { start, end, cpu, flags, old: layout.old }));
        }
    }

    #[inline]
    fn check_event_length(
        &self,
        block_type: u32,
        total: u32,
        layout: EventLayout,
    ) -> Result<(), CaptureError> {
        let limit =
            if layout.large { block::MAX_LARGE_EVENT_BYTES } else { block::MAX_EVENT_BYTES };
        let header = if layout.old { old_event::HEADER_BYTES } else { view::HEADER_BYTES };
        if (total as usize) < layout.event_start() + header + block::TRAILER_BYTES {
            return Err(
                CaptureErrorKind::BlockTooShort { block_type, length: total }.at(self.offset)
            );
        }
        if total as usize - block::HEADER_BYTES > limit {
            return Err(
                CaptureErrorKind::BlockTooLong { block_type, length: total, limit }.at(self.offset)
            );
        }
        Ok(())
    }
}

/// What comes next.
enum Found {
    End,
    Section,
    Machine,
    Entry(List),
    Event,
}

/// Where an event lies in the window, or that it is in the scratch buffer.
struct Place {
    start: usize,
    end: usize,
    cpu: u16,
    flags: u32,
    old: bool,
}

impl EventLayout {
    /// Bytes of the block before the event.
    #[inline]
    const fn event_start(self) -> usize {
        block::HEADER_BYTES + 2 + if self.flags { 4 } else { 0 }
    }
}

impl List {
    fn parse<'a>(
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
    fn entry_length(&self, used: usize, declared: Option<u32>) -> Result<usize, CaptureErrorKind> {
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

/// The number at `at`; 0 beyond the end, which the callers have excluded.
#[inline]
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |it| u16::from_le_bytes(*it))
}

#[inline]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |it| u32::from_le_bytes(*it))
}

fn i64_at(bytes: &[u8], at: usize) -> i64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |it| i64::from_le_bytes(*it))
}
