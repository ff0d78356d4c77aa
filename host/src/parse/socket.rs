//! socket and socketpair.

use event::Event;

use super::{result, succeeded};
use crate::{
    fd::{Fd, FdKind, L4Proto},
    host::Host,
    socket::at,
};

/// Address families in portable numbering.
pub(super) const AF_UNIX: u32 = 1;
pub(super) const AF_INET: u32 = 2;
pub(super) const AF_INET6: u32 = 10;
const AF_NETLINK: u32 = 16;

/// Socket types.
const STREAM: u32 = 1;
pub(super) const DATAGRAM: u32 = 2;
const RAW: u32 = 3;

/// IP protocols.
mod protocol {
    pub(super) const IP: u32 = 0;
    pub(super) const ICMP: u32 = 1;
    pub(super) const TCP: u32 = 6;
    pub(super) const UDP: u32 = 17;
    pub(super) const RAW: u32 = 255;
}

/// The protocol of a socket whose creation was missed.
pub(super) const UDP: u32 = protocol::UDP;

pub(super) fn socket(host: &mut Host, event: &Event<'_>) {
    let Some(number) = result(event).filter(|&number| number >= 0) else { return };
    if host.event_thread.is_none() {
        return;
    }
    let param = |index| event.u32(index).unwrap_or(0);
    host.open_fd(number, |fd| {
        fd.open_flags = param(4);
        describe(fd, param(1), param(2), param(3));
    });
}

/// Makes `fd` a socket as the parameters of a `socket` call say.
pub(super) fn describe(fd: &mut Fd, domain: u32, kind: u32, protocol: u32) {
    fd.kind = match domain {
        AF_UNIX => FdKind::UnixSocket,
        AF_INET => FdKind::Ipv4Socket,
        AF_INET6 => FdKind::Ipv6Socket,
        AF_NETLINK => FdKind::Netlink,
        _ => FdKind::Unknown,
    };
    match domain {
        AF_INET => fd.socket.set_proto(at::V4_PROTO, l4proto(kind, protocol)),
        AF_INET6 => fd.socket.set_proto(at::V6_PROTO, l4proto(kind, protocol)),
        _ => {}
    }
}

fn l4proto(kind: u32, protocol: u32) -> L4Proto {
    let unless_raw = |proto| if kind == RAW { L4Proto::Raw } else { proto };
    match protocol {
        protocol::TCP => unless_raw(L4Proto::Tcp),
        protocol::UDP => unless_raw(L4Proto::Udp),
        protocol::ICMP => unless_raw(L4Proto::Icmp),
        protocol::RAW => L4Proto::Raw,
        // The type may carry flags above its low byte, but only here are they masked.
        protocol::IP if kind & 0xff == STREAM => L4Proto::Tcp,
        protocol::IP if kind & 0xff == DATAGRAM => L4Proto::Udp,
        _ => L4Proto::Unknown,
    }
}

pub(super) fn socketpair(host: &mut Host, event: &Event<'_>) {
    if !succeeded(event) || host.event_thread.is_none() {
        return;
    }
    let (Some(first), Some(second)) = (event.int(1), event.int(2)) else { return };
    if first == second {
        host.event_fd = None;
        return;
    }
    host.open_fd(first, |fd| {
        fd.kind = FdKind::UnixSocket;
        fd.socket.set_pointer(at::UNIX_SOURCE, event.uint(3).unwrap_or(0));
        fd.socket.set_pointer(at::UNIX_DESTINATION, event.uint(4).unwrap_or(0));
    });
    // The event is about the first fd but has the number of the second.
    if let Some(id) = host.event_fd {
        host.open_copy(second, id, |_| {});
        host.event_fd = Some(id);
    }
}
