//! Values of parameters, to be encoded.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddrV4, SocketAddrV6};

/// A value of a parameter. Which ones a parameter takes depends on its type in the event table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Param<'a> {
    /// Not available; every parameter takes it.
    Empty,
    /// A number, for numbers of every size that can hold it.
    Int(i64),
    /// A number, for numbers of every size that can hold it.
    Uint(u64),
    /// Text without NUL, for strings and paths (a NUL is added) and for byte buffers (as it is).
    Text(&'a [u8]),
    /// Strings without NUL, for arguments, environments and cgroups; each is ended by NUL.
    List(&'a [&'a [u8]]),
    /// The bytes as they are to be, for every parameter.
    Raw(&'a [u8]),
    /// An IPv4 address.
    Ipv4(Ipv4Addr),
    /// An IPv6 address.
    Ipv6(Ipv6Addr),
    /// A socket address.
    AddressV4(SocketAddrV4),
    /// A socket address.
    AddressV6(SocketAddrV6),
    /// A socket address: a path.
    AddressUnix(&'a [u8]),
    /// Source and destination of a connection.
    TupleV4(SocketAddrV4, SocketAddrV4),
    /// Source and destination of a connection.
    TupleV6(SocketAddrV6, SocketAddrV6),
    /// Source and destination of a connection as kernel pointers, and a path.
    TupleUnix(u64, u64, &'a [u8]),
    /// Fds and their events, for poll.
    Fds(&'a [(i64, i16)]),
    /// A selector and the bytes of the value that it selects.
    Dynamic(u8, &'a [u8]),
}
