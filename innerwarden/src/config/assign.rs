//! `-o key=value`: puts one value into a document.

use crate::document::{self, Content, DocumentError, Node};

use super::path::{self, PathError, Step};

/// Why an option cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AssignError {
    /// No `=`.
    #[error("must be of the form `key=value` or `key.subkey=value`")]
    NoEquals,
    /// The key cannot be read.
    #[error(transparent)]
    BadPath(#[from] PathError),
    /// The value begins with `{` and ends with `}`, but is no YAML.
    #[error("value: {0}")]
    BadValue(#[from] DocumentError),
    /// An index beyond the end of its list.
    #[error("index {index} is beyond the end of a list of {len}")]
    BeyondEnd {
        /// Index asked for.
        index: usize,
        /// Elements there are.
        len: usize,
    },
    /// A key is asked of a list, or an index of a map.
    #[error("{step} is asked of {found}")]
    WrongKind {
        /// What was asked for.
        step: &'static str,
        /// What is there.
        found: &'static str,
    },
}

/// Applies `option`. A value in braces is a YAML map, anything else is text.
pub(crate) fn assign(root: &mut Node, option: &str) -> Result<(), AssignError> {
    let (key, value) = option.split_once('=').ok_or(AssignError::NoEquals)?;
    let content = if value.starts_with('{') && value.ends_with('}') {
        document::parse(value)?.content
    } else {
        Content::Scalar(value.to_owned())
    };
    let mut node = root;
    for step in path::parse(key)? {
        node = match step {
            Step::Key(key) => child(node, &key)?,
            Step::Index(index) => element(node, Some(index))?,
            Step::Append => element(node, None)?,
        };
    }
    *node = Node::new(content);
    Ok(())
}

/// The value of `key`, made when it is absent. Text on the way gives way to a map, as in Falco.
fn child<'a>(node: &'a mut Node, key: &str) -> Result<&'a mut Node, AssignError> {
    if matches!(node.content, Content::Null | Content::Scalar(_)) {
        node.content = Content::Map(Vec::new());
    }
    let found = node.kind();
    let Content::Map(entries) = &mut node.content else {
        return Err(AssignError::WrongKind { step: "a key", found });
    };
    let index = entries.iter().rposition(|(name, _)| name == key).unwrap_or_else(|| {
        entries.push((key.to_owned(), Node::new(Content::Null)));
        entries.len() - 1
    });
    let len = entries.len();
    entries.get_mut(index).map(|(_, node)| node).ok_or(AssignError::BeyondEnd { index, len })
}

/// Element `index`, which may be one past the end; `None` appends.
fn element(node: &mut Node, index: Option<usize>) -> Result<&mut Node, AssignError> {
    if matches!(node.content, Content::Null | Content::Scalar(_)) {
        node.content = Content::Sequence(Vec::new());
    }
    let found = node.kind();
    let Content::Sequence(items) = &mut node.content else {
        return Err(AssignError::WrongKind { step: "an index", found });
    };
    let len = items.len();
    let index = index.unwrap_or(len);
    if index == len {
        items.push(Node::new(Content::Null));
    }
    items.get_mut(index).ok_or(AssignError::BeyondEnd { index, len })
}
