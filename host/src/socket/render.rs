//! Addresses as text, without name or port resolution.

use std::{
    io::Write as _,
    net::{Ipv4Addr, Ipv6Addr},
};

use super::{
    SocketAddress, SocketTuple,
    info::{SocketInfo, at},
    mapped_ipv4,
};
use crate::{
    fd::{FdKind, L4Proto},
    utf8::sanitize_into,
};

/// Name of a socket of unknown protocol.
const UNKNOWN: &[u8] = b"<unknown>";

/// Appends `a.b.c.d:port`.
pub fn render_ipv4_server(ip: Ipv4Addr, port: u16, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{ip}:{port}");
}

/// Appends `address:port`, the address as `inet_ntop` writes it.
pub fn render_ipv6_server(ip: Ipv6Addr, port: u16, out: &mut Vec<u8>) {
    render_ipv6(ip, out);
    let _ = write!(out, ":{port}");
}

/// Appends `a.b.c.d:port->a.b.c.d:port`.
pub fn render_ipv4_pair(source: (Ipv4Addr, u16), destination: (Ipv4Addr, u16), out: &mut Vec<u8>) {
    render_ipv4_server(source.0, source.1, out);
    out.extend_from_slice(b"->");
    render_ipv4_server(destination.0, destination.1, out);
}

/// Appends `address:port->address:port`.
pub fn render_ipv6_pair(source: (Ipv6Addr, u16), destination: (Ipv6Addr, u16), out: &mut Vec<u8>) {
    render_ipv6_server(source.0, source.1, out);
    out.extend_from_slice(b"->");
    render_ipv6_server(destination.0, destination.1, out);
}

/// Appends `ip`. Rust writes IPv6 like `inet_ntop` but for IPv4-compatible addresses (`::1.2.3.4`).
fn render_ipv6(ip: Ipv6Addr, out: &mut Vec<u8>) {
    let [.., high, low] = ip.segments();
    let compatible = ip.octets().iter().take(12).all(|&byte| byte == 0) && high != 0;
    let _ = if compatible {
        write!(out, "::{}", Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
    } else {
        write!(out, "{ip}")
    };
}

/// Appends a `SOCKADDR` parameter as Falco prints it.
pub fn render_address(address: &SocketAddress<'_>, out: &mut Vec<u8>) {
    match *address {
        SocketAddress::Ipv4 { ip, port } => render_ipv4_server(ip, port, out),
        SocketAddress::Ipv6 { ip, port } => render_ipv6_server(ip, port, out),
        SocketAddress::Unix { path } => sanitize_into(path, out),
        SocketAddress::Other { family } => {
            let _ = write!(out, "family {}", family.cast_signed());
        }
    }
}

/// Appends a `SOCKTUPLE` parameter as Falco prints it.
pub fn render_tuple(tuple: &SocketTuple<'_>, out: &mut Vec<u8>) {
    match *tuple {
        SocketTuple::Ipv4 { source, source_port, destination, destination_port } => {
            render_ipv4_pair((source, source_port), (destination, destination_port), out);
        }
        SocketTuple::Ipv6 { source, source_port, destination, destination_port } => {
            match (mapped_ipv4(source), mapped_ipv4(destination)) {
                (Some(source), Some(destination)) => {
                    render_ipv4_pair((source, source_port), (destination, destination_port), out);
                }
                _ => render_ipv6_pair((source, source_port), (destination, destination_port), out),
            }
        }
        SocketTuple::Unix { source, destination, path } => {
            render_unix(source, destination, path, out);
        }
        SocketTuple::Other { family } => {
            let _ = write!(out, "family {family}");
        }
    }
}

/// Appends `source->destination path`, kernel pointers in hexadecimal.
pub(crate) fn render_unix(source: u64, destination: u64, path: &[u8], out: &mut Vec<u8>) {
    let _ = write!(out, "{source:x}->{destination:x} ");
    sanitize_into(path, out);
}

/// Replaces `out` by the name of a socket of `kind` (IPv4 or IPv6); others leave it as it is.
pub(crate) fn render_socket(info: &SocketInfo, kind: FdKind, out: &mut Vec<u8>) {
    match kind {
        FdKind::Ipv4Socket => {
            out.clear();
            render_ipv4_socket(info, out);
        }
        FdKind::Ipv6Socket => {
            out.clear();
            render_ipv6_socket(info, out);
        }
        _ => {}
    }
}

fn render_ipv4_socket(info: &SocketInfo, out: &mut Vec<u8>) {
    let pair = info.ipv4_pair();
    match info.proto(at::V4_PROTO) {
        L4Proto::Tcp | L4Proto::Udp => render_ipv4_pair(
            (pair.source, pair.source_port),
            (pair.destination, pair.destination_port),
            out,
        ),
        L4Proto::Icmp | L4Proto::Raw => {
            let _ = write!(out, "{}->{}", pair.source, pair.destination);
        }
        _ => out.extend_from_slice(UNKNOWN),
    }
}

fn render_ipv6_socket(info: &SocketInfo, out: &mut Vec<u8>) {
    let pair = info.ipv6_pair();
    let mapped = mapped_ipv4(pair.source).zip(mapped_ipv4(pair.destination));
    match (info.proto(at::V6_PROTO), mapped) {
        // libsinsp takes the ports from where an IPv4 socket has them.
        (L4Proto::Tcp | L4Proto::Udp, Some((source, destination))) => {
            let ports = info.ipv4_pair();
            render_ipv4_pair(
                (source, ports.source_port),
                (destination, ports.destination_port),
                out,
            );
        }
        (L4Proto::Tcp | L4Proto::Udp, None) => render_ipv6_pair(
            (pair.source, pair.source_port),
            (pair.destination, pair.destination_port),
            out,
        ),
        (L4Proto::Icmp, Some((source, destination))) => {
            let _ = write!(out, "{source}->{destination}");
        }
        (L4Proto::Icmp, None) => {
            render_ipv6(pair.source, out);
            out.extend_from_slice(b"->");
            render_ipv6(pair.destination, out);
        }
        _ => out.extend_from_slice(UNKNOWN),
    }
}
