//! One event as a view over borrowed bytes.

use crate::table::{EventFlags, EventType};

/// Most parameters that any event type has.
pub const MAX_PARAMS: usize = 32;

/// Bytes of the fixed event header: `u64 ts, u64 tid, u32 len, u16 type, u32 nparams`.
pub(crate) const HEADER_BYTES: usize = 26;

/// Where the type stands in the header.
pub(crate) const TYPE_OFFSET: usize = 20;

/// Why bytes are not an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Fewer bytes than a header, or than the header's `len`.
    #[error("event needs {needed} bytes, {available} are there")]
    Truncated {
        /// Bytes that should be there.
        needed: usize,
        /// Bytes that are.
        available: usize,
    },
    /// The type is in no table that we know.
    #[error("unknown event type {0}")]
    UnknownType(u16),
    /// The lengths of the parameters exceed the event.
    #[error("parameters of event type {code} exceed the event's {len} bytes")]
    ParamsExceedEvent {
        /// Event type.
        code: u16,
        /// The event's `len`.
        len: usize,
    },
}

/// One event: type, time, thread and parameters, borrowed from a capture or a ring buffer.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// Nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// Thread that caused it, host numbering; −1 for meta events.
    pub tid: i64,
    /// Type.
    pub kind: EventType,
    /// CPU (kernel module) or ring buffer (modern probe) that recorded it.
    pub cpu: u16,
    /// Block flags: bit 0 state only.
    pub flags: u32,
    /// Parameters that are there, at most [`MAX_PARAMS`].
    count: u8,
    /// Bytes of one length: 2 or 4.
    width: u8,
    /// Where the payload begins in `bytes`: after the header and the table of lengths.
    payload: u32,
    /// Header and everything after it. The lengths of all parameters add up to what is behind `payload` at most.
    bytes: &'a [u8],
}

impl<'a> Event<'a> {
    /// The event has only to update the state and is never shown to rules.
    pub const STATE_ONLY: u32 = 1;

    /// Decodes the event that `bytes` begin with; what follows its `len` is ignored (pcapng options).
    pub fn decode(bytes: &'a [u8], cpu: u16, flags: u32) -> Result<Self, DecodeError> {
        let header: &[u8; HEADER_BYTES] = bytes
            .first_chunk()
            .ok_or(DecodeError::Truncated { needed: HEADER_BYTES, available: bytes.len() })?;
        let [t0, t1, t2, t3, t4, t5, t6, t7, i0, i1, i2, i3, i4, i5, i6, i7, rest @ ..] = *header;
        let [l0, l1, l2, l3, k0, k1, n0, n1, n2, n3] = rest;
        let len = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let code = u16::from_le_bytes([k0, k1]);
        let param_count = u32::from_le_bytes([n0, n1, n2, n3]) as usize;
        let kind = EventType::from_code(code).ok_or(DecodeError::UnknownType(code))?;
        let bytes = bytes
            .get(..len.max(HEADER_BYTES))
            .ok_or(DecodeError::Truncated { needed: len, available: bytes.len() })?;
        let exceeds = DecodeError::ParamsExceedEvent { code, len };
        let width = length_width(kind);
        let payload = param_count.checked_mul(width).and_then(|it| it.checked_add(HEADER_BYTES));
        let lengths = payload.and_then(|it| bytes.get(HEADER_BYTES..it));
        let (Some(payload), Some(lengths)) = (payload, lengths) else { return Err(exceeds) };
        // Parameters beyond MAX_PARAMS are in no table and are ignored.
        let count = param_count.min(MAX_PARAMS);
        if sum(lengths, width, count) > (bytes.len() - payload) as u64 {
            return Err(exceeds);
        }
        Ok(Self {
            time_ns: u64::from_le_bytes([t0, t1, t2, t3, t4, t5, t6, t7]),
            tid: i64::from_le_bytes([i0, i1, i2, i3, i4, i5, i6, i7]),
            kind,
            cpu,
            flags,
            count: u8::try_from(count).map_err(|_| exceeds.clone())?,
            width: if width == 2 { 2 } else { 4 },
            payload: u32::try_from(payload).map_err(|_| exceeds)?,
            bytes,
        })
    }

