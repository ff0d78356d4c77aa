//! What a field gives for an event.

use std::net::IpAddr;

/// Declared type of a field; decides which operators and literals are legal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are Falco's own")]
pub enum ValueType {
    Int16,
    Int32,
    Int64,
    Uint32,
    Uint64,
    Double,
    Bool,
    Charbuf,
    Bytebuf,
    Ipaddr,
    Ipnet,
    Port,
    Reltime,
    Abstime,
    /// `evt.rawarg.X`: the type is the parameter's.
    Dyn,
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
