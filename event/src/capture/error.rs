//! Why a capture cannot be read further.

use std::{error::Error, fmt, io};

use crate::view::DecodeError;

/// A capture ends in an error at `offset`; everything before it has been delivered.
#[derive(Debug)]
pub struct CaptureError {
    /// Bytes from the start of the capture, counted after decompression.
    pub offset: u64,
    /// What is wrong there.
    pub kind: CaptureErrorKind,
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.kind, self.offset)
    }
}

impl Error for CaptureError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // The kind itself is part of the message.
        self.kind.source()
    }
}

/// What is wrong with a capture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaptureErrorKind {
    /// The file cannot be read, or its compressed data is damaged.
    #[error("unreadable data")]
    Io(#[source] io::Error),
    /// The capture ends within a block.
    #[error("expecting {needed} bytes, found {available} (is the file truncated?)")]
    Truncated {
        /// Bytes that the block still needs.
        needed: u64,
        /// Bytes that are left.
        available: u64,
    },
    /// A section does not begin with a section header: not a capture, or a misplaced block.
    #[error("this is no capture: block type {0:#x} where a section header has to be")]
    NoSectionHeader(u32),
    /// The section header lacks its byte-order mark.
    #[error("invalid magic number {0:#x} in the section header")]
    BadMagic(u32),
    /// The capture has a major version that nobody knows yet.
    #[error("capture version {0} is newer than this program")]
    NewerVersion(u16),
    /// The block is shorter than its kind can be.
    #[error("block of type {block_type:#x} has a length of only {length} bytes")]
    BlockTooShort {
        /// Type of the block.
        block_type: u32,
        /// Its total length.
        length: u32,
    },
    /// The block is longer than its kind can be.
    #[error("block of type {block_type:#x} has a length of {length} bytes, more than {limit}")]
    BlockTooLong {
        /// Type of the block.
        block_type: u32,
        /// Its total length.
        length: u32,
        /// Most bytes that it may have.
        limit: usize,
    },
    /// The lengths at both ends of a block differ.
    #[error("block length is {header} at its start and {trailer} at its end")]
    TrailerMismatch {
        /// At the start.
        header: u32,
        /// At the end.
        trailer: u32,
    },
    /// A section ends before its first event.
    #[error("no events in the capture")]
    NoEvents,
    /// An entry of a list exceeds the block.
    #[error("{0} entry exceeds its block")]
    EntryTooShort(&'static str),
    /// An entry of a list is longer than the length that it begins with.
    #[error("{list} entry of {declared} bytes holds {actual}")]
    EntryOverrun {
        /// Sort of the list.
        list: &'static str,
        /// The length that it begins with.
        declared: u32,
        /// Bytes that its fields have.
        actual: usize,
    },
    /// A string in a list is longer than Falco's libraries accept.
    #[error("{field} of {length} bytes is too long")]
    StringTooLong {
        /// Which string.
        field: &'static str,
        /// Its length.
        length: u16,
    },
    /// A network interface of a type that nobody knows.
    #[error("unknown interface type {0}")]
    UnknownInterface(u16),
    /// The event is malformed.
    #[error("malformed event")]
    Event(#[source] DecodeError),
    /// The number of parameters of an event in the old layout cannot be told from its length.
    #[error("number of parameters of event type {0} does not follow from its length")]
    ParamCount(u16),
}

impl CaptureErrorKind {
    /// The error of a capture at `offset`.
    pub(super) const fn at(self, offset: u64) -> CaptureError {
        CaptureError { offset, kind: self }
    }
}
