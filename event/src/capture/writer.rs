//! Writes a capture record by record, in the block types that current Falco and sysdig write.

mod block;
mod list;

use std::io::{self, BufWriter, Write};

use flate2::{Compression, write::GzEncoder};

use self::{block::BlockBuffer, list::ListBlock};
use super::{
    block::{MAX_EVENT_BYTES, MAX_LARGE_EVENT_BYTES, SECTION, SECTION_MAGIC},
    machine::MachineInfo,
    reader::Record,
};
use crate::{table::EventFlags, view::Event};

/// Why a record cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The file cannot be written.
    #[error("cannot write the capture")]
    Io(#[from] io::Error),
    /// A record of another kind where a section has to begin, or one about the host after the first event:
    /// no reader would find it there.
    #[error("record is out of order: a section, then what is known of the host, then events")]
    OutOfOrder,
    /// The event exceeds what readers accept.
    #[error("event of {0} bytes is too long")]
    EventTooLong(usize),
    /// A section without events; no reader opens it.
    #[error("a section without events")]
    NoEvents,
}

/// Writes a capture, plain or gzip.
///
/// Strings longer than readers accept are cut. A list is written as one block for as long as records of its
/// kind follow each other.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: Sink<W>,
    phase: Phase,
    list: Option<ListBlock>,
    block: BlockBuffer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    Metadata,
    Events,
}

#[derive(Debug)]
enum Sink<W: Write> {
    Plain(BufWriter<W>),
    Gzip(Box<GzEncoder<BufWriter<W>>>),
}

const BUFFER_BYTES: usize = 64 * 1024;

impl<W: Write> Writer<W> {
    /// Writes a plain capture.
    pub fn plain(inner: W) -> Self {
        Self::new(Sink::Plain(BufWriter::with_capacity(BUFFER_BYTES, inner)))
    }

    /// Writes a compressed capture.
    pub fn gzip(inner: W) -> Self {
        let inner = BufWriter::with_capacity(BUFFER_BYTES, inner);
        Self::new(Sink::Gzip(Box::new(GzEncoder::new(inner, Compression::default()))))
    }

    fn new(out: Sink<W>) -> Self {
        Self { out, phase: Phase::Start, list: None, block: BlockBuffer::default() }
    }

    /// Writes one record. The first one has to be [`Record::Section`].
    pub fn write(&mut self, record: &Record<'_>) -> Result<(), WriteError> {
        match record {
            Record::Section => self.section(),
            Record::Event(event) => self.event(event),
            Record::Machine(machine) => self.machine(machine),
            Record::Interface(_)
            | Record::User(_)
            | Record::Group(_)
            | Record::Thread(_)
            | Record::Fd(_) => self.entry(record),
        }
    }

    /// Writes an event.
    pub fn event(&mut self, event: &Event<'_>) -> Result<(), WriteError> {
        if self.phase == Phase::Start {
            return Err(WriteError::OutOfOrder);
        }
        self.end_list()?;
        self.phase = Phase::Events;
        let large = event.kind.info().flags.intersects(EventFlags::LARGE_PAYLOAD);
        let block_type = match (event.flags, large) {
            (0, false) => 0x216,
            (_, false) => 0x217,
            (0, true) => 0x221,
            (_, true) => 0x222,
        };
        self.block.begin(block_type);
        self.block.put(&event.cpu.to_le_bytes());
        if event.flags != 0 {
            self.block.put(&event.flags.to_le_bytes());
        }
        self.block.put(event.bytes());
        let block = self.block.end().ok_or(WriteError::EventTooLong(event.bytes().len()))?;
        let limit = if large { MAX_LARGE_EVENT_BYTES } else { MAX_EVENT_BYTES };
        if block.len() > limit + super::block::HEADER_BYTES {
            return Err(WriteError::EventTooLong(event.bytes().len()));
        }
        Ok(self.out.write_all(block)?)
    }

    /// Completes the capture and gives back what it was written to.
    pub fn finish(mut self) -> Result<W, WriteError> {
        if self.phase != Phase::Events {
            return Err(WriteError::NoEvents);
        }
        self.out.flush()?;
        let buffered = match self.out {
            Sink::Plain(buffered) => buffered,
            Sink::Gzip(encoder) => encoder.finish()?,
        };
        Ok(buffered.into_inner().map_err(io::IntoInnerError::into_error)?)
    }

    fn section(&mut self) -> Result<(), WriteError> {
        if self.phase == Phase::Metadata {
            return Err(WriteError::NoEvents);
        }
        self.phase = Phase::Metadata;
        self.block.begin(SECTION);
        self.block.put(&SECTION_MAGIC.to_le_bytes());
        self.block.put(&1u16.to_le_bytes());
        self.block.put(&2u16.to_le_bytes());
        // The length of the section is not known.
        self.block.put(&u64::MAX.to_le_bytes());
        self.end_block()
    }

    fn machine(&mut self, machine: &MachineInfo<'_>) -> Result<(), WriteError> {
        self.check_metadata()?;
        self.end_list()?;
        self.block.begin(0x201);
        machine.encode(self.block.body());
        self.end_block()
    }

    fn entry(&mut self, record: &Record<'_>) -> Result<(), WriteError> {
        self.check_metadata()?;
        let Some(list) = ListBlock::of(record) else { return Ok(()) };
        if self.list != Some(list) || (list.can_split() && self.block.len() > SPLIT_BYTES) {
            self.end_list()?;
            self.list = Some(list);
            list.begin(&mut self.block);
        }
        list::encode(record, self.block.body());
        Ok(())
    }

    fn check_metadata(&self) -> Result<(), WriteError> {
        if self.phase == Phase::Metadata { Ok(()) } else { Err(WriteError::OutOfOrder) }
    }

    fn end_list(&mut self) -> Result<(), WriteError> {
        match self.list.take() {
            Some(_) => self.end_block(),
            None => Ok(()),
        }
    }

    fn end_block(&mut self) -> Result<(), WriteError> {
        let length = self.block.len();
        let block = self.block.end().ok_or(WriteError::EventTooLong(length))?;
        Ok(self.out.write_all(block)?)
    }
}

/// A list is continued in another block beyond this.
const SPLIT_BYTES: usize = 1 << 20;

impl<W: Write> Sink<W> {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            // The encoder writes the rest when it is finished.
            Self::Gzip(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
