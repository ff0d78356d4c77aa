//! bind.

use event::Event;

use super::succeeded;
use crate::{
    fd::{Fd, FdKind},
    host::Host,
    socket::{SocketAddress, at, mapped_ipv4, render_address},
};

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    if !succeeded(event) {
        return;
    }
    let Some(address) = SocketAddress::decode(event.param(1)) else { return };
    host.rename_event_fd(|fd| {
        serve(fd, &address);
        fd.name.clear();
        render_address(&address, &mut fd.name);
    });
}

/// A socket bound to a port is taken for a listening one.
fn serve(fd: &mut Fd, address: &SocketAddress<'_>) {
    let info = &mut fd.socket;
    match *address {
        SocketAddress::Ipv4 { ip, port } if port > 0 => {
            fd.kind = FdKind::Ipv4ServerSocket;
            info.set_ipv4(at::V4_SOURCE, ip);
            info.set_port(at::V4_SERVER_PORT, port);
            info.copy_proto(at::V4_PROTO, at::V4_SERVER_PROTO);
        }
        SocketAddress::Ipv6 { ip, port } if port > 0 => {
            if let Some(ip) = mapped_ipv4(ip) {
                fd.kind = FdKind::Ipv4ServerSocket;
                info.copy_proto(at::V6_PROTO, at::V4_SERVER_PROTO);
                info.set_ipv4(at::V4_SOURCE, ip);
                info.set_port(at::V4_SERVER_PORT, port);
            } else {
                fd.kind = FdKind::Ipv6ServerSocket;
                info.set_port(at::V6_SERVER_PORT, port);
                info.set_ipv6(at::V6_SOURCE, ip);
                info.copy_proto(at::V6_PROTO, at::V6_SERVER_PROTO);
            }
        }
        _ => return,
    }
    fd.role = fd.role.with_server();
}
