//! Class `fdlist`: the fds of a poll.

mod table;

use std::{io::Write as _, net::IpAddr};

use event::EventType;
use host::{Address, Fd};

use crate::{
    field::{Context, buffer::try_build, fd},
    value::Value,
};

pub(super) use table::FIELDS;
pub use table::FdListField;

/// The value of `id` for the event of `ctx`: one entry an fd, separated by commas.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: FdListField) -> Option<Value<'e>> {
    let (EventType::PollX | EventType::PpollX) = ctx.event.kind else { return None };
    let slot = ctx.thread_id()?;
    try_build(ctx.arena, |out| {
        for (number, _) in fd::entries(ctx.event.param(1)) {
            let open = ctx.host.find_fd(slot, number).and_then(|it| ctx.host.fd(it));
            if write_entry(id, number, open, out) {
                out.push(b',');
            }
        }
        if out.last() == Some(&b',') {
            out.pop();
        }
        (!out.is_empty()).then_some(())
    })
    .map(Value::Str)
}

/// Appends what `id` shows of one fd; false when it shows nothing and no comma either.
fn write_entry(id: FdListField, number: i64, open: Option<&Fd>, out: &mut Vec<u8>) -> bool {
    let address = open.map_or(Address::None, Fd::address);
    // Writing to a Vec cannot fail.
    let mut write = |text: &dyn std::fmt::Display| drop(write!(out, "{text}"));
    match (id, address) {
        (FdListField::Nums, _) => write(&number),
        (FdListField::Names, _) => match open {
            Some(fd) if !fd.name.is_empty() => out.extend_from_slice(&fd.name),
            _ => write(&"<NA>"),
        },
        (FdListField::Cips, Address::Ipv4 { source, .. }) => write(&source),
        (FdListField::Cips, Address::Ipv6 { source, .. }) => write(&source),
        (FdListField::Sips, Address::Ipv4 { destination, .. }) => write(&destination),
        (FdListField::Sips, Address::Ipv6 { destination, .. }) => write(&destination),
        (FdListField::Sips, Address::Ipv4Server { ip, .. }) => write(&ip),
        // Falco prints the first four bytes as an IPv4 address.
        (FdListField::Sips, Address::Ipv6Server { ip, .. }) => {
            let [a, b, c, d, ..] = ip.octets();
            write(&IpAddr::from([a, b, c, d]));
        }
        (
            FdListField::Cports,
            Address::Ipv4 { source_port, .. } | Address::Ipv6 { source_port, .. },
        ) => write(&source_port),
        (
            FdListField::Sports,
            Address::Ipv4 { destination_port, .. } | Address::Ipv6 { destination_port, .. },
        ) => write(&destination_port),
        _ => return false,
    }
    true
}
