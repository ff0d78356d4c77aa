//! Class `evt`, the fields that every event has.

mod table;

use event::{Category, EventType};

use crate::{
    calendar::{DateTime, write_iso8601},
    field::{Context, buffer::build, event::parameter_text},
    value::Value,
};

pub(super) use table::FIELDS;
pub use table::GenericField;

const NS_PER_SECOND: u64 = 1_000_000_000;

/// The value of `id` for the event of `ctx`.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: GenericField) -> Option<Value<'e>> {
    let event = ctx.event;
    let relative_ns = || event.time_ns.wrapping_sub(ctx.host.current().first_time_ns);
    Some(match id {
        GenericField::Num => Value::Uint(ctx.host.current().number),
        GenericField::Time => local_time(ctx, false, true),
        GenericField::TimeS => local_time(ctx, false, false),
        GenericField::TimeIso8601 => Value::Str(build(ctx.arena, |out| {
            write_iso8601(event.time_ns, out);
            out.extend_from_slice(b"+0000");
        })),
        GenericField::Datetime => local_time(ctx, true, true),
        GenericField::DatetimeS => local_time(ctx, true, false),
        GenericField::Rawtime => Value::Uint(event.time_ns),
        GenericField::RawtimeS => Value::Uint(event.time_ns / NS_PER_SECOND),
        GenericField::RawtimeNs => Value::Uint(event.time_ns % NS_PER_SECOND),
        GenericField::Reltime => Value::Uint(relative_ns()),
        GenericField::ReltimeS => Value::Uint(relative_ns() / NS_PER_SECOND),
        GenericField::ReltimeNs => Value::Uint(relative_ns() % NS_PER_SECOND),
        // No plugin but the container plugin, whose events belong to none.
        GenericField::Pluginname | GenericField::Plugininfo => return None,
        GenericField::Source => Value::Str(b"syscall"),
        GenericField::IsAsync => Value::Bool(is_meta(event.kind)),
        GenericField::Asynctype => Value::Str(async_type(ctx)?),
        GenericField::Hostname => Value::Str(ctx.agent.hostname.as_bytes()),
    })
}

/// What JSON shows in place of the value: times are numbers there.
pub(super) fn json_number(ctx: &Context<'_>, id: GenericField) -> Option<u64> {
    match id {
        GenericField::Time
        | GenericField::TimeS
        | GenericField::TimeIso8601
        | GenericField::Datetime
        | GenericField::DatetimeS => Some(ctx.event.time_ns),
        GenericField::Rawtime
        | GenericField::RawtimeS
        | GenericField::RawtimeNs
        | GenericField::Reltime
        | GenericField::ReltimeS
        | GenericField::ReltimeNs => match extract(ctx, id) {
            Some(Value::Uint(number)) => Some(number),
            _ => None,
        },
        GenericField::Num
        | GenericField::Pluginname
        | GenericField::Plugininfo
        | GenericField::Source
        | GenericField::IsAsync
        | GenericField::Asynctype
        | GenericField::Hostname => None,
    }
}

fn local_time<'e>(ctx: &Context<'e>, date: bool, fraction: bool) -> Value<'e> {
    let time = DateTime::new(ctx.event.time_ns, ctx.agent.utc_offset_s);
    Value::Str(build(ctx.arena, |out| {
        if date {
            time.write_date(out);
            out.push(b' ');
        }
        time.write_time(out);
        if fraction {
            time.write_fraction(out);
        }
    }))
}

fn is_meta(kind: EventType) -> bool {
    kind.info().category.intersects(Category::METAEVENT)
}

fn async_type<'e>(ctx: &Context<'e>) -> Option<&'e [u8]> {
    let kind = ctx.event.kind;
    if !is_meta(kind) {
        None
    } else if kind == EventType::AsynceventE {
        Some(parameter_text(ctx.event, 1))
    } else {
        Some(kind.info().name.as_bytes())
    }
}
