//! Falco's language: rules files, conditions, fields, output formatting, alerts, the rule engine.
//!
//! Compatible with Falco 0.44.1 (engine 0.62.0): the same files load, the same errors are reported,
//! the same events match, the same bytes come out.
//!
//! # Invariants
//!
//! - Names and types are resolved when rules load; evaluating a rule cannot fail and allocates nothing.
//! - Text from rules files and events is untrusted: every limit is explicit, nothing panics.

pub mod alert;
mod calendar;
pub mod condition;
pub mod engine;
pub mod field;
pub mod format;
pub mod held;
pub mod rules;
mod value;

pub use value::{Value, ValueType};
