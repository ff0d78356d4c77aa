//! One copy of each process string, however many threads have it.

#[cfg(test)]
mod tests;

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::text::Text;

/// Entries below which sweeping is not worth it.
const SWEEP_FROM: usize = 1024;

/// Most entries; beyond it, new texts are not shared.
const MAX_ENTRIES: usize = 1 << 18;

/// Strings of processes. What only the interner still owns is swept out when as many have come as the
/// last sweep left, so that sweeping costs little a text even while the table is full.
#[derive(Debug)]
pub(crate) struct Interner {
    table: HashTable<Text>,
    /// With a secret: a capture chooses its texts.
    hasher: DefaultHashBuilder,
    /// New texts, shared or not, before the next sweep.
    until_sweep: usize,
    empty: Text,
    /// Where a text is put together before it is interned.
    pub(crate) line: Vec<u8>,
}

impl Default for Interner {
    fn default() -> Self {
        Self {
            table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            until_sweep: SWEEP_FROM,
            empty: Text::new(b""),
            line: Vec::new(),
        }
    }
}

impl Interner {
    /// The text without bytes.
    pub(crate) fn empty(&self) -> Text {
        self.empty.clone()
    }

    /// `bytes` as a shared text.
    pub(crate) fn intern(&mut self, bytes: &[u8]) -> Text {
        if bytes.is_empty() {
            return self.empty();
        }
        let hash = self.hasher.hash_one(bytes);
        if let Some(text) = self.table.find(hash, |text| **text == *bytes) {
            return text.clone();
        }
        let text = Text::new(bytes);
        if self.until_sweep == 0 {
            self.sweep();
        }
        self.until_sweep = self.until_sweep.saturating_sub(1);
        if self.table.len() < MAX_ENTRIES {
            let hasher = &self.hasher;
            self.table.insert_unique(hash, text.clone(), |text| hasher.hash_one(&**text));
        }
        text
    }

    /// `bytes` as a shared text, `likely` if that is what it is: saves the hashing.
    pub(crate) fn intern_like(&mut self, bytes: &[u8], likely: &Text) -> Text {
        if **likely == *bytes { likely.clone() } else { self.intern(bytes) }
    }

    fn sweep(&mut self) {
        self.table.retain(|text| text.owners() > 1);
        self.until_sweep = SWEEP_FROM.max(self.table.len());
    }
}
