//! Class `fs.path`: the paths that a successful file system call worked on.

mod table;

use event::EventType;
use host::FdKind;

use crate::{
    field::{
        Context,
        buffer::build,
        event::{base_of_dirfd, parameter_text},
        fd,
    },
    value::Value,
};

pub(super) use table::FIELDS;
pub use table::FsPathField;

/// The value of `id` for the event of `ctx`.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: FsPathField) -> Option<Value<'e>> {
    let passed = passed(ctx, id)?;
    let is_raw =
        matches!(id, FsPathField::Nameraw | FsPathField::Sourceraw | FsPathField::Targetraw);
    if is_raw {
        return Some(Value::Str(passed));
    }
    ctx.thread()?;
    let (base, path) =
        if passed.starts_with(b"/") { (&b""[..], passed) } else { base(ctx, id, passed)? };
    Some(Value::Str(build(ctx.arena, |out| host::path::concatenate(base, path, out))))
}

/// The path as passed; `None` when the call failed or has no such path.
fn passed<'e>(ctx: &Context<'e>, id: FsPathField) -> Option<&'e [u8]> {
    let kind = ctx.event.kind;
    let paths = paths(kind)?;
    let result = ctx.event.int(0)?;
    let succeeded = match kind {
        // Falco takes every return value but −1 for a success.
        EventType::OpenX | EventType::OpenatV2X | EventType::Openat2X => result != -1,
        _ => result == 0,
    };
    if !succeeded {
        return None;
    }
    let name = match (paths, id) {
        (Paths::Fd, FsPathField::Name | FsPathField::Nameraw) => {
            return ctx.is_about_fd().then(|| fd::name(ctx))?;
        }
        (Paths::One(name), FsPathField::Name | FsPathField::Nameraw)
        | (Paths::Two(name, _), FsPathField::Source | FsPathField::Sourceraw)
        | (Paths::Two(_, name), FsPathField::Target | FsPathField::Targetraw) => name,
        _ => return None,
    };
    let index = kind.info().params.iter().position(|it| it.name == name)?;
    (index < ctx.event.param_count()).then(|| parameter_text(ctx.event, index))
}

/// Which parameters of a call are its paths.
enum Paths {
    /// The one path.
    One(&'static str),
    /// The path of the fd.
    Fd,
    /// Source and target.
    Two(&'static str, &'static str),
}

fn paths(kind: EventType) -> Option<Paths> {
    Some(match kind {
        EventType::MkdirV2X
        | EventType::MkdiratX
        | EventType::RmdirV2X
        | EventType::UnlinkV2X
        | EventType::ChownX
        | EventType::LchownX => Paths::One("path"),
        EventType::OpenX
        | EventType::OpenatV2X
        | EventType::Openat2X
        | EventType::UnlinkatV2X
        | EventType::UmountV1X
        | EventType::Umount2X => Paths::One("name"),
        EventType::FchmodatX | EventType::ChmodX => Paths::One("filename"),
        EventType::FchmodX | EventType::FchownX => Paths::Fd,
        EventType::FchownatX => Paths::One("pathname"),
        EventType::QuotactlX => Paths::One("special"),
        EventType::RenameX | EventType::RenameatX | EventType::Renameat2X => {
            Paths::Two("oldpath", "newpath")
        }
        EventType::LinkV2X | EventType::LinkatV2X => Paths::Two("newpath", "oldpath"),
        EventType::SymlinkX | EventType::SymlinkatX => Paths::Two("linkpath", "target"),
        EventType::MountX => Paths::Two("dev", "dir"),
        _ => return None,
    })
}

/// The directory that a relative path starts from, and the path seen from there.
fn base<'e>(ctx: &Context<'e>, id: FsPathField, passed: &'e [u8]) -> Option<(&'e [u8], &'e [u8])> {
    const UNKNOWN: &[u8] = b"<UNKNOWN>";
    Some(match ctx.event.kind {
        // The fd has the full path already.
        EventType::OpenatV2X | EventType::Openat2X => {
            (b"", ctx.event_fd().map_or(UNKNOWN, |it| &it.name))
        }
        EventType::FchownatX
        | EventType::FchmodatX
        | EventType::MkdiratX
        | EventType::UnlinkatV2X => (directory_fd(ctx), passed),
        EventType::SymlinkatX => {
            (if id == FsPathField::Source { directory_fd(ctx) } else { UNKNOWN }, passed)
        }
        EventType::Renameat2X => {
            let dirfd = if id == FsPathField::Target { 3 } else { 1 };
            (base_of_dirfd(ctx, passed, ctx.event.int(dirfd)?), passed)
        }
        _ => (ctx.cwd()?, passed),
    })
}

/// The directory that the event's fd is; `<UNKNOWN>` when it is not known to be one.
fn directory_fd<'e>(ctx: &Context<'e>) -> &'e [u8] {
    match ctx.event_fd() {
        Some(fd) if fd.kind == FdKind::Directory => {
            if fd.name.is_empty() || fd.name.ends_with(b"/") {
                return &fd.name;
            }
            build(ctx.arena, |out| {
                out.extend_from_slice(&fd.name);
                out.push(b'/');
            })
        }
        _ => b"<UNKNOWN>",
    }
}
