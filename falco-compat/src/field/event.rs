//! Class `evt`, the fields of syscall events.

mod category;
mod errno;
mod flags;
mod io;
mod number;
mod parameter;
mod path;
mod rawarg;
mod signal;
mod table;
#[cfg(test)]
mod tests;

use event::{Event, EventFlags, EventType, syscall_name, syscall_of_x86_64};

use crate::{
    field::{
        Argument, Context, FieldRef,
        buffer::{build, c_string, try_build},
    },
    value::Value,
};

pub(crate) use parameter::write_dots;
pub(super) use parameter::{errno_text, parameter_text};
pub(super) use path::base_of_dirfd;
pub use table::EventField;
pub(super) use table::FIELDS;

use parameter::{Rendered, render};

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(
    ctx: &Context<'e>,
    id: EventField,
    field: &FieldRef,
) -> Option<Value<'e>> {
    let event = ctx.event;
    let has = |flags: EventFlags| Value::Bool(event.kind.info().flags.intersects(flags));
    Some(match id {
        EventField::Latency
        | EventField::LatencyS
        | EventField::LatencyNs
        | EventField::LatencyQuantized
        | EventField::WaitLatency => Value::Uint(0),
        EventField::LatencyHuman => Value::Str(b"0ns"),
        EventField::Deltatime => Value::Uint(delta_ns(ctx)),
        EventField::DeltatimeS => Value::Uint(delta_ns(ctx) / 1_000_000_000),
        EventField::DeltatimeNs => Value::Uint(delta_ns(ctx) % 1_000_000_000),
        EventField::Outputtime => {
            return super::generic::extract(ctx, super::generic::GenericField::Time);
        }
        EventField::Dir => Value::Str(if event.kind.is_enter() { b">" } else { b"<" }),
        EventField::Type => Value::Str(type_name(event)?),
        EventField::TypeIs => Value::Uint(is_type(event, field.argument()).into()),
        EventField::SyscallType => Value::Str(syscall_type(event)?),
        EventField::Category => Value::Str(category::name(ctx).as_bytes()),
        // Declared as 16 bits with a sign.
        EventField::Cpu => Value::Int(event.cpu.cast_signed().into()),
        EventField::Args | EventField::Info => Value::Str(args(ctx)?),
        EventField::Arg => Value::Str(argument(ctx, field.argument())?),
        EventField::Rawarg => return rawarg::extract(ctx, field.argument()),
        EventField::Buffer => Value::Bytes(io::buffer(event)?),
        EventField::Buflen
        | EventField::BuflenIn
        | EventField::BuflenOut
        | EventField::BuflenFile
        | EventField::BuflenFileIn
        | EventField::BuflenFileOut
        | EventField::BuflenNet
        | EventField::BuflenNetIn
        | EventField::BuflenNetOut => Value::Uint(io::buffer_length(ctx, id)?),
        EventField::Res => Value::Str(result_text(ctx)?),
        EventField::Rawres => Value::Int(return_value(event)?),
        EventField::Failed => Value::Bool(return_value(event)? < 0),
        EventField::CountError
        | EventField::CountErrorFile
        | EventField::CountErrorNet
        | EventField::CountErrorMemory
        | EventField::CountErrorOther => Value::Uint(io::error_count(ctx, id)?),
        EventField::IsIo => has(EventFlags::READS_FROM_FD.union(EventFlags::WRITES_TO_FD)),
        EventField::IsIoRead => has(EventFlags::READS_FROM_FD),
        EventField::IsIoWrite => has(EventFlags::WRITES_TO_FD),
        EventField::IoDir => Value::Str(io::direction(event)?),
        EventField::IsWait => has(EventFlags::WAITS),
        EventField::IsSyslog => Value::Bool(io::is_syslog(ctx)),
        EventField::Count => Value::Uint(1),
        EventField::CountExit => (!event.kind.is_enter()).then_some(Value::Uint(1))?,
        EventField::CountProcinfo => Value::Uint(
            (event.kind == EventType::ProcinfoE && ctx.thread().is_some_and(|it| it.tid == it.pid))
                .into(),
        ),
        EventField::CountThreadinfo => Value::Uint((event.kind == EventType::ProcinfoE).into()),
        EventField::Around => Value::Uint(event.time_ns),
        EventField::Abspath => Value::Str(path::absolute(ctx, field.argument())?),
        EventField::IsOpenRead
        | EventField::IsOpenWrite
        | EventField::IsOpenExec
        | EventField::IsOpenCreate => Value::Bool(flags::is_open(event, id)),
        // Infrastructure events are of the time before containers had events.
        EventField::InfraDockerName
        | EventField::InfraDockerContainerId
        | EventField::InfraDockerContainerName
        | EventField::InfraDockerContainerImage => return None,
    })
}

