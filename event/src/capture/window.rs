//! A window that slides over the bytes of a capture.

use std::io::{self, Read};

use super::{error::CaptureErrorKind, input::Input};

/// The part of a capture that is in memory.
///
/// `start <= end <= buffer.len()`; `buffer[start..end]` is what has been read and not consumed.
#[derive(Debug)]
pub(super) struct Window<R> {
    input: Input<R>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of the capture before `buffer[0]`.
    before: u64,
    /// Nothing more comes.
    ended: bool,
    /// Why nothing more comes, unless the capture is at its end.
    failure: Option<io::Error>,
}

/// Large enough that the cost of a read is shared by thousands of events, small enough for the L2 cache.
const INITIAL_BYTES: usize = 256 * 1024;

impl<R: Read> Window<R> {
    pub(super) fn new(inner: R) -> io::Result<Self> {
        Ok(Self {
            input: Input::new(inner)?,
            buffer: vec![0; INITIAL_BYTES],
            start: 0,
            end: 0,
            before: 0,
            ended: false,
            failure: None,
        })
    }

    /// Offset of the first byte in the window.
    pub(super) const fn offset(&self) -> u64 {
        self.before + self.start as u64
    }

    /// What has been read and not consumed.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Makes at least `wanted` bytes available; false if the capture ends before.
    #[inline]
    pub(super) fn fill(&mut self, wanted: usize) -> bool {
        self.end - self.start >= wanted || self.refill(wanted)
    }

    /// Drops `count` bytes, which must be available.
    #[inline]
    pub(super) fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
    }

    /// Drops `count` bytes, available or not; false if the capture ends before.
    #[inline]
    pub(super) fn skip(&mut self, mut count: u64) -> bool {
        loop {
            let available = (self.end - self.start) as u64;
            if count <= available {
                self.start += usize::try_from(count).unwrap_or(0);
                return true;
            }
            count -= available;
            self.start = self.end;
            if !self.refill(1) {
                return false;
            }
        }
    }

    /// Why fewer than `needed` bytes were there.
    pub(super) fn shortfall(&mut self, needed: u64) -> CaptureErrorKind {
        match self.failure.take() {
            Some(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                CaptureErrorKind::Io(error)
            }
            // Compressed data that ends early.
            Some(_) | None => {
                CaptureErrorKind::Truncated { needed, available: (self.end - self.start) as u64 }
            }
        }
    }

    /// Whether the capture ends here, properly.
    pub(super) fn is_at_end(&self) -> bool {
        self.ended && self.failure.is_none() && self.start == self.end
    }

    #[cold]
    fn refill(&mut self, wanted: usize) -> bool {
        if !self.ended {
            self.buffer.copy_within(self.start..self.end, 0);
            self.before += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        }
        while !self.ended && self.end < wanted {
            if self.end == self.buffer.len() {
                // Grow only as data really comes: the length of a block may lie.
                self.buffer.resize((self.end * 2).min(wanted), 0);
            }
            match self.input.read(self.buffer.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => self.ended = true,
                Ok(count) => self.end = self.buffer.len().min(self.end + count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.ended = true;
                    self.failure = Some(error);
                }
            }
        }
        self.end - self.start >= wanted
    }
}
