//! Bytes of one parameter.

use std::net::{SocketAddrV4, SocketAddrV6};

use super::param::Param;
use crate::table::ParamType;

/// `PPM_AF_UNIX`.
const UNIX: u8 = 1;
/// `PPM_AF_INET`.
const INET: u8 = 2;
/// `PPM_AF_INET6`.
const INET6: u8 = 10;

/// Appends `param` as a parameter of type `kind`; `None` if the type cannot hold it.
pub(super) fn write(out: &mut Vec<u8>, kind: ParamType, param: &Param<'_>) -> Option<()> {
    match (*param, kind) {
        (Param::Empty, _) => {}
        (Param::Raw(bytes), _) | (Param::Text(bytes), ParamType::Bytebuf) => {
            out.extend_from_slice(bytes);
        }
        (Param::Int(value), _) => int(out, kind, i128::from(value))?,
        (Param::Uint(value), _) => int(out, kind, i128::from(value))?,
        (Param::Text(text), ParamType::Charbuf | ParamType::Fspath | ParamType::Fsrelpath) => {
            string(out, text)?;
        }
        (
            Param::List(list),
            ParamType::Bytebuf | ParamType::Charbufarray | ParamType::CharbufPairArray,
        ) => {
            for text in list {
                string(out, text)?;
            }
        }
        (Param::Ipv4(address), ParamType::Ipv4addr) => out.extend_from_slice(&address.octets()),
        (Param::Ipv6(address), ParamType::Ipv6addr) => out.extend_from_slice(&address.octets()),
        (
            Param::AddressV4(_)
            | Param::AddressV6(_)
            | Param::AddressUnix(_)
            | Param::TupleV4(..)
            | Param::TupleV6(..)
            | Param::TupleUnix(..),
            _,
        ) => socket(out, kind, param)?,
        (Param::Fds(fds), ParamType::Fdlist) => {
            out.extend_from_slice(&u16::try_from(fds.len()).ok()?.to_le_bytes());
            for (fd, events) in fds {
                out.extend_from_slice(&fd.to_le_bytes());
                out.extend_from_slice(&events.to_le_bytes());
            }
        }
        (Param::Dynamic(selector, bytes), ParamType::Dyn) => {
            out.push(selector);
            out.extend_from_slice(bytes);
        }
        (
            Param::Text(_)
            | Param::List(_)
            | Param::Ipv4(_)
            | Param::Ipv6(_)
            | Param::Fds(_)
            | Param::Dynamic(..),
            _,
        ) => return None,
    }
    Some(())
}

fn socket(out: &mut Vec<u8>, kind: ParamType, param: &Param<'_>) -> Option<()> {
    match (*param, kind) {
        (Param::AddressV4(address), ParamType::Sockaddr) => {
            out.push(INET);
            end_v4(out, address);
        }
        (Param::AddressV6(address), ParamType::Sockaddr) => {
            out.push(INET6);
            end_v6(out, address);
        }
        (Param::AddressUnix(path), ParamType::Sockaddr) => {
            out.push(UNIX);
            string(out, path)?;
        }
        (Param::TupleV4(source, destination), ParamType::Socktuple) => {
            out.push(INET);
            end_v4(out, source);
            end_v4(out, destination);
        }
        (Param::TupleV6(source, destination), ParamType::Socktuple) => {
            out.push(INET6);
            end_v6(out, source);
            end_v6(out, destination);
        }
        (Param::TupleUnix(source, destination, path), ParamType::Socktuple) => {
            out.push(UNIX);
            out.extend_from_slice(&source.to_le_bytes());
            out.extend_from_slice(&destination.to_le_bytes());
            string(out, path)?;
        }
        _ => return None,
    }
    Some(())
}

fn end_v4(out: &mut Vec<u8>, address: SocketAddrV4) {
    out.extend_from_slice(&address.ip().octets());
    out.extend_from_slice(&address.port().to_le_bytes());
}

fn end_v6(out: &mut Vec<u8>, address: SocketAddrV6) {
    out.extend_from_slice(&address.ip().octets());
    out.extend_from_slice(&address.port().to_le_bytes());
}

/// A string that holds a NUL would end early for every reader.
fn string(out: &mut Vec<u8>, text: &[u8]) -> Option<()> {
    if text.contains(&0) {
        return None;
    }
    out.extend_from_slice(text);
    out.push(0);
    Some(())
}

/// A number, signed or unsigned by its type; flags and ids may be given either way.
fn int(out: &mut Vec<u8>, kind: ParamType, value: i128) -> Option<()> {
    let size = kind.fixed_size()?;
    let bits = u32::try_from(size * 8).ok().filter(|&it| it <= 64)?;
    let (least, most) = if kind.is_signed() {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    } else {
        (0, (1i128 << bits) - 1)
    };
    if value < least || value > most {
        return None;
    }
    out.extend_from_slice(value.to_le_bytes().get(..size)?);
    Some(())
}
