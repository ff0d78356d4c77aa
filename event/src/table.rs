//! The event table: names, flags and parameters of all 454 event types.

#![expect(clippy::unreadable_literal, reason = "the included tables are generated")]

include!(concat!(env!("OUT_DIR"), "/table.rs"));

impl EventType {
    /// How many event types there are.
    pub const COUNT: usize = TYPES.len();

    /// The type with this code; `None` for codes of newer schemas.
    pub fn from_code(code: u16) -> Option<Self> {
        TYPES.get(usize::from(code)).copied()
    }

    /// Every type, in the order of codes.
    pub fn all() -> &'static [Self] {
        &TYPES
    }

    /// The code, as written into captures.
    pub const fn code(self) -> u16 {
        self as u16
    }

    /// Whether this is an enter event (or a meta event, which have even codes).
    pub const fn is_enter(self) -> bool {
        self.code() & 1 == 0
    }

    /// Name, category, flags and parameters.
    #[expect(clippy::indexing_slicing, reason = "the enum and the table are generated together")]
    pub fn info(self) -> &'static EventInfo {
        &EVENTS[self as usize]
    }
}

/// What the table says of one event type.
#[derive(Debug)]
pub struct EventInfo {
    /// `evt.type`; types that differ only in layout share a name.
    pub name: &'static str,
    /// Identifier in Falco's sources, without `PPME_`.
    pub ppme: &'static str,
    /// What kind of operation it is.
    pub category: Category,
    /// How it is treated.
    pub flags: EventFlags,
    /// Parameters in order.
    pub params: &'static [ParamInfo],
}

/// One parameter of an event type.
#[derive(Debug)]
pub struct ParamInfo {
    /// `evt.arg.NAME`.
    pub name: &'static str,
    /// Encoding.
    pub kind: ParamType,
    /// How numbers are printed.
    pub format: ParamFormat,
    /// Names of flags or enumeration values in printing order; empty if there are none.
    pub values: &'static [NamedValue],
    /// For a relative path: the parameter that holds its directory fd.
    pub dirfd_param: Option<usize>,
}

/// A named flag or enumeration value, in libscap's portable numbering.
#[derive(Debug)]
pub struct NamedValue {
    /// For example `O_RDONLY`.
    pub name: &'static str,
    /// The value.
    pub value: u32,
}

/// How a number is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamFormat {
    /// Not applicable.
    Na,
    /// Decimal.
    Dec,
    /// Hexadecimal, upper case, without prefix.
    Hex,
    /// Octal.
    Oct,
}

/// Encoding of a parameter, as in `scap-format` section 2.
#[expect(missing_docs, reason = "the names are Falco's own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamType {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Charbuf,
    Bytebuf,
    Errno,
    Sockaddr,
    Socktuple,
    Fd,
    Fd32,
    Pid,
    Pid32,
    Fdlist,
    Fspath,
    Fsrelpath,
    Syscallid,
    Sigtype,
    Sigset,
    Reltime,
    Abstime,
    Port,
    Uid,
    Gid,
    Mode,
    Dyn,
    Flags8,
    Flags16,
    Flags32,
    Enumflags8,
    Enumflags16,
    Enumflags32,
    Ipv4addr,
    Ipv6addr,
    Charbufarray,
    CharbufPairArray,
}

impl ParamType {
    /// Bytes of a value; `None` for types of variable size.
    pub const fn fixed_size(self) -> Option<usize> {
        match self {
            Self::Int8 | Self::Uint8 | Self::Flags8 | Self::Enumflags8 | Self::Sigtype => Some(1),
            Self::Int16
            | Self::Uint16
            | Self::Flags16
            | Self::Enumflags16
            | Self::Syscallid
            | Self::Port => Some(2),
            Self::Int32
            | Self::Uint32
            | Self::Flags32
            | Self::Enumflags32
            | Self::Uid
            | Self::Gid
            | Self::Mode
            | Self::Sigset
            | Self::Fd32
            | Self::Pid32
            | Self::Ipv4addr => Some(4),
            Self::Int64
            | Self::Uint64
            | Self::Reltime
            | Self::Abstime
            | Self::Errno
            | Self::Fd
            | Self::Pid => Some(8),
            Self::Ipv6addr => Some(16),
            Self::Charbuf
            | Self::Bytebuf
            | Self::Sockaddr
            | Self::Socktuple
            | Self::Fdlist
            | Self::Fspath
            | Self::Fsrelpath
            | Self::Dyn
            | Self::Charbufarray
            | Self::CharbufPairArray => None,
        }
    }

    /// Whether its numbers are signed.
    pub const fn is_signed(self) -> bool {
        matches!(
            self,
            Self::Int8
                | Self::Int16
                | Self::Int32
                | Self::Int64
                | Self::Errno
                | Self::Fd
                | Self::Fd32
                | Self::Pid
                | Self::Pid32
        )
    }
}

/// `enum ppm_event_flags`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventFlags(pub u32);

impl EventFlags {
    /// Creates an fd.
    pub const CREATES_FD: Self = Self(1);
    /// Destroys an fd.
    pub const DESTROYS_FD: Self = Self(1 << 1);
    /// Operates on an fd.
    pub const USES_FD: Self = Self(1 << 2);
    /// Reads from an fd.
    pub const READS_FROM_FD: Self = Self(1 << 3);
    /// Writes to an fd.
    pub const WRITES_TO_FD: Self = Self(1 << 4);
    /// Changes the state of the host model.
    pub const MODIFIES_STATE: Self = Self(1 << 5);
    /// Not used.
    pub const UNUSED: Self = Self(1 << 6);
    /// May block.
    pub const WAITS: Self = Self(1 << 7);
    /// Skips the per-event reset (no thread lookup).
    pub const SKIP_PARSER_RESET: Self = Self(1 << 8);
    /// Kept for old captures.
    pub const OLD_VERSION: Self = Self(1 << 9);
    /// Lengths are u32.
    pub const LARGE_PAYLOAD: Self = Self(1 << 11);
    /// The converter may rewrite it.
    pub const CONVERTER_MANAGED: Self = Self(1 << 12);

    /// Creates, uses or destroys an fd: only such events have an fd of their own.
    pub const ABOUT_FD: Self = Self::CREATES_FD.union(Self::USES_FD).union(Self::DESTROYS_FD);

    /// Whether any of `flags` is set.
    pub const fn intersects(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }

    /// Both sets of flags.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// `enum ppm_event_category`: a kind in the low six bits, sources above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Category(pub u32);

impl Category {
    /// Generated by a system call.
    pub const SYSCALL: u32 = 1 << 9;
    /// Generated by a tracepoint.
    pub const TRACEPOINT: u32 = 1 << 10;
    /// Generated by a plugin.
    pub const PLUGIN: u32 = 1 << 11;
    /// Not from a source; notifications and enrichment.
    pub const METAEVENT: u32 = 1 << 12;
    /// Internal to the libraries.
    pub const INTERNAL: u32 = 1 << 8;

    /// Whether any of `bits` is set.
    pub const fn intersects(self, bits: u32) -> bool {
        self.0 & bits != 0
    }
}
