//! Data that an event carries, and its failures by kind.

use event::{Event, EventFlags, EventType};
use host::FdKind;

use crate::field::{
    Context,
    event::{
        EventField,
        category::{self, IO, IO_READ, IO_WRITE, MEMORY},
        return_value,
    },
};

/// `evt.buffer`: the parameter `data`.
pub(super) fn buffer<'e>(event: &Event<'e>) -> Option<&'e [u8]> {
    let params = event.kind.info().params;
    let index = params.iter().position(|it| it.name == "data")?;
    (index < event.param_count()).then(|| event.param(index))
}

/// `evt.buflen`: what a read or write returned, if it did not fail and its fd is known.
pub(super) fn buffer_length(ctx: &Context<'_>, id: EventField) -> Option<u64> {
    let fd = ctx.event_fd()?;
    let kind = category::kind(ctx);
    let (direction, is_file, is_net) = match id {
        EventField::BuflenIn => (Some(IO_READ), false, false),
        EventField::BuflenOut => (Some(IO_WRITE), false, false),
        EventField::BuflenFile => (None, true, false),
        EventField::BuflenFileIn => (Some(IO_READ), true, false),
        EventField::BuflenFileOut => (Some(IO_WRITE), true, false),
        EventField::BuflenNet => (None, false, true),
        EventField::BuflenNetIn => (Some(IO_READ), false, true),
        EventField::BuflenNetOut => (Some(IO_WRITE), false, true),
        _ => (None, false, false),
    };
    let applies = direction.map_or(kind & IO != 0, |it| kind == it)
        && (!is_file || fd.is_file())
        && (!is_net || is_ip(fd.kind));
    if !applies {
        return None;
    }
    u64::try_from(return_value(ctx.event)?).ok()
}

/// `evt.io_dir`.
pub(super) fn direction(event: &Event<'_>) -> Option<&'static [u8]> {
    let flags = event.kind.info().flags;
    if flags.intersects(EventFlags::WRITES_TO_FD) {
        Some(b"write")
    } else if flags.intersects(EventFlags::READS_FROM_FD) {
        Some(b"read")
    } else {
        None
    }
}

/// `evt.is_syslog`: a write to a socket called after /dev/log.
pub(super) fn is_syslog(ctx: &Context<'_>) -> bool {
    ctx.event.kind.info().flags.intersects(EventFlags::WRITES_TO_FD)
        && ctx.event_fd().is_some_and(|it| it.name.windows(8).any(|window| window == b"/dev/log"))
}

/// `evt.count.error*`: 1 for a failure of the kind, 0 for a success, `None` for other kinds.
pub(super) fn error_count(ctx: &Context<'_>, id: EventField) -> Option<u64> {
    let kind = ctx.event.kind;
    let fd = ctx.event_fd().map(|it| it.kind);
    let opens = matches!(
        kind,
        EventType::OpenX
            | EventType::CreatX
            | EventType::OpenatV2X
            | EventType::Openat2X
            | EventType::OpenByHandleAtX
    );
    let connects =
        matches!(kind, EventType::AcceptV5X | EventType::Accept4V6X | EventType::ConnectX);
    let is_memory = category::kind(ctx) == MEMORY;
    let applies = match id {
        EventField::CountErrorFile => fd.map_or(opens, is_file),
        EventField::CountErrorNet => fd.map_or(connects, is_socket),
        EventField::CountErrorMemory => is_memory,
        EventField::CountErrorOther => {
            fd.map_or(!(opens || connects || is_memory), |it| !is_file(it) && !is_socket(it))
        }
        _ => true,
    };
    if !applies {
        return None;
    }
    return_value(ctx.event).map(|it| u64::from(it < 0))
}

fn is_file(kind: FdKind) -> bool {
    matches!(kind, FdKind::File | FdKind::FileV2 | FdKind::Directory)
}

fn is_ip(kind: FdKind) -> bool {
    matches!(
        kind,
        FdKind::Ipv4Socket
            | FdKind::Ipv6Socket
            | FdKind::Ipv4ServerSocket
            | FdKind::Ipv6ServerSocket
    )
}

fn is_socket(kind: FdKind) -> bool {
    is_ip(kind) || kind == FdKind::UnixSocket
}
