//! Block types and their versions.

/// Bytes of a block header: `u32 type, u32 total length`.
pub(super) const HEADER_BYTES: usize = 8;
/// Bytes of the total length repeated at the end of a block.
pub(super) const TRAILER_BYTES: usize = 4;
/// Most bytes that follow the header of an event block that is not large.
pub(super) const MAX_EVENT_BYTES: usize = 65_536;
/// Most bytes that follow the header of a large event block. Falco has no limit here; a block that claims
/// more than this is taken for damaged rather than for an order to fill the memory.
pub(super) const MAX_LARGE_EVENT_BYTES: usize = 64 << 20;

/// Type of a section header block; every capture begins with it.
pub(super) const SECTION: u32 = 0x0A0D_0D0A;
/// Byte-order mark of a section header.
pub(super) const SECTION_MAGIC: u32 = 0x1A2B_3C4D;

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    Machine,
    List(ListKind),
    Event(EventLayout),
    /// Skipped by its length between the section header and the first event.
    Other,
}

/// What a list holds and in which layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListKind {
    Interfaces {
        sized: bool,
    },
    Users {
        sized: bool,
    },
    /// Versions 1 to 9.
    Threads {
        version: u8,
    },
    Fds {
        sized: bool,
    },
}

/// How an event lies in its block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventLayout {
    /// `u32` flags follow the CPU.
    pub(super) flags: bool,
    /// The header lacks the number of parameters.
    pub(super) old: bool,
    /// The block may exceed [`MAX_EVENT_BYTES`].
    pub(super) large: bool,
}

impl BlockKind {
    /// Ids of the form `0x80……ABCD` are aliases from before the ids were assigned.
    #[inline]
    pub(super) fn of(block_type: u32) -> Self {
        match block_type {
            0x216 => Self::event(false, false, false),
            0x217 => Self::event(true, false, false),
            0x221 => Self::event(false, false, true),
            0x222 => Self::event(true, false, true),
            0x204 | 0x8010_ABCD => Self::event(false, true, false),
            0x208 => Self::event(true, true, false),
            0x201 | 0x8002_ABCD => Self::Machine,
            0x202 | 0x8000_ABCD => Self::threads(1),
            0x207 | 0x8013_ABCD => Self::threads(2),
            0x209 | 0x8014_ABCD => Self::threads(3),
            0x210 => Self::threads(4),
            0x211 => Self::threads(5),
            0x212 => Self::threads(6),
            0x213 => Self::threads(7),
            0x214 => Self::threads(8),
            0x215 => Self::threads(9),
            0x203 | 0x8001_ABCD => Self::List(ListKind::Fds { sized: false }),
            0x218 => Self::List(ListKind::Fds { sized: true }),
            0x205 | 0x8011_ABCD => Self::List(ListKind::Interfaces { sized: false }),
            0x219 => Self::List(ListKind::Interfaces { sized: true }),
            0x206 | 0x8012_ABCD => Self::List(ListKind::Users { sized: false }),
            0x220 => Self::List(ListKind::Users { sized: true }),
            _ => Self::Other,
        }
    }

    const fn event(flags: bool, old: bool, large: bool) -> Self {
        Self::Event(EventLayout { flags, old, large })
    }

    const fn threads(version: u8) -> Self {
        Self::List(ListKind::Threads { version })
    }
}
