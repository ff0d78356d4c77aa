//! Values as text, as Falco prints them.

use std::io::Write as _;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use event::ParamFormat;

use crate::{
    condition::Computed,
    field::{
        Argument, Context, FieldId, FieldRef, PrintFormat, c_string, event::EventField, write_dots,
    },
    value::{Value, ValueType},
};

/// Room that Falco has for a buffer or a list, the final NUL included.
const STORAGE: usize = 1024;

/// Appends `value` of `field`; false when it has no text.
pub(super) fn write_value(
    ctx: &Context<'_>,
    field: &FieldRef,
    value: Value<'_>,
    out: &mut Vec<u8>,
) -> bool {
    if let (Value::Bytes(bytes), true) = (value, ctx.agent.buffer_base64) {
        write_base64(bytes, field.id(), out);
        return true;
    }
    let (kind, format) = printed_as(ctx, field);
    write(value, kind, format, is_plain(field), out)
}

/// Appends a value that transformers made; false when it has no text.
pub(super) fn write_computed(computed: &Computed, value: Value<'_>, out: &mut Vec<u8>) -> bool {
    // Values of transformers end at their first NUL.
    let value = match value {
        Value::Str(text) => Value::Str(c_string(text)),
        value => value,
    };
    write(value, computed.value_type(), computed.format(), computed.decodes(), out)
}

/// Appends a value of type `kind`. Text that is not `plain` has what does not print replaced.
fn write(
    value: Value<'_>,
    kind: ValueType,
    format: PrintFormat,
    plain: bool,
    out: &mut Vec<u8>,
) -> bool {
    // Writing to a Vec cannot fail.
    match value {
        Value::Bool(flag) => drop(write!(out, "{flag}")),
        Value::Int(number) => return write_number(number.cast_unsigned(), kind, format, out),
        Value::Uint(number) => return write_number(number, kind, format, out),
        Value::Double(number) => drop(write!(out, "{number:.1}")),
        Value::Str(text) if plain => out.extend_from_slice(c_string(text)),
        Value::Str(text) => host::utf8::sanitize_into(text, out),
        Value::Bytes(bytes) => write_bytes(bytes, out),
        Value::Ip(_) if kind == ValueType::Ipnet => out.extend_from_slice(b"<IPNET>"),
        Value::Ip(ip) => drop(write!(out, "{ip}")),
        Value::List(items) => {
            let start = out.len();
            out.push(b'(');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                out.extend_from_slice(c_string(item));
            }
            out.push(b')');
            out.truncate(start + STORAGE - 1);
        }
    }
    true
}

/// The type and format that a value of `field` prints with: its own, or the parameter's.
pub(super) fn printed_as(ctx: &Context<'_>, field: &FieldRef) -> (ValueType, PrintFormat) {
    let definition = field.definition();
    let Argument::Parameter(slots) = field.argument() else {
        return (definition.value_type, definition.format);
    };
    if definition.value_type != ValueType::Dyn {
        return (definition.value_type, definition.format);
    }
    let kind = ctx.event.kind;
    let params = kind.info().params;
    let info = slots.index(kind).and_then(|it| params.get(it)).unwrap_or(slots.info);
    let format = match info.format {
        ParamFormat::Na => PrintFormat::Na,
        ParamFormat::Dec => PrintFormat::Dec,
        ParamFormat::Hex => PrintFormat::Hex,
        ParamFormat::Oct => PrintFormat::Oct,
    };
    (info.kind.into(), format)
}

/// Appends a number; false for the formats that Falco has no text for.
fn write_number(number: u64, kind: ValueType, format: PrintFormat, out: &mut Vec<u8>) -> bool {
    let Some((bits, is_signed)) = layout(kind) else { return false };
    let pattern = if bits == 64 { number } else { number & ((1 << bits) - 1) };
    let shift = 64 - bits;
    let signed = (number << shift).cast_signed() >> shift;
    // Writing to a Vec cannot fail.
    let _ = match format {
        PrintFormat::Dec if is_signed => write!(out, "{signed}"),
        PrintFormat::Dec => write!(out, "{pattern}"),
        PrintFormat::Hex => write!(out, "{pattern:X}"),
        PrintFormat::Oct => write!(out, "{pattern:o}"),
        PrintFormat::Padded if bits == 64 && is_signed => write!(out, "{signed:09}"),
        PrintFormat::Padded if bits == 64 => write!(out, "{pattern:09}"),
        PrintFormat::Na if bits == 64 && is_signed => write!(out, "{signed}"),
        PrintFormat::Padded | PrintFormat::Na => return false,
    };
    true
}

/// Width in bits and whether there is a sign; `None` for what is not printed as a number.
fn layout(kind: ValueType) -> Option<(u32, bool)> {
    Some(match kind {
        ValueType::Int8 => (8, true),
        ValueType::Int16 => (16, true),
        ValueType::Int32 => (32, true),
        ValueType::Int64 | ValueType::Pid | ValueType::Fd | ValueType::Errno => (64, true),
        ValueType::Uint8 | ValueType::Flags8 | ValueType::Enumflags8 => (8, false),
        ValueType::Uint16 | ValueType::Port | ValueType::Flags16 | ValueType::Enumflags16 => {
            (16, false)
        }
        ValueType::Uint32
        | ValueType::Uid
        | ValueType::Gid
        | ValueType::Flags32
        | ValueType::Enumflags32 => (32, false),
        ValueType::Uint64 | ValueType::Reltime | ValueType::Abstime => (64, false),
        _ => return None,
    })
}

/// The container plugin's fields are printed as they are, to the first NUL.
fn is_plain(field: &FieldRef) -> bool {
    matches!(field.id(), FieldId::Container(_))
}

/// Appends bytes in base64. Falco 0.44.1 encodes `evt.buffer` twice, so we do.
fn write_base64(bytes: &[u8], field: FieldId, out: &mut Vec<u8>) {
    let once = BASE64_STANDARD.encode(bytes);
    match field {
        _ if bytes.is_empty() => out.extend_from_slice(b"NULL"),
        FieldId::Event(EventField::Buffer) => {
            out.extend_from_slice(BASE64_STANDARD.encode(once).as_bytes());
        }
        _ => out.extend_from_slice(once.as_bytes()),
    }
}

/// Appends bytes with dots; more than fit are cut, and then one byte before the last.
fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.is_empty() {
        out.extend_from_slice(b"NULL");
    } else if bytes.len() > STORAGE - 2 {
        write_dots(bytes.get(..STORAGE - 3).unwrap_or_default(), out);
    } else {
        write_dots(bytes, out);
    }
}
