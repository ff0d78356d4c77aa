//! Class `fd`.

mod list;
mod name;
mod socket;
mod table;

use std::io::Write as _;

use event::EventType;
use host::{ContainerId, Fd, FdKind, L4Proto};

use crate::{
    field::{
        Argument, Context, FieldRef,
        buffer::{build, c_string, try_build},
        event::errno_text,
    },
    value::Value,
};

pub(super) use list::{entries, list_text};
pub(super) use name::name;
pub(super) use socket::{has_two_ends, visit_ends};
pub(super) use table::FIELDS;
pub use table::FdField;

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: FdField, field: &FieldRef) -> Option<Value<'e>> {
    if !ctx.is_about_fd() {
        return None;
    }
    match id {
        FdField::Num => return Some(Value::Int(ctx.host.current().fd_number)),
        FdField::Types => return list::types(ctx, field.argument()),
        FdField::Name => return name(ctx).map(Value::Str),
        FdField::Nameraw => return name::raw(ctx).map(Value::Str),
        FdField::Directory => return name::directory(ctx).map(Value::Str),
        FdField::Containername => {
            return in_container(ctx, name(ctx)?);
        }
        FdField::Containerdirectory => return in_container(ctx, name::directory(ctx)?),
        FdField::Typechar => {
            let letter = ctx.fd().map_or(letter_of_event(ctx.event.kind), |it| letter(it.kind));
            return Some(Value::Str(letter.as_bytes()));
        }
        FdField::Uid => {
            let tid = ctx.thread()?.tid;
            let number = ctx.host.current().fd_number;
            // Writing to a Vec cannot fail.
            let text = build(ctx.arena, |out| drop(write!(out, "{tid}{number}")));
            return Some(Value::Str(text));
        }
        _ => {}
    }
    let fd = ctx.fd()?;
    Some(match id {
        FdField::Type => Value::Str(type_name(fd.kind).as_bytes()),
        FdField::Filename => Value::Str(name::filename(fd)?),
        FdField::L4proto => Value::Str(protocol(fd).as_bytes()),
        FdField::Sockfamily => Value::Str(socket::family(fd.kind)?),
        FdField::IsServer => Value::Bool(socket::is_server(ctx, fd)),
        FdField::Connected => Value::Bool(fd.connected),
        FdField::NameChanged => Value::Bool(ctx.host.current().fd_name_changed),
        FdField::Dev => Value::Int(fd.device.cast_signed().into()),
        FdField::DevMajor => Value::Int(((fd.device & 0xF_FF00) >> 8).into()),
        FdField::DevMinor => {
            Value::Int(((fd.device & 0xFF) | ((fd.device >> 12) & 0xF_FF00)).into())
        }
        FdField::Ino => Value::Int(fd.ino.cast_signed()),
        FdField::IsUpperLayer => Value::Bool(fd.upper_layer),
        FdField::IsLowerLayer => Value::Bool(fd.lower_layer),
        _ => return socket::extract(ctx, id, fd),
    })
}

/// `fd.containername` and `fd.containerdirectory`: the container's id, empty on the host, before.
fn in_container<'e>(ctx: &Context<'e>, text: &[u8]) -> Option<Value<'e>> {
    let container = ctx.thread()?.container;
    try_build(ctx.arena, |out| {
        if container != ContainerId::HOST {
            out.extend_from_slice(ctx.host.containers().short_id(container));
        }
        out.push(b':');
        out.extend_from_slice(text);
        Some(())
    })
    .map(Value::Str)
}

/// What fd `number` of the event's thread is: type and name, or what a negative number means.
/// Empty when it is not known.
pub(super) fn resolve<'e>(ctx: &Context<'e>, number: i64) -> &'e [u8] {
    let Some(slot) = ctx.thread_id() else { return &[] };
    match number {
        0.. => {
            let fd = ctx.host.find_fd(slot, number).and_then(|it| ctx.host.fd(it));
            fd.map_or(&[], |it| {
                build(ctx.arena, |out| {
                    out.push(b'<');
                    out.extend_from_slice(letter(it.kind).as_bytes());
                    out.extend_from_slice(protocol_letter(it).as_bytes());
                    out.push(b'>');
                    host::utf8::sanitize_into(c_string(&it.name), out);
                })
            })
        }
        -100 => b"AT_FDCWD",
        _ => errno_text(number).as_bytes(),
    }
}

