//! A container by its place in the table.

/// A container id seen on this host, interned; compare ids, not text.
///
/// The low half is a slot, the high half counts how often the slot was reused, so the id of a
/// container that was evicted is never taken for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContainerId(pub(crate) u32);

impl ContainerId {
    /// Not in a container.
    pub const HOST: Self = Self(0);

    pub(super) fn new(slot: u16, generation: u16) -> Self {
        Self(u32::from(generation) << 16 | u32::from(slot))
    }

    pub(crate) fn slot(self) -> usize {
        (self.0 & 0xffff) as usize
    }

    pub(super) fn generation(self) -> u32 {
        self.0 >> 16
    }
}
