//! accept and accept4.

use event::{Event, EventType};

use super::result;
use crate::{
    fd::{Fd, FdKind, L4Proto},
    flags::open,
    host::Host,
    socket::{Pair, SocketTuple, at, mapped_ipv4, render_tuple, set_ipv4, set_ipv6},
};

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    let (Some(thread), Some(number)) = (host.event_thread, result(event)) else { return };
    if number < 0 {
        return;
    }
    if let Some(tracking) = host.threads.tracking_mut(thread) {
        tracking.last_fd = number;
    }
    let Some(tuple) = SocketTuple::decode(event.param(1)) else { return };
    if matches!(tuple, SocketTuple::Other { .. }) {
        return;
    }
    host.open_fd(number, |fd| {
        set_ends(fd, &tuple);
        render_tuple(&tuple, &mut fd.name);
        if event.kind == EventType::Accept4V6X {
            fd.open_flags = event.u32(5).unwrap_or(0) & open::CLOEXEC;
        }
        fd.role = fd.role.with_server();
        fd.connected = true;
    });
}

fn set_ends(fd: &mut Fd, tuple: &SocketTuple<'_>) {
    match *tuple {
        SocketTuple::Ipv4 { source, source_port, destination, destination_port } => {
            set_ipv4(fd, Pair { source, source_port, destination, destination_port });
            fd.kind = FdKind::Ipv4Socket;
            fd.socket.set_proto(at::V4_PROTO, L4Proto::Tcp);
        }
        SocketTuple::Ipv6 { source, source_port, destination, destination_port } => {
            if let (Some(source), Some(destination)) =
                (mapped_ipv4(source), mapped_ipv4(destination))
            {
                set_ipv4(fd, Pair { source, source_port, destination, destination_port });
                fd.kind = FdKind::Ipv4Socket;
                fd.socket.set_proto(at::V4_PROTO, L4Proto::Tcp);
            } else {
                set_ipv6(fd, Pair { source, source_port, destination, destination_port });
                fd.kind = FdKind::Ipv6Socket;
                fd.socket.set_proto(at::V6_PROTO, L4Proto::Tcp);
            }
        }
        SocketTuple::Unix { source, destination, .. } => {
            fd.kind = FdKind::UnixSocket;
            fd.socket.set_pointer(at::UNIX_SOURCE, source);
            fd.socket.set_pointer(at::UNIX_DESTINATION, destination);
        }
        SocketTuple::Other { .. } => {}
    }
}
