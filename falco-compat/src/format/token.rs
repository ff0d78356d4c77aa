//! The parts of a template.

use std::sync::Arc;

use crate::{
    condition::Operand,
    field::{Context, FieldRef},
    format::print::write_value,
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

/// Where a value comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A field.
    Field(FieldRef),
}

impl Source {
    /// Looks the names in `operand` up; the error is Falco's message.
    pub(super) fn compile(operand: &Operand) -> Result<Self, String> {
        match operand {
            Operand::Field(field) => FieldRef::resolve(&field.full_name())
                .map(Self::Field)
                .map_err(|error| error.to_string()),
            _ => Err("transformers need the condition compiler".to_owned()),
        }
    }

    /// Visits every field that the value is made from.
    pub(super) fn for_each_field(&self, visit: &mut dyn FnMut(&FieldRef)) {
        match self {
            Self::Field(field) => visit(field),
        }
    }

    /// Appends the value as text; false when it is missing.
    pub(super) fn write(&self, ctx: &Context<'_>, out: &mut Vec<u8>) -> bool {
        match self {
            Self::Field(field) => {
                ctx.extract(field).is_some_and(|value| write_value(ctx, field, value, out))
            }
        }
    }
}
