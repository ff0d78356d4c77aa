//! Addresses and ports of sockets.

use std::{io::Write as _, net::IpAddr};

use host::{Address, Fd, FdKind, Role};

use crate::{
    field::{Context, buffer::build, fd::FdField},
    value::Value,
};

/// An address and a port of a socket.
type End = (IpAddr, u16);

/// What an fd's addresses are to the process.
enum Ends {
    /// Client and server of a connection.
    Pair { client: End, server: End },
    /// A socket that listens.
    Server(End),
}

fn ends(fd: &Fd) -> Option<Ends> {
    Some(match fd.address() {
        Address::Ipv4 { source, source_port, destination, destination_port } => Ends::Pair {
            client: (source.into(), source_port),
            server: (destination.into(), destination_port),
        },
        Address::Ipv6 { source, source_port, destination, destination_port } => Ends::Pair {
            client: (source.into(), source_port),
            server: (destination.into(), destination_port),
        },
        Address::Ipv4Server { ip, port } => Ends::Server((ip.into(), port)),
        Address::Ipv6Server { ip, port } => Ends::Server((ip.into(), port)),
        Address::None | Address::Unix { .. } => return None,
    })
}

/// Addresses, ports and services.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: FdField, fd: &Fd) -> Option<Value<'e>> {
    let has_role = fd.role != Role::None;
    let Some(ends) = ends(fd) else {
        // Of sockets that have no ports, the service of the client is empty.
        return (id == FdField::Cproto && has_role).then_some(Value::Str(&[]));
    };
    let local = |wants_local: bool| match ends {
        Ends::Pair { client, server } if has_role => {
            let client_is_local = is_local(ctx, client.0);
            Some(if client_is_local == wants_local { client } else { server })
        }
        _ => None,
    };
    let client = match ends {
        Ends::Pair { client, .. } if has_role => Some(client),
        _ => None,
    };
    let server = match ends {
        Ends::Pair { server, .. } if has_role => Some(server),
        Ends::Pair { .. } => None,
        Ends::Server(server) => Some(server),
    };
    // Unlike its port, the address of a listening socket needs a role.
    let server_ip = server.filter(|_| has_role);
    Some(match id {
        FdField::Cip | FdField::Cnet => Value::Ip(client?.0),
        FdField::Sip | FdField::Snet => Value::Ip(server_ip?.0),
        FdField::Lip | FdField::Lnet => Value::Ip(local(true)?.0),
        FdField::Rip | FdField::Rnet => Value::Ip(local(false)?.0),
        FdField::Cport => Value::Uint(client?.1.into()),
        FdField::Sport => Value::Uint(server?.1.into()),
        FdField::Lport => Value::Uint(local(true)?.1.into()),
        FdField::Rport => Value::Uint(local(false)?.1.into()),
        FdField::Cproto => match client {
            Some(client) => service(ctx, client.1),
            None => has_role.then_some(Value::Str(&[]))?,
        },
        // Empty for a listening socket.
        FdField::Sproto => match ends {
            Ends::Server(_) => Value::Str(&[]),
            Ends::Pair { .. } => service(ctx, server?.1),
        },
        FdField::Lproto => service(ctx, local(true)?.1),
        FdField::Rproto => service(ctx, local(false)?.1),
        // Domains need a resolver, filter-only fields have no single value.
        _ => return None,
    })
}

/// A port as text; Falco does not look services up by default.
fn service<'e>(ctx: &Context<'e>, port: u16) -> Value<'e> {
    // Writing to a Vec cannot fail.
    Value::Str(build(ctx.arena, |out| drop(write!(out, "{port}"))))
}

fn is_local(ctx: &Context<'_>, ip: IpAddr) -> bool {
    ctx.thread_id().is_some_and(|slot| match ip {
        IpAddr::V4(ip) => ctx.host.is_local_ipv4(slot, ip),
        IpAddr::V6(ip) => ctx.host.is_local_ipv6(slot, ip),
    })
}

/// `fd.is_server`.
pub(super) fn is_server(ctx: &Context<'_>, fd: &Fd) -> bool {
    match ends(fd) {
        Some(Ends::Server(_)) => true,
        Some(Ends::Pair { server, .. }) => is_local(ctx, server.0),
        None => false,
    }
}

/// `fd.sockfamily`.
pub(super) fn family(kind: FdKind) -> Option<&'static [u8]> {
    match kind {
        FdKind::Ipv4Socket
        | FdKind::Ipv6Socket
        | FdKind::Ipv4ServerSocket
        | FdKind::Ipv6ServerSocket => Some(b"ip"),
        FdKind::UnixSocket => Some(b"unix"),
        _ => None,
    }
}

/// Whether a condition on `id` looks at both ends of a socket.
pub(in crate::field) fn has_two_ends(id: FdField) -> bool {
    matches!(id, FdField::Ip | FdField::Port | FdField::Proto | FdField::Net)
}

/// Visits client and server (in that order), or the one end of a listening socket.
pub(in crate::field) fn visit_ends<'e>(
    ctx: &Context<'e>,
    id: FdField,
    visit: &mut dyn FnMut(Value<'e>) -> bool,
) -> bool {
    if !ctx.is_about_fd() {
        return false;
    }
    let mut visit_end = |(ip, port): End| {
        visit(match id {
            FdField::Port | FdField::Proto => Value::Uint(port.into()),
            _ => Value::Ip(ip),
        })
    };
    match ctx.fd().and_then(ends) {
        Some(Ends::Pair { client, server }) => visit_end(client) || visit_end(server),
        Some(Ends::Server(server)) => visit_end(server),
        None => false,
    }
}
