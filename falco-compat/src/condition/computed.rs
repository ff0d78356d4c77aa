//! A field or transformer compiled on its own, as outputs use it.

use super::{
    ast::Operand,
    operator::Transformer,
    source::{Shape, Source, compile},
};
use crate::{
    field::{Context, PrintFormat},
    value::{Value, ValueType},
};

/// A compiled field or transformer.
#[derive(Clone, Debug)]
pub(crate) struct Computed {
    source: Source,
    shape: Shape,
    format: PrintFormat,
    decodes: bool,
}

impl Computed {
    /// Looks names up and checks types; the error is Falco's message.
    pub(crate) fn compile(operand: &Operand) -> Result<Self, String> {
        let typed = compile(operand)?;
        let format =
            typed.innermost_field().map_or(PrintFormat::Na, |field| field.definition().format);
        Ok(Self { shape: typed.shape, source: typed.source, format, decodes: decodes(operand) })
    }

    /// The value for the event of `ctx`; `None` when it is missing.
    pub(crate) fn extract<'v, 'e: 'v>(&'v self, ctx: &Context<'e>) -> Option<Value<'v>> {
        self.source.extract(ctx)
    }

    /// The type that values print as.
    pub(crate) fn value_type(&self) -> ValueType {
        self.shape.value_type
    }

    /// How a number prints: like the field below the transformers.
    pub(crate) fn format(&self) -> PrintFormat {
        self.format
    }

    /// Whether it decodes something, so that any bytes may come out.
    pub(crate) fn decodes(&self) -> bool {
        self.decodes
    }
}

fn decodes(operand: &Operand) -> bool {
    match operand {
        Operand::Transformer(it) => {
            it.transformer == Transformer::B64 || it.arguments.iter().any(decodes)
        }
        Operand::Elements(_, elements) => elements.iter().any(decodes),
        Operand::Field(_) | Operand::Value(_) | Operand::List(_) => false,
    }
}