/// What JSON shows in place of the value.
pub(super) fn json_number(ctx: &Context<'_>, id: EventField) -> Option<u64> {
    match id {
        EventField::Outputtime => Some(ctx.event.time_ns),
        EventField::Latency | EventField::LatencyS | EventField::LatencyNs => Some(0),
        EventField::Deltatime => Some(delta_ns(ctx)),
        EventField::DeltatimeS => Some(delta_ns(ctx) / 1_000_000_000),
        EventField::DeltatimeNs => Some(delta_ns(ctx) % 1_000_000_000),
        EventField::Count => Some(1),
        _ => None,
    }
}

fn delta_ns(ctx: &Context<'_>) -> u64 {
    match ctx.host.current().previous_time_ns {
        0 => 0,
        previous => ctx.event.time_ns.wrapping_sub(previous),
    }
}

/// `evt.type`.
fn type_name<'e>(event: &Event<'e>) -> Option<&'e [u8]> {
    match event.kind {
        EventType::GenericX => generic_name(event),
        EventType::AsynceventE => Some(parameter_text(event, 1)),
        kind => Some(kind.info().name.as_bytes()),
    }
}

/// `syscall.type`.
fn syscall_type<'e>(event: &Event<'e>) -> Option<&'e [u8]> {
    if !is_syscall(event.kind) {
        None
    } else if event.kind == EventType::GenericX {
        generic_name(event)
    } else {
        Some(event.kind.info().name.as_bytes())
    }
}

/// The call behind a generic event, by its portable code or else by its number on the machine.
fn generic_name<'e>(event: &Event<'_>) -> Option<&'e [u8]> {
    let code = u16::try_from(event.uint(0)?).ok()?;
    let native = event.uint(1).and_then(|it| u16::try_from(it).ok());
    let code = match (code, native) {
        (0, Some(native)) => syscall_of_x86_64(native),
        (code, _) => code,
    };
    syscall_name(code).map(str::as_bytes)
}

fn is_syscall(kind: EventType) -> bool {
    kind.info().category.intersects(event::Category::SYSCALL)
}

/// `evt.type.is`: a name stands for the first event type of that name and the code after it.
fn is_type(event: &Event<'_>, argument: &Argument) -> bool {
    let code = event.kind.code();
    match argument {
        Argument::Time(number) => u64::from(code) == *number,
        Argument::Key(name) => EventType::all()
            .iter()
            .find(|it| it.info().name == &**name)
            .is_some_and(|it| code == it.code() || code == it.code() + 1),
        _ => false,
    }
}

/// What the call returned; `None` for events that have no return value.
pub(super) fn return_value(event: &Event<'_>) -> Option<i64> {
    let kind = event.kind;
    let returns = kind != EventType::GenericX
        && is_syscall(kind)
        && !kind.is_enter()
        && event.param_count() > 0;
    returns.then(|| match event.param(0).len() {
        4 | 8 => event.int(0).unwrap_or(0),
        _ => 0,
    })
}

/// `evt.res`: `SUCCESS`, or the first parameter as text.
fn result_text<'e>(ctx: &Context<'e>) -> Option<&'e [u8]> {
    if return_value(ctx.event)? >= 0 {
        return Some(b"SUCCESS");
    }
    Some(build(ctx.arena, |out| {
        let rendered = render(ctx, 0);
        out.extend_from_slice(rendered.preferred());
    }))
}

/// `evt.args`: nothing for generic events, whose parameters are internal.
fn args<'e>(ctx: &Context<'e>) -> Option<&'e [u8]> {
    let event = ctx.event;
    if event.kind == EventType::GenericX {
        return Some(&[]);
    }
    try_build(ctx.arena, |out| {
        let params = event.kind.info().params;
        for (index, info) in params.iter().enumerate().take(event.param_count()) {
            let Rendered { raw, resolved } = render(ctx, index);
            if index > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(info.name.as_bytes());
            out.push(b'=');
            out.extend_from_slice(raw);
            if !resolved.is_empty() {
                out.push(b'(');
                out.extend_from_slice(resolved);
                out.push(b')');
            }
        }
        Some(())
    })
}

/// `evt.arg`: the resolved text of a parameter, or else its raw text.
fn argument<'e>(ctx: &Context<'e>, argument: &Argument) -> Option<&'e [u8]> {
    let index = match argument {
        Argument::Index(index) => usize::try_from(*index).ok()?,
        Argument::Parameter(slots) => slots.index(ctx.event.kind)?,
        _ => return None,
    };
    (index < ctx.event.param_count()).then(|| c_string(render(ctx, index).preferred()))
}

/// The resolved text of parameter `index`, or else its raw text.
pub(super) fn parameter_preferred<'e>(ctx: &Context<'e>, index: usize) -> &'e [u8] {
    render(ctx, index).preferred()
}
