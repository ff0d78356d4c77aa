//! What a process was started with and has open.

use bumpalo::Bump;
use host::{Thread, ThreadId};

use crate::field::{
    Argument, Context,
    buffer::{build, c_string, write_joined},
    fd,
};

/// Appends the arguments, separated by blanks.
pub(super) fn write_args(thread: &Thread, out: &mut Vec<u8>) {
    write_joined(&thread.args, out);
}

/// Appends the command line: `comm` and the arguments.
pub(super) fn write_cmdline(thread: &Thread, out: &mut Vec<u8>) {
    if !thread.cmdline.is_empty() {
        out.extend_from_slice(&thread.cmdline);
        return;
    }
    out.extend_from_slice(&thread.comm);
    if thread.arg_count > 0 {
        out.push(b' ');
        write_args(thread, out);
    }
}

/// `proc.cmdline`.
pub(super) fn cmdline<'e>(arena: &'e Bump, thread: &'e Thread) -> &'e [u8] {
    if thread.cmdline.is_empty() {
        build(arena, |out| write_cmdline(thread, out))
    } else {
        &thread.cmdline
    }
}

/// `proc.args`, or the argument with the given index; empty when there is none.
pub(super) fn args<'e>(arena: &'e Bump, thread: &'e Thread, argument: &Argument) -> &'e [u8] {
    match argument {
        Argument::Index(index @ 0..) if thread.arg_count > 0 => usize::try_from(*index)
            .ok()
            .and_then(|it| thread.args.split(|&byte| byte == 0).nth(it))
            .unwrap_or_default(),
        Argument::Index(0..) => &[],
        _ if thread.arg_count < 2 => &thread.args,
        _ => build(arena, |out| write_args(thread, out)),
    }
}

/// Sum of the lengths of the arguments.
pub(super) fn args_length(thread: &Thread) -> u64 {
    let separators = thread.arg_count.saturating_sub(1) as usize;
    thread.args.len().saturating_sub(separators) as u64
}

/// `proc.env`, or the value of one variable; empty when it is not set.
pub(super) fn environment<'e>(ctx: &Context<'e>, slot: ThreadId, argument: &Argument) -> &'e [u8] {
    match argument {
        Argument::Key(name) => variable(ctx, slot, name.as_bytes()),
        _ => build(ctx.arena, |out| write_joined(environment_of(ctx, slot), out)),
    }
}

/// The value of variable `name` without blanks around it; empty when it is not set or empty.
pub(super) fn variable<'e>(ctx: &Context<'e>, slot: ThreadId, name: &[u8]) -> &'e [u8] {
    let value = environment_of(ctx, slot)
        .split(|&byte| byte == 0)
        .find_map(|it| it.strip_prefix(name)?.strip_prefix(b"=").filter(|value| !value.is_empty()));
    let blank = |byte: &u8| *byte == b' ';
    let value = value.unwrap_or_default();
    let first = value.iter().position(|it| !blank(it)).unwrap_or(value.len());
    let last = value.iter().rposition(|it| !blank(it)).map_or(first, |it| it + 1);
    value.get(first..last).unwrap_or_default()
}

/// The environment is the main thread's.
pub(super) fn environment_of<'e>(ctx: &Context<'e>, slot: ThreadId) -> &'e [u8] {
    let owner = ctx.host.main_thread(slot).unwrap_or(slot);
    ctx.host.thread(owner).map_or(&[], |it| &it.env)
}

/// `thread.cgroups`: `subsystem=path` entries; `None` when there are none.
pub(super) fn cgroups<'e>(arena: &'e Bump, thread: &'e Thread) -> Option<&'e [u8]> {
    let any = !thread.cgroups.is_empty();
    any.then(|| build(arena, |out| write_joined(&thread.cgroups, out)))
}

/// `thread.cgroup.SUBSYSTEM`.
pub(super) fn cgroup<'e>(thread: &'e Thread, argument: &Argument) -> Option<&'e [u8]> {
    let Argument::Key(subsystem) = argument else { return None };
    thread
        .cgroups
        .split(|&byte| byte == 0)
        .find_map(|it| it.strip_prefix(subsystem.as_bytes())?.strip_prefix(b"="))
}

/// Type of fd `number`.
pub(super) fn fd_type<'e>(ctx: &Context<'e>, slot: ThreadId, number: i64) -> Option<&'e [u8]> {
    let open = ctx.host.fd(ctx.host.find_fd(slot, number)?)?;
    Some(fd::type_name(open.kind).as_bytes())
}

/// Name of fd `number`.
pub(super) fn fd_name<'e>(ctx: &Context<'e>, slot: ThreadId, number: i64) -> Option<&'e [u8]> {
    let open = ctx.host.fd(ctx.host.find_fd(slot, number)?)?;
    Some(c_string(&open.name))
}

/// Open fds in percent of the limit; 0 without a limit.
#[expect(clippy::cast_precision_loss, reason = "Falco rounds the same way")]
pub(super) fn fd_usage(open: u64, limit: i64) -> f64 {
    match u64::try_from(limit) {
        Ok(0) | Err(_) => 0.0,
        Ok(limit) if open <= limit => open as f64 * 100.0 / limit as f64,
        Ok(_) => 100.0,
    }
}
