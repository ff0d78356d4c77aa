//! Fields of ancestors: one level, or all of them.

#[cfg(test)]
mod tests;

use host::{Thread, ThreadId};

use crate::{
    field::{
        Argument, Context, FieldRef,
        buffer::{build, write_joined},
        process::{ProcessField, attribute, write_args, write_cmdline},
    },
    value::Value,
};

/// How many levels up `proc.aenv[NAME]` looks.
const ENVIRONMENT_LEVELS: usize = 20;

/// Bytes of ancestors' values after which further ancestors are not looked at. Values are shared between
/// processes, so that a small capture can hold a quarter of a million ancestors with 64 KiB each.
const MAX_BYTES: usize = 4 << 20;

/// Levels after which a chain of parents that never repeats is given up.
const MAX_LEVELS: i64 = 1 << 16;

/// Whether a condition on `field` asks every ancestor.
pub(in crate::field) fn is_any_ancestor(id: ProcessField, field: &FieldRef) -> bool {
    let by_level = matches!(
        id,
        ProcessField::Apid
            | ProcessField::Aname
            | ProcessField::Aexe
            | ProcessField::Aexepath
            | ProcessField::Acmdline
    );
    match field.argument() {
        Argument::None | Argument::Index(-1) => by_level || id == ProcessField::Aenv,
        // A level of `proc.aenv` has no effect on conditions.
        Argument::Index(_) => id == ProcessField::Aenv,
        _ => false,
    }
}

/// Visits the field of each ancestor from the parent on; `visit` returns true to stop.
pub(in crate::field) fn visit_ancestors<'e>(
    ctx: &Context<'e>,
    id: ProcessField,
    visit: &mut dyn FnMut(Value<'e>) -> bool,
) -> bool {
    let Some(main) = ctx.thread_id().and_then(|it| ctx.host.main_thread(it)) else { return false };
    let mut bytes = 0;
    for slot in ctx.host.ancestors(main) {
        let Some(thread) = ctx.host.thread(slot) else { continue };
        if bytes > MAX_BYTES {
            return false;
        }
        let value = match id {
            ProcessField::Apid => Value::Int(thread.pid),
            ProcessField::Aname => Value::Str(&thread.comm),
            ProcessField::Aexe => Value::Str(&thread.exe),
            ProcessField::Aexepath => Value::Str(&thread.exepath),
            ProcessField::Acmdline => Value::Str(attribute::cmdline(ctx.arena, thread)),
            ProcessField::Aenv => Value::Str(attribute::environment(ctx, slot, &Argument::None)),
            _ => return false,
        };
        if let Value::Str(text) = value {
            bytes += text.len();
        }
        if visit(value) {
            return true;
        }
    }
    false
}

/// The ancestor that the argument of `field` names; itself without argument.
pub(super) fn at<'e>(ctx: &Context<'e>, field: &FieldRef, slot: ThreadId) -> Option<&'e Thread> {
    let level = match field.argument() {
        Argument::Index(-1) | Argument::None => 0,
        // A negative level is a huge one for Falco: no tree is that deep.
        Argument::Index(level) => u32::try_from(*level).ok()?,
        _ => return None,
    };
    ctx.host.thread(ctx.host.ancestor(slot, level)?)
}

/// `proc.aname` and its like: of one ancestor, or of all of them joined by blanks.
pub(super) fn text<'e>(
    ctx: &Context<'e>,
    id: ProcessField,
    field: &FieldRef,
    slot: ThreadId,
) -> Option<&'e [u8]> {
    if !matches!(field.argument(), Argument::None | Argument::Index(-1)) {
        let thread = at(ctx, field, slot)?;
        return Some(match id {
            ProcessField::Aexe => &thread.exe,
            ProcessField::Aexepath => &thread.exepath,
            ProcessField::Aname => &thread.comm,
            ProcessField::Aargs => attribute::args(ctx.arena, thread, &Argument::None),
            ProcessField::Acmdline => attribute::cmdline(ctx.arena, thread),
            _ => return None,
        });
    }
    let main = ctx.host.main_thread(slot)?;
    let all = build(ctx.arena, |out| {
        for thread in ctx.host.ancestors(main).filter_map(|it| ctx.host.thread(it)) {
            if out.len() > MAX_BYTES {
                return;
            }
            if !out.is_empty() {
                out.push(b' ');
            }
            match id {
                ProcessField::Aexe => out.extend_from_slice(&thread.exe),
                ProcessField::Aexepath => out.extend_from_slice(&thread.exepath),
                ProcessField::Aargs => write_args(thread, out),
                ProcessField::Acmdline => write_cmdline(thread, out),
                _ => out.extend_from_slice(&thread.comm),
            }
        }
    });
    (!all.is_empty()).then_some(all)
}

/// `proc.aenv`: of the process itself, of an ancestor, or one variable of the nearest that has it.
pub(super) fn environment<'e>(
    ctx: &Context<'e>,
    field: &FieldRef,
    slot: ThreadId,
) -> Option<&'e [u8]> {
    let joined = |slot: ThreadId| {
        build(ctx.arena, |out| {
            write_joined(attribute::environment_of(ctx, slot), out);
        })
    };
    let parent = |slot: ThreadId| ctx.host.find_thread(ctx.host.thread(slot)?.ptid);
    match field.argument() {
        Argument::Key(name) => {
            let mut next = ctx.host.main_thread(slot);
            for _ in 0..ENVIRONMENT_LEVELS {
                next = next.and_then(parent);
                let Some(ancestor) = next else { break };
                let value = attribute::variable(ctx, ancestor, name.as_bytes());
                if !value.is_empty() {
                    return Some(value);
                }
            }
            Some(&[])
        }
        Argument::Index(level @ 1..) => {
            let Some(mut ancestor) = ctx.host.main_thread(slot) else { return Some(&[]) };
            for _ in 0..(*level).min(MAX_LEVELS) {
                ancestor = parent(ancestor)?;
            }
            Some(joined(ancestor))
        }
        _ => Some(joined(slot)),
    }
}

/// `proc.loginshellid`: pid of the oldest ancestor, or of itself, whose name ends with `sh`.
pub(super) fn login_shell(ctx: &Context<'_>, slot: ThreadId) -> Option<i64> {
    let main = ctx.host.main_thread(slot)?;
    std::iter::once(main)
        .chain(ctx.host.ancestors(main))
        .filter_map(|it| ctx.host.thread(it))
        .filter(|it| it.comm.ends_with(b"sh"))
        .last()
        .map(|it| it.pid)
}
