//! One block while it is being written.

use crate::capture::block::HEADER_BYTES;

/// A block's bytes: header, body, padding, trailer.
#[derive(Debug, Default)]
pub(super) struct BlockBuffer {
    bytes: Vec<u8>,
}

impl BlockBuffer {
    /// Begins a block of `block_type`.
    pub(super) fn begin(&mut self, block_type: u32) {
        self.bytes.clear();
        self.put(&block_type.to_le_bytes());
        self.put(&0u32.to_le_bytes());
    }

    /// Appends to the body.
    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// To append to the body.
    pub(super) fn body(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Pads the block and writes its length at both ends; `None` if that exceeds 32 bits.
    pub(super) fn end(&mut self) -> Option<&[u8]> {
        let padded = self.bytes.len().next_multiple_of(4);
        let total = u32::try_from(padded + 4).ok()?.to_le_bytes();
        self.bytes.resize(padded, 0);
        self.bytes.get_mut(HEADER_BYTES - 4..HEADER_BYTES)?.copy_from_slice(&total);
        self.put(&total);
        Some(&self.bytes)
    }
}
