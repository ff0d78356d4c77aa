//! YAML text into a tree, within limits.

use falco_compat::rules::yaml::{self, Documents, Kind};

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
    /// More than one document.
    #[error("line {line}: a second document begins here; one is expected")]
    SecondDocument {
        /// One-based.
        line: usize,
    },
}

/// Parses the only document of `text`, as Falco reads YAML; an empty text is [`Content::Null`].
///
/// Aliases become copies, and the map under a key `<<` is merged into the one around it.
pub(crate) fn parse(text: &str) -> Result<Node, DocumentError> {
    let documents = Documents::parse(text).map_err(|error| DocumentError::NotYaml {
        line: error.mark.line + 1,
        column: error.mark.column + 1,
        problem: error.message,
    })?;
    let mut roots = documents.roots();
    let Some(root) = roots.next() else { return Ok(Node { line: 1, content: Content::Null }) };
    if let Some(second) = roots.next() {
        return Err(DocumentError::SecondDocument { line: line(second) });
    }
    Copier { nodes: 0 }.copy(root, 0)
}

fn line(node: yaml::Node<'_>) -> usize {
    node.mark().line + 1
}

/// Copies a document, in which nodes may be shared and even contain themselves, into a tree.
struct Copier {
    nodes: usize,
}

impl Copier {
    fn copy(&mut self, node: yaml::Node<'_>, depth: usize) -> Result<Node, DocumentError> {
        let line = line(node);
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(DocumentError::TooLarge { line });
        }
        if depth > MAX_DEPTH {
            return Err(DocumentError::TooDeep { line });
        }
        let content = match node.kind() {
            Kind::Null => Content::Null,
            Kind::Scalar => Content::Scalar(node.scalar().unwrap_or_default().to_owned()),
            Kind::Sequence => Content::Sequence(
                node.elements().map(|it| self.copy(it, depth + 1)).collect::<Result<_, _>>()?,
            ),
            Kind::Map => self.map(node, depth)?,
        };
        Ok(Node { line, content })
    }

    fn map(&mut self, node: yaml::Node<'_>, depth: usize) -> Result<Content, DocumentError> {
        let mut entries = Vec::new();
        for (key, value) in node.pairs() {
            let name = match key.kind() {
                Kind::Null => "",
                Kind::Scalar => key.scalar().unwrap_or_default(),
                Kind::Sequence | Kind::Map => {
                    return Err(DocumentError::KeyNotText { line: line(key) });
                }
            };
            let value = self.copy(value, depth + 1)?;
            match value.content {
                // The last of equal keys counts, so what is merged in goes first.
                Content::Map(merged) if name == "<<" => {
                    entries.splice(0..0, merged);
                }
                content => entries.push((name.to_owned(), Node { line: value.line, content })),
            }
        }
        Ok(Content::Map(entries))
    }
}
