//! Falco's condition language: text to tree, tree to compiled checks, checks against events.
//!
//! The stages, in the order a rule passes them: [`parse`] (syntax only), [`MacroTable::resolve`]
//! (macro references become trees), [`Details`] and [`warnings`] (what a person is told),
//! [`compile`] (fields looked up, types checked), [`event_types`] (which events concern it),
//! [`Condition::evaluate`].
//!
//! Messages and positions are Falco's: people and tools match on them.

mod advice;
mod ast;
mod check;
mod comparable;
mod compile;
mod computed;
mod cursor;
mod details;
mod display;
mod escape;
mod event_types;
mod glob;
mod literal;
mod macros;
mod number;
mod operator;
mod parser;
mod path;
mod regex;
mod services;
mod source;
mod text;
pub mod warnings;

pub use ast::{
    CheckExpr, Expr, FieldExpr, ListExpr, MacroRef, Operand, Position, TransformerExpr, ValueExpr,
};
pub use check::{Check, TextAtom, TextComparison};
pub use compile::{CompileError, CompileWarning, Condition, compile};
pub(crate) use computed::Computed;
pub use details::{Details, DetailsError};
pub use escape::escape;
pub use event_types::{EventTypeError, EventTypeSet, event_names, event_types};
pub use macros::{MacroError, MacroTable};
pub use operator::{Modifier, Operator, Transformer};
pub use parser::{ParseError, parse, parse_operand};

#[cfg(test)]
mod tests;
