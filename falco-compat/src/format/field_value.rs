//! A value as `output_fields` of a JSON alert has it.

use crate::{
    alert::write_json_value,
    field::{Context, FieldRef, PrintFormat, json_number},
    format::print::{printed_as, write_bytes, write_text, write_value},
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
        let text = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut text = Vec::new();
            write(&mut text);
            Self::Text(text)
        };
        match value {
            Value::Bool(flag) => Self::Bool(flag),
            Value::Int(_) | Value::Uint(_) => Self::number(ctx, field, value),
            Value::Double(number) => Self::Double(number),
            Value::Str(bytes) => text(&|out| write_text(field, bytes, out)),
            Value::Bytes(bytes) => text(&|out| write_bytes(bytes, out)),
            Value::Ip(_) => text(&|out| _ = write_value(ctx, field, value, out)),
            Value::List(items) => Self::List(items.iter().map(|it| it.to_vec()).collect()),
        }
    }

    /// Decimal numbers stay numbers, others become text.
    fn number(ctx: &Context<'_>, field: &FieldRef, value: Value<'_>) -> Self {
        let (kind, format) = printed_as(ctx, field);
        match (format, value) {
            // Falco cannot show these at all.
            _ if kind == ValueType::Errno => Self::Null,
            (PrintFormat::Dec, Value::Int(number)) => Self::Int(number),
            (PrintFormat::Dec, Value::Uint(number)) => Self::Uint(number),
            _ => {
                let mut text = Vec::new();
                if write_value(ctx, field, value, &mut text) {
                    Self::Text(text)
                } else {
                    Self::Null
                }
            }
        }
    }
}

impl From<&str> for FieldValue {
    fn from(text: &str) -> Self {
        Self::Text(text.as_bytes().to_vec())
    }
}