    /// How many parameters the event carries; fewer than the table's in old captures.
    pub fn param_count(&self) -> usize {
        usize::from(self.count)
    }

    /// Bytes of parameter `index`; empty when it is absent or not available.
    ///
    /// Adds up the lengths before it: cheaper than carrying 32 offsets with every event, of which most are never
    /// asked for.
    #[inline]
    pub fn param(&self, index: usize) -> &'a [u8] {
        if index >= usize::from(self.count) {
            return &[];
        }
        let payload = self.payload as usize;
        let lengths = self.bytes.get(HEADER_BYTES..payload).unwrap_or_default();
        let (start, length) = if self.width == 2 {
            let (lengths, _) = lengths.as_chunks::<2>();
            let before = lengths.iter().take(index).map(|it| usize::from(u16::from_le_bytes(*it)));
            (before.sum(), lengths.get(index).map_or(0, |it| usize::from(u16::from_le_bytes(*it))))
        } else {
            let (lengths, _) = lengths.as_chunks::<4>();
            let before = lengths.iter().take(index).map(|it| u32::from_le_bytes(*it) as usize);
            (
                before.sum::<usize>(),
                lengths.get(index).map_or(0, |it| u32::from_le_bytes(*it) as usize),
            )
        };
        let start = payload + start;
        self.bytes.get(start..start + length).unwrap_or_default()
    }

    /// Parameter `index` as text without its NUL; `None` when empty.
    #[inline]
    pub fn text(&self, index: usize) -> Option<&'a [u8]> {
        let bytes = self.param(index);
        match bytes.split_last() {
            Some((0, text)) => Some(text),
            Some(_) => Some(bytes),
            None => None,
        }
    }

    /// Parameter `index` as a signed number of 1, 2, 4 or 8 bytes; `None` when empty or of another size.
    #[inline]
    pub fn int(&self, index: usize) -> Option<i64> {
        let bytes = self.param(index);
        match bytes.len() {
            8 => bytes.first_chunk().map(|it| i64::from_le_bytes(*it)),
            4 => bytes.first_chunk().map(|it| i64::from(i32::from_le_bytes(*it))),
            2 => bytes.first_chunk().map(|it| i64::from(i16::from_le_bytes(*it))),
            1 => bytes.first_chunk().map(|it| i64::from(i8::from_le_bytes(*it))),
            _ => None,
        }
    }

    /// Parameter `index` as an unsigned number of 1, 2, 4 or 8 bytes; `None` when empty or of another size.
    #[inline]
    pub fn uint(&self, index: usize) -> Option<u64> {
        let bytes = self.param(index);
        match bytes.len() {
            8 => bytes.first_chunk().map(|it| u64::from_le_bytes(*it)),
            4 => bytes.first_chunk().map(|it| u64::from(u32::from_le_bytes(*it))),
            2 => bytes.first_chunk().map(|it| u64::from(u16::from_le_bytes(*it))),
            1 => bytes.first().map(|&it| u64::from(it)),
            _ => None,
        }
    }

    /// Parameter `index` as an unsigned 32-bit number; `None` when empty or of another size.
    #[inline]
    pub fn u32(&self, index: usize) -> Option<u32> {
        self.uint(index).and_then(|value| u32::try_from(value).ok())
    }

    /// The encoded event, header included.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

/// Bytes of one length in the table of lengths.
pub(crate) fn length_width(kind: EventType) -> usize {
    if kind.info().flags.intersects(EventFlags::LARGE_PAYLOAD) { 4 } else { 2 }
}

/// The first `count` lengths of a table added up.
#[inline]
fn sum(lengths: &[u8], width: usize, count: usize) -> u64 {
    if width == 2 {
        let (lengths, _) = lengths.as_chunks::<2>();
        lengths.iter().take(count).map(|it| u64::from(u16::from_le_bytes(*it))).sum()
    } else {
        let (lengths, _) = lengths.as_chunks::<4>();
        lengths.iter().take(count).map(|it| u64::from(u32::from_le_bytes(*it))).sum()
    }
}

#[cfg(test)]
mod tests;
