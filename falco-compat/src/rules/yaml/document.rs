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
        let nothing = StoredNode { mark: Mark::default(), content: Content::Null };
        let mut documents = Self { nodes: Vec::new(), roots: Vec::new(), nothing };
        let mut parser = Parser::new(text.as_bytes());
        while let Some(root) = parser.next_document(&mut documents)? {
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
        self.nodes.push(StoredNode { mark, content });
        id
    }

    pub(super) fn fill(&mut self, id: NodeId, content: Content) {
        if let Some(node) = self.nodes.get_mut(id.0) {
            node.content = content;
        }
    }
}
