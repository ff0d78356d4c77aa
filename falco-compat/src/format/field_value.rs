//! A value as `output_fields` of a JSON alert has it.

use crate::{
    alert::write_json_value,
    field::{Context, FieldRef, PrintFormat, json_number},
    format::print::{printed_as, write_value},
    value::{Value, ValueType},
};

/// A value detached from its event, with the type that JSON shows.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Missing.
    Null,
    /// True or false.
    Bool(bool),
    /// Signed number.
    Int(i64),
    /// Unsigned number.
    Uint(u64),
    /// Floating point.
    Double(f64),
    /// Text; what is not UTF-8 is replaced when it is written.
    Text(Vec<u8>),
    /// A list of texts.
    List(Vec<Vec<u8>>),
}

impl FieldValue {
    /// The value of `field` for the event of `ctx`.
    pub fn of(ctx: &Context<'_>, field: &FieldRef) -> Self {
        if let Some(number) = json_number(ctx, field.id()) {
            return Self::Uint(number);
        }
        match ctx.extract(field) {
            Some(value) => Self::from_value(ctx, field, value),
            None => Self::Null,
        }
    }

    /// Appends the value as JSON, as an alert shows it.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        write_json_value(self, out);
    }

    fn from_value(ctx: &Context<'_>, field: &FieldRef, value: Value<'_>) -> Self {
        match value {
            Value::Bool(flag) => Self::Bool(flag),
            Value::Int(_) | Value::Uint(_) => Self::number(ctx, field, value),
            Value::Double(number) => Self::Double(number),
            Value::Str(_) | Value::Bytes(_) | Value::Ip(_) => Self::text(ctx, field, value),
            Value::List(items) => Self::List(items.iter().map(|it| it.to_vec()).collect()),
        }
    }

    /// The value as it prints.
    fn text(ctx: &Context<'_>, field: &FieldRef, value: Value<'_>) -> Self {
        let mut text = Vec::new();
        if write_value(ctx, field, value, &mut text) { Self::Text(text) } else { Self::Null }
    }

    /// Decimal numbers stay numbers, others become text.
    fn number(ctx: &Context<'_>, field: &FieldRef, value: Value<'_>) -> Self {
        let (kind, format) = printed_as(ctx, field);
        match (format, value) {
            // Falco cannot show these at all.
            _ if kind == ValueType::Errno => Self::Null,
            (PrintFormat::Dec, Value::Int(number)) => Self::Int(number),
            (PrintFormat::Dec, Value::Uint(number)) => Self::Uint(number),
            _ => Self::text(ctx, field, value),
        }
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }
}
