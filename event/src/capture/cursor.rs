//! Little-endian fields read one after the other from a slice.

use super::error::CaptureErrorKind;

/// Position in the bytes of a list.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    list: &'static str,
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Cursor<'a> {
    /// At the start of `bytes`; `list` names them in errors.
    pub(super) const fn new(list: &'static str, bytes: &'a [u8]) -> Self {
        Self { list, bytes, position: 0 }
    }

    /// Bytes read so far.
    pub(super) const fn position(&self) -> usize {
        self.position
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], CaptureErrorKind> {
        let rest = self.bytes.get(self.position..).unwrap_or_default();
        let taken = rest.get(..count).ok_or(CaptureErrorKind::EntryTooShort(self.list))?;
        self.position += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CaptureErrorKind> {
        let short = CaptureErrorKind::EntryTooShort(self.list);
        self.take(N)?.first_chunk().copied().ok_or(short)
    }

    pub(super) fn u8(&mut self) -> Result<u8, CaptureErrorKind> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, CaptureErrorKind> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, CaptureErrorKind> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, CaptureErrorKind> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, CaptureErrorKind> {
        self.array().map(i64::from_le_bytes)
    }

    /// An address of 4 or 16 bytes in network order.
    pub(super) fn address<const N: usize, A: From<[u8; N]>>(
        &mut self,
    ) -> Result<A, CaptureErrorKind> {
        self.array().map(A::from)
    }

    /// `u16` length and that many bytes, at most `limit`.
    pub(super) fn buffer(
        &mut self,
        field: &'static str,
        limit: u16,
    ) -> Result<&'a [u8], CaptureErrorKind> {
        let length = self.u16()?;
        if length > limit {
            return Err(CaptureErrorKind::StringTooLong { field, length });
        }
        self.take(usize::from(length))
    }

    /// As [`Self::buffer`], cut at the first NUL as Falco's C strings are.
    pub(super) fn text(
        &mut self,
        field: &'static str,
        limit: u16,
    ) -> Result<&'a [u8], CaptureErrorKind> {
        self.buffer(field, limit).map(until_nul)
    }
}

/// The bytes before the first NUL; all if there is none.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}
