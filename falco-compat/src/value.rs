//! What a field gives for an event.

use std::net::IpAddr;

use event::ParamType;

/// Declared type of a field or parameter; decides which operators and literals are legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are Falco's own")]
pub enum ValueType {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Double,
    Bool,
    Charbuf,
    Bytebuf,
    Fspath,
    Fsrelpath,
    Ipaddr,
    Ipv4addr,
    Ipv6addr,
    Ipnet,
    Port,
    Reltime,
    Abstime,
    Errno,
    Fd,
    Pid,
    Uid,
    Gid,
    Syscallid,
    Sigtype,
    Sigset,
    Mode,
    Flags8,
    Flags16,
    Flags32,
    Enumflags8,
    Enumflags16,
    Enumflags32,
    Sockaddr,
    Socktuple,
    Fdlist,
    Charbufarray,
    CharbufPairArray,
    /// The type is the parameter's and not known before the event.
    Dyn,
}

impl ValueType {
    /// The name that Falco's messages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int8 => "INT8",
            Self::Int16 => "INT16",
            Self::Int32 => "INT32",
            Self::Int64 => "INT64",
            Self::Uint8 => "UINT8",
            Self::Uint16 => "UINT16",
            Self::Uint32 => "UINT32",
            Self::Uint64 => "UINT64",
            Self::Double => "DOUBLE",
            Self::Bool => "BOOL",
            Self::Charbuf => "CHARBUF",
            Self::Bytebuf => "BYTEBUF",
            Self::Fspath => "FSPATH",
            Self::Fsrelpath => "FSRELPATH",
            Self::Ipaddr => "IPADDR",
            Self::Ipv4addr => "IPV4ADDR",
            Self::Ipv6addr => "IPV6ADDR",
            Self::Ipnet => "IPNET",
            Self::Port => "PORT",
            Self::Reltime => "RELTIME",
            Self::Abstime => "ABSTIME",
            Self::Errno => "ERRNO",
            Self::Fd => "FD",
            Self::Pid => "PID",
            Self::Uid => "UID",
            Self::Gid => "GID",
            Self::Syscallid => "SYSCALLID",
            Self::Sigtype => "SIGTYPE",
            Self::Sigset => "SIGSET",
            Self::Mode => "MODE",
            Self::Flags8 => "FLAGS8",
            Self::Flags16 => "FLAGS16",
            Self::Flags32 => "FLAGS32",
            Self::Enumflags8 => "ENUMFLAGS8",
            Self::Enumflags16 => "ENUMFLAGS16",
            Self::Enumflags32 => "ENUMFLAGS32",
            Self::Sockaddr => "SOCKADDR",
            Self::Socktuple => "SOCKTUPLE",
            Self::Fdlist => "FDLIST",
            Self::Charbufarray => "CHARBUFARRAY",
            Self::CharbufPairArray => "CHARBUF_PAIR_ARRAY",
            Self::Dyn => "DYNAMIC",
        }
    }

    /// Whether values are texts that compare as C strings.
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Charbuf | Self::Fspath | Self::Fsrelpath)
    }
}

impl From<ParamType> for ValueType {
    fn from(kind: ParamType) -> Self {
        match kind {
            ParamType::Int8 => Self::Int8,
            ParamType::Int16 => Self::Int16,
            ParamType::Int32 => Self::Int32,
            ParamType::Int64 => Self::Int64,
            ParamType::Uint8 => Self::Uint8,
            ParamType::Uint16 => Self::Uint16,
            ParamType::Uint32 => Self::Uint32,
            ParamType::Uint64 => Self::Uint64,
            ParamType::Charbuf => Self::Charbuf,
            ParamType::Bytebuf => Self::Bytebuf,
            ParamType::Errno => Self::Errno,
            ParamType::Sockaddr => Self::Sockaddr,
            ParamType::Socktuple => Self::Socktuple,
            ParamType::Fd | ParamType::Fd32 => Self::Fd,
            ParamType::Pid | ParamType::Pid32 => Self::Pid,
            ParamType::Fdlist => Self::Fdlist,
            ParamType::Fspath => Self::Fspath,
            ParamType::Fsrelpath => Self::Fsrelpath,
            ParamType::Syscallid => Self::Syscallid,
            ParamType::Sigtype => Self::Sigtype,
            ParamType::Sigset => Self::Sigset,
            ParamType::Reltime => Self::Reltime,
            ParamType::Abstime => Self::Abstime,
            ParamType::Port => Self::Port,
            ParamType::Uid => Self::Uid,
            ParamType::Gid => Self::Gid,
            ParamType::Mode => Self::Mode,
            ParamType::Dyn => Self::Dyn,
            ParamType::Flags8 => Self::Flags8,
            ParamType::Flags16 => Self::Flags16,
            ParamType::Flags32 => Self::Flags32,
            ParamType::Enumflags8 => Self::Enumflags8,
            ParamType::Enumflags16 => Self::Enumflags16,
            ParamType::Enumflags32 => Self::Enumflags32,
            ParamType::Ipv4addr => Self::Ipv4addr,
            ParamType::Ipv6addr => Self::Ipv6addr,
            ParamType::Charbufarray => Self::Charbufarray,
            ParamType::CharbufPairArray => Self::CharbufPairArray,
        }
    }
}

/// A value, borrowed from the event, the host state or the event's arena.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// True or false.
    Bool(bool),
    /// Signed number.
    Int(i64),
    /// Unsigned number, time or port.
    Uint(u64),
    /// Floating point.
    Double(f64),
    /// Text; comparisons stop at the first NUL.
    Str(&'a [u8]),
    /// Bytes.
    Bytes(&'a [u8]),
    /// IPv4 or IPv6 address.
    Ip(IpAddr),
    /// A list of texts.
    List(&'a [&'a [u8]]),
}
