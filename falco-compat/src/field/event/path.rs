//! Paths in parameters, as they are and absolute.

use event::{EventType, ParamInfo, ParamType};
use host::flags::AT_FDCWD;

use crate::field::{
    Argument, Context,
    buffer::build,
    event::{number, parameter::Rendered},
};

/// A path parameter: as given, and absolute when it is relative.
pub(super) fn render<'e>(
    ctx: &Context<'e>,
    info: &'static ParamInfo,
    path: &'e [u8],
) -> Rendered<'e> {
    let raw = build(ctx.arena, |out| host::utf8::sanitize_into(path, out));
    if path.is_empty() || path == b"<NA>" || path.starts_with(b"/") {
        return Rendered { raw, resolved: &[] };
    }
    let Some(base) = base(ctx, info) else { return Rendered { raw, resolved: &[] } };
    let full = build(ctx.arena, |out| host::path::concatenate(base, path, out));
    Rendered { raw, resolved: build(ctx.arena, |out| host::utf8::sanitize_into(full, out)) }
}

/// The directory that a path parameter starts from: the current one, or that of the fd beside it.
fn base<'e>(ctx: &Context<'e>, info: &'static ParamInfo) -> Option<&'e [u8]> {
    let cwd = ctx.cwd()?;
    let params = ctx.event.kind.info().params;
    let dirfd = match info.dirfd_param {
        Some(index) if info.kind == ParamType::Fsrelpath => {
            params.get(index).filter(|it| it.kind == ParamType::Fd).map(|_| index)
        }
        _ => None,
    };
    let Some(index) = dirfd else { return Some(cwd) };
    match number::signed(ctx.event.param(index)) {
        AT_FDCWD => Some(cwd),
        // An unknown directory would be looked up in /proc; a capture's is not ours.
        dirfd => Some(directory(ctx, dirfd).unwrap_or_default()),
    }
}

/// Name of fd `number` with a slash at its end; `None` when the fd is unknown or has no name.
fn directory<'e>(ctx: &Context<'e>, number: i64) -> Option<&'e [u8]> {
    let fd = ctx.host.fd(ctx.host.find_fd(ctx.thread_id()?, number)?)?;
    if fd.name.is_empty() {
        return None;
    }
    Some(with_slash(ctx, &fd.name))
}

fn with_slash<'e>(ctx: &Context<'e>, name: &'e [u8]) -> &'e [u8] {
    if name.ends_with(b"/") {
        return name;
    }
    build(ctx.arena, |out| {
        out.extend_from_slice(name);
        out.push(b'/');
    })
}

/// The directory that `path` starts from, given its directory fd: `.` for absolute paths, and
/// `<UNKNOWN>` for an fd that is not known.
pub(in crate::field) fn base_of_dirfd<'e>(ctx: &Context<'e>, path: &[u8], dirfd: i64) -> &'e [u8] {
    if path.starts_with(b"/") {
        return b".";
    }
    let Some(slot) = ctx.thread_id() else { return b"<UNKNOWN>" };
    if dirfd == AT_FDCWD {
        return ctx.cwd().unwrap_or_default();
    }
    match ctx.host.find_fd(slot, dirfd).and_then(|it| ctx.host.fd(it)) {
        None => b"<UNKNOWN>",
        Some(fd) if fd.name.is_empty() => b"",
        Some(fd) => with_slash(ctx, &fd.name),
    }
}

/// `evt.abspath`: of the only path, or of the first (`src`) or second (`dst`) of two.
pub(super) fn absolute<'e>(ctx: &Context<'e>, argument: &Argument) -> Option<&'e [u8]> {
    ctx.thread()?;
    let second = *argument == Argument::Index(2);
    let (dirfd, path) = match ctx.event.kind {
        EventType::RenameatX | EventType::Renameat2X => {
            if second {
                ("newdirfd", "newpath")
            } else {
                ("olddirfd", "oldpath")
            }
        }
        EventType::LinkatV2X => {
            if second {
                ("newdir", "newpath")
            } else {
                ("olddir", "oldpath")
            }
        }
        EventType::SymlinkatX => ("linkdirfd", "linkpath"),
        EventType::OpenatV2X | EventType::Openat2X | EventType::UnlinkatV2X => ("dirfd", "name"),
        EventType::MkdiratX => ("dirfd", "path"),
        EventType::FchmodatX => ("dirfd", "filename"),
        EventType::FchownatX => ("dirfd", "pathname"),
        EventType::OpenByHandleAtX if super::return_value(ctx.event)? > 0 => {
            let path = super::parameter_text(ctx.event, 3);
            return Some(build(ctx.arena, |out| host::path::concatenate(b"", path, out)));
        }
        _ => return None,
    };
    let params = ctx.event.kind.info().params;
    let dirfd_bytes = ctx.event.param(params.iter().position(|it| it.name == dirfd)?);
    let path_at = params.iter().position(|it| it.name == path)?;
    if dirfd_bytes.is_empty() || ctx.event.param(path_at).is_empty() {
        return None;
    }
    let path = super::parameter_text(ctx.event, path_at);
    let dirfd = number::signed(dirfd_bytes);
    let base = if path.starts_with(b"/") {
        &b"."[..]
    } else if dirfd == AT_FDCWD {
        ctx.cwd()?
    } else {
        let directory = ctx.host.find_fd(ctx.thread_id()?, dirfd);
        ctx.start_from_directory(directory);
        let fd = directory.and_then(|it| ctx.host.fd(it));
        // Always one more slash, which the joining does not look at.
        fd.map_or(&b"<UNKNOWN>/"[..], |it| {
            build(ctx.arena, |out| {
                out.extend_from_slice(&it.name);
                out.push(b'/');
            })
        })
    };
    Some(build(ctx.arena, |out| host::path::concatenate(base, path, out)))
}
