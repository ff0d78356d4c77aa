//! The parts of a template.

use std::sync::Arc;

use crate::{
    condition::{Computed, Operand},
    field::{Context, FieldRef},
    format::print::{write_computed, write_value},
};

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Token {
    /// Text as it stands.
    Literal(Arc<str>),
    /// A value, in a column of `width` bytes if that is not 0.
    Value {
        /// Where it comes from.
        source: Source,
        /// Bytes of the column.
        width: usize,
    },
}

impl Token {
    /// Appends it with its value filled in.
    pub(super) fn render(&self, ctx: &Context<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Self::Value { source, width } => source.render(*width, ctx, out),
        }
    }
}

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A field.
    Field(FieldRef),
    /// A transformer, and the fields inside of it.
    Computed(Box<Computed>, Vec<FieldRef>),
}

impl Source {
    /// Looks the names in `operand` up; the error is Falco's message.
    pub(super) fn compile(operand: &Operand) -> Result<Self, String> {
        let mut fields = Vec::new();
        collect_fields(operand, &mut fields)?;
        if let (Operand::Field(_), Some(field)) = (operand, fields.first()) {
            return Ok(Self::Field(field.clone()));
        }
        Ok(Self::Computed(Box::new(Computed::compile(operand)?), fields))
    }

    /// The fields that the value is made from.
    pub(super) fn fields(&self) -> &[FieldRef] {
        match self {
            Self::Field(field) => std::slice::from_ref(field),
            Self::Computed(_, fields) => fields,
        }
    }

    /// Appends the value in a column of `width` bytes if that is not 0; `<NA>` when it is missing.
    pub(super) fn render(&self, width: usize, ctx: &Context<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        if !self.write(ctx, out) {
            out.truncate(start);
            out.extend_from_slice(b"<NA>");
        }
        if width != 0 {
            out.resize(start + width, b' ');
        }
    }

    /// Appends the value as text; false when it is missing.
    pub(super) fn write(&self, ctx: &Context<'_>, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Field(field) => {
                ctx.extract(field).is_some_and(|value| write_value(ctx, field, value, out))
            }
            Self::Computed(computed, _) => {
                computed.extract(ctx).is_some_and(|value| write_computed(computed, value, out))
            }
        }
    }
}

fn collect_fields(operand: &Operand, fields: &mut Vec<FieldRef>) -> Result<(), String> {
    let arguments = match operand {
        Operand::Field(field) => {
            let field = FieldRef::resolve(&field.full_name()).map_err(|error| error.to_string())?;
            fields.push(field);
            return Ok(());
        }
        Operand::Transformer(transformer) => &transformer.arguments,
        Operand::Elements(_, elements) => elements,
        Operand::Value(_) | Operand::List(_) => return Ok(()),
    };
    arguments.iter().try_for_each(|it| collect_fields(it, fields))
}
