//! `evt.category`.

use host::FdKind;

use crate::field::Context;

/// Bits of the category that tell the kind of operation; the sources are above.
const KIND: u32 = 0x1FF;

/// Set for reads, writes and other operations on an fd.
pub(super) const IO: u32 = 32;
/// Reads from an fd.
pub(super) const IO_READ: u32 = 32;
/// Writes to an fd.
pub(super) const IO_WRITE: u32 = 33;
/// Memory management.
pub(super) const MEMORY: u32 = 5;

/// The kind of operation, without the source of the event.
pub(super) fn kind(ctx: &Context<'_>) -> u32 {
    ctx.event.kind.info().category.0 & KIND
}

/// The kind of operation by name; for operations on an fd that of the fd.
pub(super) fn name(ctx: &Context<'_>) -> &'static str {
    match kind(ctx) {
        1 => "other",
        2 => "file",
        3 => "net",
        4 => "IPC",
        MEMORY => "memory",
        6 => "process",
        7 => "sleep",
        8 => "system",
        9 => "signal",
        10 => "user",
        11 => "time",
        12 => "processing",
        IO_READ..=34 => ctx.event_fd().map_or("unknown", |it| name_of_fd(it.kind)),
        64 => "wait",
        128 => "scheduler",
        256 => "internal",
        _ => "unknown",
    }
}

fn name_of_fd(kind: FdKind) -> &'static str {
    match kind {
        FdKind::File | FdKind::FileV2 | FdKind::Directory => "file",
        FdKind::Ipv4Socket
        | FdKind::Ipv6Socket
        | FdKind::Ipv4ServerSocket
        | FdKind::Ipv6ServerSocket => "net",
        FdKind::Fifo
        | FdKind::UnixSocket
        | FdKind::Event
        | FdKind::SignalFd
        | FdKind::Inotify
        | FdKind::UserFaultFd => "ipc",
        _ => "unknown",
    }
}
