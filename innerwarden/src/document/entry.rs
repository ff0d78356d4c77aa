//! Reading a document: a node together with the path that led to it, so that errors can name it.

use super::{Content, Node};

/// A node and its path, as `-o` would write it.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    path: String,
    node: &'a Node,
}

/// A value that is not what its key wants.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {problem}", location(*line), name(path))]
pub(crate) struct EntryError {
    /// Line of the value; 0 when it came from the command line.
    pub(crate) line: usize,
    /// Path of the value; empty for the document itself.
    pub(crate) path: String,
    /// What is wrong.
    pub(crate) problem: String,
}

fn location(line: usize) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

fn name(path: &str) -> String {
    if path.is_empty() { "document".to_owned() } else { format!("`{path}`") }
}

impl<'a> Entry<'a> {
    /// The document itself.
    pub(crate) fn root(node: &'a Node) -> Self {
        Self { path: String::new(), node }
    }

    /// The node.
    pub(crate) fn node(&self) -> &'a Node {
        self.node
    }

    /// The value of `key`; `None` when it is absent or null.
    pub(crate) fn optional(&self, key: &str) -> Option<Self> {
        let node = self.node.find(key).filter(|node| node.content != Content::Null)?;
        let path =
            if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Some(Self { path, node })
    }

    /// The value of `key`, which must be there.
    pub(crate) fn required(&self, key: &str) -> Result<Self, EntryError> {
        self.optional(key).ok_or_else(|| self.error(format!("needs the key `{key}`")))
    }

    /// The elements of a list.
    pub(crate) fn list(&self) -> Result<Vec<Self>, EntryError> {
        match &self.node.content {
            Content::Sequence(nodes) => Ok(nodes
                .iter()
                .enumerate()
                .map(|(index, node)| Self { path: format!("{}[{index}]", self.path), node })
                .collect()),
            Content::Null | Content::Scalar(_) | Content::Map(_) => Err(self.expected("a list")),
        }
    }

    /// The elements of a list, or the value itself where one stands for a list of one.
    pub(crate) fn list_or_one(&self) -> Result<Vec<Self>, EntryError> {
        match self.node.content {
            Content::Scalar(_) => Ok(vec![self.clone()]),
            Content::Null | Content::Sequence(_) | Content::Map(_) => self.list(),
        }
    }

    /// The keys and values of a map, in order.
    pub(crate) fn map(&self) -> Result<Vec<(&'a str, Self)>, EntryError> {
        match &self.node.content {
            Content::Map(entries) => Ok(entries
                .iter()
                .map(|(key, node)| {
                    let path = if self.path.is_empty() {
                        key.clone()
                    } else {
                        format!("{}.{key}", self.path)
                    };
                    (key.as_str(), Self { path, node })
                })
                .collect()),
            Content::Null | Content::Scalar(_) | Content::Sequence(_) => {
                Err(self.expected("a map"))
            }
        }
    }

    /// Refuses every key that is not in `known`.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), EntryError> {
        match self.map()?.iter().find(|(key, _)| !known.contains(key)) {
            Some((_, entry)) => {
                Err(entry.error(format!("unknown key; known are {}", known.join(", "))))
            }
            None => Ok(()),
        }
    }

    /// Text of any kind.
    pub(crate) fn text(&self) -> Result<&'a str, EntryError> {
        match &self.node.content {
            Content::Scalar(text) => Ok(text),
            Content::Null | Content::Sequence(_) | Content::Map(_) => Err(self.expected("text")),
        }
    }

    /// True or false, in any of YAML 1.1's spellings.
    pub(crate) fn bool(&self) -> Result<bool, EntryError> {
        let text = self.text().map_err(|_| self.expected("true or false"))?;
        let uniform = text == text.to_lowercase()
            || text == text.to_uppercase()
            || text.chars().skip(1).all(char::is_lowercase);
        match (uniform, text.to_lowercase().as_str()) {
            (true, "y" | "yes" | "true" | "on") => Ok(true),
            (true, "n" | "no" | "false" | "off") => Ok(false),
            _ => Err(self.expected("true or false")),
        }
    }

    /// A number that `T` can hold.
    pub(crate) fn number<T: std::str::FromStr>(&self) -> Result<T, EntryError> {
        self.text().ok().and_then(|text| text.parse().ok()).ok_or_else(|| self.expected("a number"))
    }

    /// An error about this value.
    pub(crate) fn error(&self, problem: impl Into<String>) -> EntryError {
        EntryError { line: self.node.line, path: self.path.clone(), problem: problem.into() }
    }

    /// An error that says what is wanted and what is there.
    pub(crate) fn expected(&self, wanted: &str) -> EntryError {
        match &self.node.content {
            Content::Scalar(text) => self.error(format!("expected {wanted}, found `{text}`")),
            Content::Null | Content::Sequence(_) | Content::Map(_) => {
                self.error(format!("expected {wanted}, found {}", self.node.kind()))
            }
        }
    }
}
