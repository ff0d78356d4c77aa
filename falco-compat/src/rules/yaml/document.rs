//! The documents of one file.

use super::{
    YamlError,
    cursor::Mark,
    node::{Content, Node, StoredNode},
    parser::Parser,
};

/// Index of a node in its [`Documents`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NodeId(usize);

/// How large a file's documents may be when every alias is followed: bytes of texts and number of
/// nodes together. Whoever reads a document may copy each alias's target.
const MAX_WEIGHT: usize = 64 << 20;

/// All nodes of a file.
#[derive(Debug)]
pub struct Documents {
    nodes: Vec<StoredNode>,
    roots: Vec<NodeId>,
    /// Stands in for an id that is not of this file, which cannot happen.
    nothing: StoredNode,
}

impl Documents {
    /// Reads every document of a text. A document that is null ends the stream: what follows it
    /// is not read. A byte order mark is skipped and does not count as an offset.
    pub fn parse(text: &str) -> Result<Self, YamlError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let nothing = StoredNode { mark: Mark::default(), content: Content::Null, weight: 1 };
        let mut documents = Self { nodes: Vec::new(), roots: Vec::new(), nothing };
        let mut parser = Parser::new(text.as_bytes());
        let mut left = MAX_WEIGHT.max(text.len().saturating_mul(8));
        while let Some(root) = parser.next_document(&mut documents)? {
            let (mark, weight) = (documents.stored(root).mark, documents.weight(root));
            left = left.checked_sub(weight).ok_or_else(|| {
                YamlError::new(mark, "document is too large once its aliases are followed")
            })?;
            if documents.stored(root).content == Content::Null {
                break;
            }
            documents.roots.push(root);
        }
        Ok(documents)
    }

    /// The root of each document.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|&id| Node::new(self, id))
    }

    pub(super) fn stored(&self, id: NodeId) -> &StoredNode {
        self.nodes.get(id.0).unwrap_or(&self.nothing)
    }

    pub(super) fn add(&mut self, mark: Mark, content: Content) -> NodeId {
        let id = NodeId(self.nodes.len());
        let weight = self.weight_of(&content);
        self.nodes.push(StoredNode { mark, content, weight });
        id
    }

    fn weight(&self, id: NodeId) -> usize {
        self.stored(id).weight
    }

    fn weight_of(&self, content: &Content) -> usize {
        let sum = |ids: &mut dyn Iterator<Item = NodeId>| {
            ids.fold(1, |sum: usize, id| sum.saturating_add(self.weight(id)))
        };
        match content {
            Content::Null => 1,
            Content::Scalar(text) => text.len().saturating_add(1),
            Content::Sequence(ids) => sum(&mut ids.iter().copied()),
            Content::Map(pairs) => sum(&mut pairs.iter().flat_map(|&(key, value)| [key, value])),
        }
    }

    pub(super) fn fill(&mut self, id: NodeId, content: Content) {
        let weight = self.weight_of(&content);
        if let Some(node) = self.nodes.get_mut(id.0) {
            node.content = content;
            node.weight = weight;
        }
    }
}
