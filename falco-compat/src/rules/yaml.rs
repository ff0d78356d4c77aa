//! YAML as Falco reads it: a tree of untyped texts with the position of every node.
//!
//! Written for this purpose instead of taken from a crate: YAML crates follow the specification, Falco
//! follows yaml-cpp, and the two disagree on files that people have. A closing bracket at the
//! indentation of its key, a quoted text whose next line is not indented, `key:` and a tab: Falco loads
//! them, strict parsers reject them, so their users' rules would be lost. The behaviour here, including
//! error texts and positions, is that of the yaml-cpp revision Falco 0.44.1 is built with.
//!
//! Aliases are edges to one shared node, so a file cannot blow the tree up; nesting is limited.

mod cursor;
mod document;
mod node;
mod parser;
mod scalar;
mod scanner;
mod token;

pub use cursor::Mark;
pub use document::Documents;
pub use node::{Kind, Node};

/// Why a text is not YAML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("yaml-cpp: error at line {}, column {}: {message}", mark.line + 1, mark.column + 1)]
pub struct YamlError {
    /// Where, zero-based.
    pub mark: Mark,
    /// What is wrong, in the words Falco's users search for.
    pub message: String,
}

impl YamlError {
    fn new(mark: Mark, message: impl Into<String>) -> Self {
        Self { mark, message: message.into() }
    }
}

#[cfg(test)]
mod tests;
