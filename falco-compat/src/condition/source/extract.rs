//! Getting values for an event; what has to be built is built in the event's arena.

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, decoded_len_estimate};
use bumpalo::Bump;
use bumpalo::collections::Vec as ArenaVec;

use super::super::text::{c_str, trim_nul};
use super::{Element, Source, Unary};
use crate::field::{Context, FieldRef, PrintFormat};
use crate::value::Value;

/// As strict as Falco: padding may be missing, but unused bits are zero.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(false),
);

impl Source {
    /// The value for an event; `None` when it is missing.
    pub(in super::super) fn extract<'v, 'e: 'v>(&'v self, ctx: &Context<'e>) -> Option<Value<'v>> {
        match self {
            Self::Field(field) => ctx.extract(field),
            Self::Text(text) => Some(Value::Str(text)),
            Self::Unary(unary, inner) => unary.apply(inner.extract(ctx)?, ctx.arena),
            Self::List(elements) => list(elements, ctx),
            Self::Join(sides) => {
                let (separator, list) = &**sides;
                let separator = memory(separator.extract(ctx)?, ctx.arena);
                let Value::List(texts) = list.extract(ctx)? else { return None };
                let mut out = ArenaVec::new_in(ctx.arena);
                for (index, text) in texts.iter().enumerate() {
                    if index > 0 {
                        out.extend_from_slice(separator);
                    }
                    out.extend_from_slice(c_str(text));
                }
                Some(Value::Str(out.into_bump_slice()))
            }
            Self::Concat(sources) => {
                let mut out = ArenaVec::new_in(ctx.arena);
                for source in sources {
                    out.extend_from_slice(c_str(memory(source.extract(ctx)?, ctx.arena)));
                }
                Some(Value::Str(out.into_bump_slice()))
            }
            Self::Getopt(getopt) => getopt.extract(ctx),
        }
    }
}

fn list<'v, 'e: 'v>(elements: &'v [Element], ctx: &Context<'e>) -> Option<Value<'v>> {
    let mut out: ArenaVec<'v, &'v [u8]> = ArenaVec::new_in(ctx.arena);
    for element in elements {
        match element {
            Element::Number(field) => out.push(number_text(field, ctx)?),
            Element::Plain(source) => match source.extract(ctx)? {
                Value::List(texts) => out.extend_from_slice(texts),
                value => out.push(memory(value, ctx.arena)),
            },
        }
    }
    Some(Value::List(out.into_bump_slice()))
}

/// A number as it is printed.
fn number_text<'e>(field: &FieldRef, ctx: &Context<'e>) -> Option<&'e [u8]> {
    let format = field.definition().format;
    let text = match ctx.extract(field)? {
        Value::Int(number) if format == PrintFormat::Dec => {
            bumpalo::format!(in ctx.arena, "{}", number)
        }
        Value::Int(number) => formatted(number.cast_unsigned(), format, ctx.arena)?,
        Value::Uint(number) => formatted(number, format, ctx.arena)?,
        Value::Bool(_)
        | Value::Double(_)
        | Value::Str(_)
        | Value::Bytes(_)
        | Value::Ip(_)
        | Value::List(_) => return None,
    };
    Some(text.into_bump_str().as_bytes())
}

fn formatted(
    number: u64,
    format: PrintFormat,
    arena: &Bump,
) -> Option<bumpalo::collections::String<'_>> {
    match format {
        PrintFormat::Na => None,
        PrintFormat::Dec => Some(bumpalo::format!(in arena, "{}", number)),
        PrintFormat::Hex => Some(bumpalo::format!(in arena, "{:X}", number)),
        PrintFormat::Oct => Some(bumpalo::format!(in arena, "{:o}", number)),
        PrintFormat::Padded => Some(bumpalo::format!(in arena, "{:09}", number)),
    }
}

/// A value as it lies in memory; the first element of a list.
fn memory<'v>(value: Value<'v>, arena: &'v Bump) -> &'v [u8] {
    match value {
        Value::Str(bytes) | Value::Bytes(bytes) => bytes,
        Value::List(texts) => texts.first().copied().unwrap_or_default(),
        Value::Bool(truth) => arena.alloc(u32::from(truth).to_le_bytes()),
        Value::Int(number) => arena.alloc(number.to_le_bytes()),
        Value::Uint(number) => arena.alloc(number.to_le_bytes()),
        Value::Double(number) => arena.alloc(number.to_le_bytes()),
        Value::Ip(std::net::IpAddr::V4(address)) => arena.alloc(address.octets()),
        Value::Ip(std::net::IpAddr::V6(address)) => arena.alloc(address.octets()),
    }
}

impl Unary {
    fn apply<'v>(self, value: Value<'v>, arena: &'v Bump) -> Option<Value<'v>> {
        match self {
            Self::Count => match value {
                Value::List(texts) => Some(Value::Uint(texts.len() as u64)),
                _ => None,
            },
            Self::TextLength => match value {
                Value::Str(text) => Some(Value::Uint(c_str(text).len() as u64)),
                Value::List(texts) => {
                    texts.first().map(|text| Value::Uint(c_str(text).len() as u64))
                }
                _ => None,
            },
            Self::BufferLength => match value {
                Value::Str(bytes) | Value::Bytes(bytes) => Some(Value::Uint(bytes.len() as u64)),
                _ => None,
            },
            Self::ToLower | Self::ToUpper | Self::B64 | Self::Basename => match value {
                Value::Str(text) => self.text(text, arena).map(Value::Str),
                Value::Bytes(bytes) => self.text(bytes, arena).map(Value::Bytes),
                Value::List(texts) => {
                    let mut out = ArenaVec::with_capacity_in(texts.len(), arena);
                    for text in texts {
                        out.push(self.text(text, arena)?);
                    }
                    Some(Value::List(out.into_bump_slice()))
                }
                _ => None,
            },
        }
    }

    /// The transformed text with the NUL that ends it.
    fn text<'v>(self, text: &[u8], arena: &'v Bump) -> Option<&'v [u8]> {
        let text = trim_nul(text);
        let mut out = ArenaVec::with_capacity_in(text.len() + 1, arena);
        match self {
            Self::ToLower => out.extend(text.iter().map(u8::to_ascii_lowercase)),
            Self::ToUpper => out.extend(text.iter().map(u8::to_ascii_uppercase)),
            Self::Basename => {
                out.extend_from_slice(text.rsplit(|byte| *byte == b'/').next().unwrap_or_default());
            }
            Self::B64 => decode(text, &mut out)?,
            Self::Count | Self::TextLength | Self::BufferLength => return None,
        }
        if out.last() != Some(&0) {
            out.push(0);
        }
        Some(out.into_bump_slice())
    }
}

/// At most two signs of padding are ignored.
fn decode(text: &[u8], out: &mut ArenaVec<'_, u8>) -> Option<()> {
    if text.is_empty() {
        return Some(());
    }
    let unpadded = text.strip_suffix(b"=").unwrap_or(text);
    let unpadded = unpadded.strip_suffix(b"=").unwrap_or(unpadded);
    if unpadded.is_empty() {
        return None;
    }
    out.resize(decoded_len_estimate(unpadded.len()), 0);
    let length = BASE64.decode_slice(unpadded, out).ok()?;
    out.truncate(length);
    Some(())
}
