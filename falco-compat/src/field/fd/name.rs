//! Names of fds, also of those that an event failed to open.

use event::EventType;
use host::{Fd, FdKind};

use crate::field::{
    Context,
    buffer::build,
    event::{base_of_dirfd, parameter_preferred, parameter_text},
};

/// `fd.name`.
pub(in crate::field) fn name<'e>(ctx: &Context<'e>) -> Option<&'e [u8]> {
    match ctx.fd() {
        Some(fd) => Some(&fd.name),
        None => from_event(ctx, false),
    }
}

/// `fd.nameraw`: without doubled slashes.
pub(super) fn raw<'e>(ctx: &Context<'e>) -> Option<&'e [u8]> {
    let name = match ctx.fd() {
        Some(fd) => &fd.name_raw,
        None => from_event(ctx, true)?,
    };
    if !name.windows(2).any(|it| it == b"//") {
        return Some(name);
    }
    Some(build(ctx.arena, |out| {
        for &byte in name {
            if byte != b'/' || out.last() != Some(&b'/') {
                out.push(byte);
            }
        }
    }))
}

/// `fd.directory`: `None` for what is neither file nor directory.
pub(super) fn directory<'e>(ctx: &Context<'e>) -> Option<&'e [u8]> {
    let name = match ctx.fd() {
        None => from_event(ctx, false)?,
        Some(fd) if fd.is_file() => &fd.name,
        Some(fd) if fd.kind == FdKind::Directory => return Some(&fd.name),
        Some(_) => return None,
    };
    Some(match name.iter().rposition(|&byte| byte == b'/') {
        None | Some(0) => b"/",
        Some(slash) if slash + 1 == name.len() => name,
        Some(slash) => name.get(..slash).unwrap_or_default(),
    })
}

/// `fd.filename`: of files only.
pub(super) fn filename(fd: &Fd) -> Option<&[u8]> {
    if !fd.is_file() {
        return None;
    }
    Some(match fd.name.iter().rposition(|&byte| byte == b'/') {
        None => b"/",
        Some(slash) if slash + 1 == fd.name.len() => &fd.name,
        Some(slash) => fd.name.get(slash + 1..).unwrap_or_default(),
    })
}

/// The name that the event would have given to its fd.
fn from_event<'e>(ctx: &Context<'e>, as_passed: bool) -> Option<&'e [u8]> {
    let event = ctx.event;
    if event.kind.is_enter() {
        return None;
    }
    match event.kind {
        EventType::OpenX
        | EventType::AcceptV5X
        | EventType::Accept4V6X
        | EventType::CreatX
        | EventType::ConnectX => Some(parameter_preferred(ctx, 1)),
        EventType::OpenatV2X | EventType::Openat2X => {
            if event.param(2).is_empty() {
                return None;
            }
            let path = parameter_text(event, 2);
            if as_passed {
                return Some(path);
            }
            let base = base_of_dirfd(ctx, path, event.int(1)?);
            Some(build(ctx.arena, |out| host::path::concatenate(base, path, out)))
        }
        EventType::OpenByHandleAtX => Some(parameter_text(event, 3)),
        _ => Some(&[]),
    }
}
