//! A node of a YAML document, as a cheap handle into its documents.

use super::{
    YamlError,
    cursor::Mark,
    document::{Documents, NodeId},
};

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Null,
    /// The text; quoted or not makes no difference.
    Scalar(String),
    Sequence(Vec<NodeId>),
    Map(Vec<(NodeId, NodeId)>),
}

#[derive(Clone, Debug)]
pub(super) struct StoredNode {
    pub(super) mark: Mark,
    pub(super) content: Content,
    /// Bytes and nodes in it, with those that its aliases lead to; cycles count once.
    pub(super) weight: usize,
}

/// What a node is, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// Text.
    Scalar,
    /// A list.
    Sequence,
    /// Keys with values.
    Map,
}

/// A node. Nodes reached through different aliases are the same node; there may be cycles.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    documents: &'a Documents,
    stored: &'a StoredNode,
}

impl<'a> Node<'a> {
    pub(super) fn new(documents: &'a Documents, id: NodeId) -> Self {
        Self { documents, stored: documents.stored(id) }
    }

    /// Where it begins: at its anchor or tag if it has one.
    pub fn mark(self) -> Mark {
        self.stored.mark
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.stored.content {
            Content::Null => Kind::Null,
            Content::Scalar(_) => Kind::Scalar,
            Content::Sequence(_) => Kind::Sequence,
            Content::Map(_) => Kind::Map,
        }
    }

    /// The text, `None` if it is no scalar.
    pub fn scalar(self) -> Option<&'a str> {
        match &self.stored.content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The text; `null` for null; an error for anything else.
    pub fn text_or_null(self) -> Result<&'a str, YamlError> {
        match &self.stored.content {
            Content::Null => Ok("null"),
            Content::Scalar(text) => Ok(text),
            Content::Sequence(_) | Content::Map(_) => {
                Err(YamlError::new(self.mark(), "bad conversion"))
            }
        }
    }

    /// The elements of a sequence, nothing for other nodes.
    pub fn elements(self) -> impl Iterator<Item = Node<'a>> {
        let ids = match &self.stored.content {
            Content::Sequence(ids) => ids.as_slice(),
            _ => &[],
        };
        ids.iter().map(move |&id| Node::new(self.documents, id))
    }

    /// Keys and values of a map in the order of the file, nothing for other nodes.
    pub fn pairs(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        let pairs = match &self.stored.content {
            Content::Map(pairs) => pairs.as_slice(),
            _ => &[],
        };
        pairs.iter().map(move |&(key, value)| {
            (Node::new(self.documents, key), Node::new(self.documents, value))
        })
    }

    /// The value of the first such key of a map.
    pub fn value_of(self, key: &str) -> Option<Node<'a>> {
        self.pairs().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
    }
}
