//! Reading and writing: the calls that carry addresses complete what is known of a socket.

#[cfg(test)]
mod tests;

use event::{Event, EventType};

use super::{
    result,
    socket::{self, AF_INET, AF_INET6, DATAGRAM, UDP},
    succeeded,
};
use crate::{
    fd::{Fd, FdKind, L4Proto, Role},
    host::Host,
    interfaces::Interfaces,
    socket::{
        Pair, SocketTuple, at, mapped_ipv4, render_socket, render_tuple, set_ipv4, set_ipv6,
        swap_ends,
    },
    thread::ThreadId,
};

/// read, readv, pread, preadv.
pub(super) fn read(host: &mut Host, event: &Event<'_>) {
    if succeeded(event) {
        mark_connected(host);
    }
}

/// write, writev, pwrite, pwritev.
pub(super) fn write(host: &mut Host, event: &Event<'_>) {
    read(host, event);
}

/// recv, recvfrom, recvmsg, recvmmsg.
pub(super) fn receive(host: &mut Host, event: &Event<'_>) {
    let unknown = event.kind == EventType::RecvmmsgX && event.param(0).is_empty();
    if unknown || !succeeded(event) {
        return;
    }
    mark_connected(host);
    let tuple = match event.kind {
        EventType::RecvfromX => 2,
        EventType::RecvmsgX => 3,
        _ => 4,
    };
    complete(host, event.param(tuple), true);
    if host.live.is_some() {
        host.look_up_passed_fds(event);
    }
}

/// send, sendto, sendmsg, sendmmsg.
pub(super) fn send(host: &mut Host, event: &Event<'_>) {
    if event.kind == EventType::SendmmsgX {
        if event.param(0).is_empty() {
            return;
        }
    } else if host.event_fd.is_none() && host.event_thread.is_some() {
        infer_socket(host, event);
    }
    if !succeeded(event) {
        return;
    }
    mark_connected(host);
    complete(host, event.param(4), false);
}

/// A socket whose creation was missed is taken for a UDP one.
fn infer_socket(host: &mut Host, event: &Event<'_>) {
    if result(event).is_none_or(|result| result < 0) {
        return;
    }
    let family = event.param(4).first().map(|&family| u32::from(family));
    let Some(domain) = family.filter(|family| [AF_INET, AF_INET6].contains(family)) else { return };
    if let Some(number) = event.int(2) {
        host.open_fd(number, |fd| socket::describe(fd, domain, DATAGRAM, UDP));
    }
}

fn mark_connected(host: &mut Host) {
    let Some(fd) = host.event_fd() else { return };
    if matches!(fd.kind, FdKind::Ipv4Socket | FdKind::Ipv6Socket)
        && !fd.connected
        && let Some(fd) = host.change_event_fd()
    {
        fd.connected = true;
    }
}

/// Takes the addresses of `tuple` into the event's socket, works out its role and names it.
fn complete(host: &mut Host, tuple: &[u8], incoming: bool) {
    let settled = |fd: &Fd| !fd.name.is_empty() && fd.is_ipv4_socket_of(L4Proto::Tcp);
    if host.event_fd().is_none_or(settled) {
        return;
    }
    let Some(tuple) = SocketTuple::decode(tuple) else { return };
    let mut old_name = std::mem::take(&mut host.scratch.old_name);
    old_name.clear();
    old_name.extend_from_slice(host.event_fd().map_or(&[], |fd| &fd.name));
    if host.change_event_fd().is_some()
        && let (Some(thread), Some(id)) = (host.event_thread, host.event_fd)
        && let Some(fd) = host.fds.get_mut(id)
        && update(fd, &tuple, &host.interfaces)
    {
        if matches!(fd.kind, FdKind::Ipv4Socket | FdKind::Ipv6Socket) {
            if fd.role == Role::None {
                let ports = fd.socket.ipv4_pair();
                let ports = (ports.source_port, ports.destination_port);
                let role = guess_role(host, thread, ports, incoming);
                if let Some(fd) = host.fds.get_mut(id) {
                    fd.role = role;
                }
            }
            if let Some(fd) = host.fds.get_mut(id) {
                if if incoming { fd.role.is_client() } else { fd.role.is_server() } {
                    swap_ends(fd);
                }
                render_socket(&fd.socket, fd.kind, &mut fd.name);
            }
        } else {
            fd.name.clear();
            render_tuple(&tuple, &mut fd.name);
        }
    }
    host.fd_renamed |= host.event_fd().is_some_and(|fd| fd.name != old_name);
    host.scratch.old_name = old_name;
}

/// Sets the addresses; whether that changed any, or the socket is a unix one.
fn update(fd: &mut Fd, tuple: &SocketTuple<'_>, interfaces: &Interfaces) -> bool {
    let changed = match *tuple {
        SocketTuple::Ipv4 { source, source_port, destination, destination_port } => {
            if fd.kind == FdKind::Ipv4ServerSocket {
                fd.socket.copy_proto(at::V4_SERVER_PROTO, at::V4_PROTO);
            }
            fd.kind = FdKind::Ipv4Socket;
            set_ipv4(fd, Pair { source, source_port, destination, destination_port })
        }
        SocketTuple::Ipv6 { source, source_port, destination, destination_port } => {
            if let (Some(source), Some(destination)) =
                (mapped_ipv4(source), mapped_ipv4(destination))
            {
                fd.kind = FdKind::Ipv4Socket;
                set_ipv4(fd, Pair { source, source_port, destination, destination_port })
            } else {
                set_ipv6(fd, Pair { source, source_port, destination, destination_port })
            }
        }
        SocketTuple::Unix { source, destination, .. } => {
            fd.kind = FdKind::UnixSocket;
            fd.socket.set_pointer(at::UNIX_SOURCE, source);
            fd.socket.set_pointer(at::UNIX_DESTINATION, destination);
            return true;
        }
        SocketTuple::Other { .. } => true,
    };
    if !changed {
        return false;
    }
    let proto = match fd.kind {
        FdKind::Ipv4Socket => at::V4_PROTO,
        FdKind::Ipv6Socket => at::V6_PROTO,
        _ => return true,
    };
    // Only UDP lets a socket change its peer.
    if fd.socket.proto(proto) == L4Proto::Unknown {
        fd.socket.set_proto(proto, L4Proto::Udp);
    }
    interfaces.complete(fd);
    true
}

/// Which end a socket is: a client unless the process owns the destination's port; a server unless it
/// uses the source's port too; else by who speaks first. The ports are read as an IPv4 socket's.
fn guess_role(host: &Host, thread: ThreadId, ports: (u16, u16), incoming: bool) -> Role {
    let (source, destination) = ports;
    let fds = || host.fds(thread).filter_map(|(_, id)| host.fds.get(id));
    let bound = fds().any(|fd| match fd.kind {
        FdKind::Ipv4Socket => fd.socket.port(at::V4_DESTINATION_PORT) == destination,
        FdKind::Ipv4ServerSocket => fd.socket.port(at::V4_SERVER_PORT) == destination,
        _ => false,
    });
    if !bound {
        return Role::Client;
    }
    let uses = fds()
        .any(|fd| fd.kind == FdKind::Ipv4Socket && fd.socket.port(at::V4_SOURCE_PORT) == source);
    if !uses || incoming { Role::Server } else { Role::Client }
}
