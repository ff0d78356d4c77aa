//! Addresses of sockets: as events carry them, as an fd keeps them, as text.

mod change;
mod info;
mod render;
#[cfg(test)]
mod tests;

pub(crate) use change::{set_ipv4, set_ipv6, swap_ends};
pub(crate) use info::{Pair, SocketInfo, at};
pub use render::{
    render_address, render_ipv4_pair, render_ipv4_server, render_ipv6_pair, render_ipv6_server,
    render_tuple,
};
pub(crate) use render::{render_socket, render_unix};

use std::net::{Ipv4Addr, Ipv6Addr};

/// Address families in libscap's portable numbering.
const UNIX: u8 = 1;
const INET: u8 = 2;
const INET6: u8 = 10;

/// A `SOCKADDR` parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SocketAddress<'a> {
    Ipv4 { ip: Ipv4Addr, port: u16 },
    Ipv6 { ip: Ipv6Addr, port: u16 },
    Unix { path: &'a [u8] },
    Other { family: u8 },
}

/// A `SOCKTUPLE` parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum SocketTuple<'a> {
    Ipv4 { source: Ipv4Addr, source_port: u16, destination: Ipv4Addr, destination_port: u16 },
    Ipv6 { source: Ipv6Addr, source_port: u16, destination: Ipv6Addr, destination_port: u16 },
    Unix { source: u64, destination: u64, path: &'a [u8] },
    Other { family: u8 },
}

impl<'a> SocketAddress<'a> {
    /// Decodes `bytes`; `None` when they are empty or too short for their family.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (&family, body) = bytes.split_first()?;
        Some(match family {
            INET => {
                let (ip, body) = body.split_first_chunk::<4>()?;
                Self::Ipv4 { ip: Ipv4Addr::from(*ip), port: port(body)? }
            }
            INET6 => {
                let (ip, body) = body.split_first_chunk::<16>()?;
                Self::Ipv6 { ip: Ipv6Addr::from(*ip), port: port(body)? }
            }
            UNIX => Self::Unix { path: c_string(body)? },
            family => Self::Other { family },
        })
    }
}

impl<'a> SocketTuple<'a> {
    /// Decodes `bytes`; `None` when they are empty or too short for their family.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (&family, body) = bytes.split_first()?;
        Some(match family {
            INET => {
                let (source, body) = body.split_first_chunk::<4>()?;
                let (source_port, body) = body.split_first_chunk::<2>()?;
                let (destination, body) = body.split_first_chunk::<4>()?;
                Self::Ipv4 {
                    source: Ipv4Addr::from(*source),
                    source_port: u16::from_le_bytes(*source_port),
                    destination: Ipv4Addr::from(*destination),
                    destination_port: port(body)?,
                }
            }
            INET6 => {
                let (source, body) = body.split_first_chunk::<16>()?;
                let (source_port, body) = body.split_first_chunk::<2>()?;
                let (destination, body) = body.split_first_chunk::<16>()?;
                Self::Ipv6 {
                    source: Ipv6Addr::from(*source),
                    source_port: u16::from_le_bytes(*source_port),
                    destination: Ipv6Addr::from(*destination),
                    destination_port: port(body)?,
                }
            }
            UNIX => {
                let (source, body) = body.split_first_chunk::<8>()?;
                let (destination, body) = body.split_first_chunk::<8>()?;
                Self::Unix {
                    source: u64::from_le_bytes(*source),
                    destination: u64::from_le_bytes(*destination),
                    path: c_string(body)?,
                }
            }
            family => Self::Other { family },
        })
    }
}

fn port(bytes: &[u8]) -> Option<u16> {
    bytes.first_chunk().map(|port| u16::from_le_bytes(*port))
}

/// The text before the first NUL of `bytes`, whose last byte must be one.
fn c_string(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.last() != Some(&0) {
        return None;
    }
    bytes.split(|&byte| byte == 0).next()
}

/// The IPv4 address that an IPv6 one stands for: mapped (`::ffff:a.b.c.d`), or all zero.
pub fn mapped_ipv4(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    if ip.is_unspecified() { Some(Ipv4Addr::UNSPECIFIED) } else { ip.to_ipv4_mapped() }
}
