//! Reads a capture record by record.

mod list;
mod metadata;

use std::{fs::File, io::Read, path::Path};

use self::list::List;
use super::{
    block::{self, BlockKind, EventLayout},
    error::{CaptureError, CaptureErrorKind},
    fd::FdEntry,
    interface::InterfaceEntry,
    machine::MachineInfo,
    old_event,
    thread::ThreadEntry,
    user::{GroupEntry, UserEntry},
    window::Window,
};
use crate::{
    table::EventType,
    view::{self, Event},
};

/// One thing that a capture says. Borrowed from the reader until the next one is read.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::large_enum_variant, reason = "it is returned in place and never stored")]
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
                Phase::List(list) if list.is_finished() => self.end_list(list)?,
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

/// The number at `at`; 0 beyond the end, which the callers have excluded.
#[inline]
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |it| u16::from_le_bytes(*it))
}

#[inline]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |it| u32::from_le_bytes(*it))
}

#[cfg(test)]
mod tests;
