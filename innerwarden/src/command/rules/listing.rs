//! How lists of fields and events are printed.

use clap::ValueEnum;
use serde_json::Value;

/// How to print a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For documentation.
    Markdown,
    /// For programs.
    Json,
}

/// Indented JSON; a value made of texts and numbers always has one.
pub(super) fn pretty(value: &Value) -> String {
    format!("{value:#}")
}
