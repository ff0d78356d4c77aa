//! connect.

#[cfg(test)]
mod tests;

use std::net::{Ipv4Addr, Ipv6Addr};

use event::Event;

use super::result;
use crate::{
    fd::{Fd, FdKind, L4Proto, Role},
    host::Host,
    socket::{
        Pair, SocketAddress, SocketTuple, at, mapped_ipv4, render_socket, render_unix, set_ipv4,
        set_ipv6, swap_ends,
    },
};

/// The connection is on its way.
const EINPROGRESS: i64 = 115;

/// Longest path of a unix socket that is compared, bytes.
const MAX_UNIX_PATH: usize = 108;

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    let Some(result) = result(event).filter(|&result| result >= 0 || result == -EINPROGRESS) else {
        return;
    };
    let _ = result;
    if host.event_thread.is_none() || host.event_fd.is_none() {
        return;
    }
    let stored = host.take_enter(event);
    let enter = stored.as_deref().and_then(|bytes| Event::decode(bytes, 0, 0).ok());
    let asked = enter.map(|enter| enter.param(1)).and_then(Raw::new);
    let tuple = event.param(1);
    host.rename_event_fd(|fd| {
        fd.connected = true;
        if tuple.is_empty() {
            if let Some(asked) = asked {
                set_destination(fd, &asked);
            }
        } else if let Some(tuple) = SocketTuple::decode(tuple) {
            connect(fd, &tuple, Raw::new(event.param(3)).zip(asked));
        }
    });
    host.return_enter(stored);
}

/// A valid address parameter, with its bytes: libsinsp reads them without asking for the family.
#[derive(Clone, Copy)]
struct Raw<'a> {
    bytes: &'a [u8],
    address: SocketAddress<'a>,
}

impl<'a> Raw<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        SocketAddress::decode(bytes).map(|address| Self { bytes, address })
    }

    fn array<const N: usize>(&self, offset: usize) -> Option<[u8; N]> {
        self.bytes.get(offset..)?.first_chunk().copied()
    }

    fn ipv4(&self) -> Option<(Ipv4Addr, u16)> {
        Some((Ipv4Addr::from(self.array::<4>(1)?), u16::from_le_bytes(self.array(5)?)))
    }

    fn ipv6(&self) -> Option<(Ipv6Addr, u16)> {
        Some((Ipv6Addr::from(self.array::<16>(1)?), u16::from_le_bytes(self.array(17)?)))
    }

    fn path(&self) -> &'a [u8] {
        let path = self.bytes.get(1..).unwrap_or_default();
        path.split(|&byte| byte == 0).next().unwrap_or_default()
    }
}

/// Takes the destination from the call's arguments, when the kernel told nothing.
fn set_destination(fd: &mut Fd, asked: &Raw<'_>) {
    match asked.address {
        SocketAddress::Ipv4 { ip, port } => set_ipv4_destination(fd, ip, port),
        SocketAddress::Ipv6 { ip, port } => {
            if let Some(ip) = mapped_ipv4(ip) {
                set_ipv4_destination(fd, ip, port);
            } else {
                fd.kind = FdKind::Ipv6Socket;
                fd.socket.set_port(at::V6_DESTINATION_PORT, port);
                fd.socket.set_ipv6(at::V6_DESTINATION, ip);
            }
        }
        // The name is that of the empty tuple.
        SocketAddress::Unix { .. } | SocketAddress::Other { .. } => {
            fd.name.clear();
            fd.name.extend_from_slice(b"NULL");
        }
    }
}

fn set_ipv4_destination(fd: &mut Fd, ip: Ipv4Addr, port: u16) {
    fd.kind = FdKind::Ipv4Socket;
    fd.socket.set_ipv4(at::V4_DESTINATION, ip);
    fd.socket.set_port(at::V4_DESTINATION_PORT, port);
}

/// `addresses`: what the exit and the enter event say was asked for. If the kernel's tuple repeats the
/// exit event's address, both came from user memory late, and the enter event's is the trusted one.
fn connect(fd: &mut Fd, tuple: &SocketTuple<'_>, addresses: Option<(Raw<'_>, Raw<'_>)>) {
    let changed = match *tuple {
        SocketTuple::Ipv4 { source, source_port, destination, destination_port } => {
            let trusted = trusted((destination, destination_port), addresses, Raw::ipv4);
            let (destination, destination_port) = trusted;
            fd.kind = FdKind::Ipv4Socket;
            set_ipv4(fd, Pair { source, source_port, destination, destination_port })
        }
        SocketTuple::Ipv6 { source, source_port, destination, destination_port } => {
            let trusted = trusted((destination, destination_port), addresses, Raw::ipv6);
            let (destination, destination_port) = trusted;
            if let (Some(source), Some(destination)) =
                (mapped_ipv4(source), mapped_ipv4(destination))
            {
                fd.kind = FdKind::Ipv4Socket;
                set_ipv4(fd, Pair { source, source_port, destination, destination_port })
            } else {
                fd.kind = FdKind::Ipv6Socket;
                set_ipv6(fd, Pair { source, source_port, destination, destination_port })
            }
        }
        SocketTuple::Unix { source, destination, path } if fd.kind == FdKind::UnixSocket => {
            fd.socket.set_pointer(at::UNIX_SOURCE, source);
            fd.socket.set_pointer(at::UNIX_DESTINATION, destination);
            fd.name.clear();
            render_unix(source, destination, trusted_path(path, addresses), &mut fd.name);
            false
        }
        SocketTuple::Unix { .. } | SocketTuple::Other { .. } => return,
    };
    if fd.kind != FdKind::UnixSocket {
        if changed && fd.role.is_server() && fd.is_ipv4_socket_of(L4Proto::Udp) {
            swap_ends(fd);
        }
        render_socket(&fd.socket, fd.kind, &mut fd.name);
    }
    if fd.role == Role::None {
        fd.role = Role::Client;
    }
}

fn trusted<'a, A: PartialEq>(
    told: (A, u16),
    addresses: Option<(Raw<'a>, Raw<'a>)>,
    read: fn(&Raw<'a>) -> Option<(A, u16)>,
) -> (A, u16) {
    match addresses {
        Some((at_exit, at_enter)) if read(&at_exit).as_ref() == Some(&told) => {
            read(&at_enter).unwrap_or(told)
        }
        _ => told,
    }
}

fn trusted_path<'a>(told: &'a [u8], addresses: Option<(Raw<'a>, Raw<'a>)>) -> &'a [u8] {
    let start = |path: &'a [u8]| path.get(..MAX_UNIX_PATH).unwrap_or(path);
    match addresses {
        Some((at_exit, at_enter)) if start(at_exit.path()) == start(told) => at_enter.path(),
        _ => told,
    }
}