fn protocol(fd: &Fd) -> &'static str {
    match fd.l4proto() {
        L4Proto::Tcp => "tcp",
        L4Proto::Udp => "udp",
        L4Proto::Icmp => "icmp",
        L4Proto::Raw => "raw",
        L4Proto::Unknown | L4Proto::NotApplicable => "<NA>",
    }
}

fn protocol_letter(fd: &Fd) -> &'static str {
    match fd.l4proto() {
        L4Proto::Tcp => "t",
        L4Proto::Udp => "u",
        L4Proto::Icmp => "i",
        L4Proto::Raw => "r",
        L4Proto::Unknown | L4Proto::NotApplicable => "",
    }
}

/// `fd.type`.
pub(super) fn type_name(kind: FdKind) -> &'static str {
    match kind {
        FdKind::File | FdKind::FileV2 => "file",
        FdKind::Directory => "directory",
        FdKind::Ipv4Socket | FdKind::Ipv4ServerSocket => "ipv4",
        FdKind::Ipv6Socket | FdKind::Ipv6ServerSocket => "ipv6",
        FdKind::UnixSocket => "unix",
        FdKind::Fifo => "pipe",
        FdKind::Event => "event",
        FdKind::SignalFd => "signalfd",
        FdKind::EventPoll => "eventpoll",
        FdKind::Inotify => "inotify",
        FdKind::TimerFd => "timerfd",
        FdKind::Netlink => "netlink",
        FdKind::Bpf => "bpf",
        FdKind::UserFaultFd => "userfaultfd",
        FdKind::IoUring => "io_uring",
        FdKind::Memfd => "memfd",
        FdKind::PidFd => "pidfd",
        FdKind::Unknown | FdKind::Unsupported | FdKind::Uninitialized => "<NA>",
    }
}

/// `fd.typechar`.
pub(super) fn letter(kind: FdKind) -> &'static str {
    match kind {
        FdKind::File | FdKind::FileV2 => "f",
        FdKind::Directory => "d",
        FdKind::Ipv4Socket | FdKind::Ipv4ServerSocket => "4",
        FdKind::Ipv6Socket | FdKind::Ipv6ServerSocket => "6",
        FdKind::UnixSocket | FdKind::UserFaultFd => "u",
        FdKind::Fifo => "p",
        FdKind::Event => "e",
        FdKind::Unknown => "o",
        FdKind::Unsupported => "X",
        FdKind::SignalFd => "s",
        FdKind::EventPoll => "l",
        FdKind::Inotify => "i",
        FdKind::TimerFd => "t",
        FdKind::Netlink => "n",
        FdKind::Bpf => "b",
        FdKind::IoUring => "r",
        FdKind::Memfd => "m",
        FdKind::PidFd => "P",
        FdKind::Uninitialized => "?",
    }
}

/// `fd.typechar` of an fd that is not known, as far as the event tells.
fn letter_of_event(kind: EventType) -> &'static str {
    match kind {
        EventType::OpenatV2X | EventType::Openat2X | EventType::CreatX => "f",
        EventType::SocketX | EventType::AcceptV5X | EventType::Accept4V6X => "4",
        EventType::PipeX | EventType::Pipe2X => "p",
        EventType::EventfdX | EventType::Eventfd2X => "e",
        EventType::SignalfdX | EventType::Signalfd4X => "s",
        EventType::TimerfdCreateX => "t",
        EventType::InotifyInitX | EventType::InotifyInit1X => "i",
        _ => "o",
    }
}

/// The fd that `argument` numbers, or else the event's.
fn chosen<'e>(ctx: &Context<'e>, argument: &Argument) -> Option<&'e Fd> {
    match argument {
        Argument::Index(number) if *number != -1 => {
            ctx.host.fd(ctx.host.find_fd(ctx.thread_id()?, *number)?)
        }
        _ => ctx.fd(),
    }
}
