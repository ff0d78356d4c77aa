//! A YAML document as a tree whose scalars keep the text that was written.
//!
//! Falco reads a scalar as whatever the key wants (`010` may be text), so nothing is typed before a reader
//! asks for it. Every node knows its line, for messages.

mod entry;
mod parse;

pub(crate) use entry::{Entry, EntryError};
pub(crate) use parse::{DocumentError, parse};

/// A node and the line it begins on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// One-based; 0 when it came from the command line.
    pub(crate) line: usize,
    /// What it holds.
    pub(crate) content: Content,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing, `~` or `null`.
    Null,
    /// Text as written, without quotes.
    Scalar(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys in order; the last of equal keys counts.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// A node that no file holds.
    pub(crate) fn new(content: Content) -> Self {
        Self { line: 0, content }
    }

    /// The value of `key`; `None` when it is absent or this is no map.
    pub(crate) fn find(&self, key: &str) -> Option<&Node> {
        match &self.content {
            Content::Map(entries) => {
                entries.iter().rev().find(|(name, _)| name == key).map(|(_, node)| node)
            }
            Content::Null | Content::Scalar(_) | Content::Sequence(_) => None,
        }
    }

    /// The word for what it holds, in messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self.content {
            Content::Null => "nothing",
            Content::Scalar(_) => "text",
            Content::Sequence(_) => "a list",
            Content::Map(_) => "a map",
        }
    }
}

#[cfg(test)]
mod tests;
