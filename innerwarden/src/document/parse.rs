//! YAML text into a tree, within limits.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Content, Node};

/// How deep lists and maps may nest; nothing that we read needs more, and dropping a tree recurses.
const MAX_DEPTH: usize = 64;

/// How many nodes a document may have, copies made by aliases included.
const MAX_NODES: usize = 200_000;

/// Why text is not a document that we read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum DocumentError {
    /// Not YAML.
    #[error("line {line}, column {column}: {problem}")]
    NotYaml {
        /// One-based.
        line: usize,
        /// One-based.
        column: usize,
        /// What the parser said.
        problem: String,
    },
    /// Nests deeper than [`MAX_DEPTH`].
    #[error("line {line}: lists and maps nest deeper than {MAX_DEPTH} levels")]
    TooDeep {
        /// One-based.
        line: usize,
    },
    /// Has more than [`MAX_NODES`] nodes.
    #[error("line {line}: more than {MAX_NODES} values")]
    TooLarge {
        /// One-based.
        line: usize,
    },
    /// A key is a list or a map.
    #[error("line {line}: a key must be text")]
    KeyNotText {
        /// One-based.
        line: usize,
    },
    /// An alias without its anchor.
    #[error("line {line}: unknown alias")]
    UnknownAlias {
        /// One-based.
        line: usize,
    },
    /// More than one document.
    #[error("line {line}: a second document begins here; one is expected")]
    SecondDocument {
        /// One-based.
        line: usize,
    },
}

/// Parses the only document of `text`; an empty text is [`Content::Null`].
pub(crate) fn parse(text: &str) -> Result<Node, DocumentError> {
    let mut builder = Builder::default();
    for item in Parser::new_from_str(text) {
        let (event, span) = item.map_err(|error| DocumentError::NotYaml {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            problem: error.info().to_owned(),
        })?;
        builder.on_event(event, span)?;
    }
    Ok(builder.root.unwrap_or(Node { line: 1, content: Content::Null }))
}

/// The tree so far.
#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Anchor>,
    nodes: usize,
}

/// A list or map whose end has not come yet.
struct Open {
    node: Node,
    anchor: usize,
    /// Nodes there were before this one.
    nodes_before: usize,
    /// Levels of its deepest child.
    depth: usize,
    /// Key that waits for its value.
    key: Option<String>,
}

/// What an alias stands for.
struct Anchor {
    node: Node,
    nodes: usize,
    depth: usize,
}

impl Builder {
    fn on_event(&mut self, event: Event<'_>, span: Span) -> Result<(), DocumentError> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(DocumentError::SecondDocument { line })
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
            Event::Alias(anchor) => self.on_alias(anchor, line),
            Event::Scalar(text, style, anchor, _) => {
                self.count(1, line)?;
                let content = match (style, text.as_ref()) {
                    (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Content::Null,
                    _ => Content::Scalar(text.into_owned()),
                };
                let node = Node { line, content };
                self.remember(anchor, &node, 1, 0);
                self.place(node, 0)
            }
            Event::SequenceStart(anchor, _) => {
                self.open(Content::Sequence(Vec::new()), anchor, line)
            }
            Event::MappingStart(anchor, _) => self.open(Content::Map(Vec::new()), anchor, line),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(done) = self.open.pop() else { return Ok(()) };
                let depth = done.depth + 1;
                self.remember(done.anchor, &done.node, self.nodes - done.nodes_before, depth);
                self.place(done.node, depth)
            }
        }
    }

    fn on_alias(&mut self, anchor: usize, line: usize) -> Result<(), DocumentError> {
        let target = self.anchors.get(&anchor).ok_or(DocumentError::UnknownAlias { line })?;
        if self.open.len() + target.depth > MAX_DEPTH {
            return Err(DocumentError::TooDeep { line });
        }
        let (nodes, depth) = (target.nodes, target.depth);
        self.count(nodes, line)?;
        let copy = self.anchors.get(&anchor).map(|target| target.node.clone());
        copy.map_or(Ok(()), |node| self.place(node, depth))
    }

    fn open(&mut self, content: Content, anchor: usize, line: usize) -> Result<(), DocumentError> {
        let nodes_before = self.nodes;
        self.count(1, line)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(DocumentError::TooDeep { line });
        }
        let node = Node { line, content };
        self.open.push(Open { node, anchor, nodes_before, depth: 0, key: None });
        Ok(())
    }

    fn count(&mut self, nodes: usize, line: usize) -> Result<(), DocumentError> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > MAX_NODES { Err(DocumentError::TooLarge { line }) } else { Ok(()) }
    }

    fn remember(&mut self, anchor: usize, node: &Node, nodes: usize, depth: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchor { node: node.clone(), nodes, depth });
        }
    }

    /// Puts a finished node of `depth` levels where it belongs.
    fn place(&mut self, node: Node, depth: usize) -> Result<(), DocumentError> {
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        parent.depth = parent.depth.max(depth);
        match (&mut parent.node.content, parent.key.take()) {
            (Content::Sequence(items), _) => items.push(node),
            (Content::Map(entries), Some(key)) => match node.content {
                // The last of equal keys counts, so what is merged in goes first.
                Content::Map(merged) if key == "<<" => {
                    entries.splice(0..0, merged);
                }
                content => entries.push((key, Node { line: node.line, content })),
            },
            (Content::Map(_), None) => match node.content {
                Content::Scalar(text) => parent.key = Some(text),
                Content::Null => parent.key = Some(String::new()),
                Content::Sequence(_) | Content::Map(_) => {
                    return Err(DocumentError::KeyNotText { line: node.line });
                }
            },
            (Content::Null | Content::Scalar(_), _) => {}
        }
        Ok(())
    }
}
