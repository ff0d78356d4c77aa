//! Shared immutable bytes: a process's strings, one copy however many threads have them.

use std::{fmt, ops::Deref, sync::Arc};

/// Bytes of a process attribute. Cloning shares; the content is not necessarily UTF-8.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Text(Arc<[u8]>);

impl Text {
    /// Copies `bytes`. Prefer the host's interner, which shares equal content.
    pub fn new(bytes: &[u8]) -> Self {
        Self(Arc::from(bytes))
    }

    /// How many owners the bytes have.
    pub(crate) fn owners(&self) -> usize {
        Arc::strong_count(&self.0)
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}
