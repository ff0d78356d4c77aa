//! The exceptions of a rule.

use hashbrown::HashSet;

use super::{
    Kind, LoadError, Node, Reader, WarningCode,
    value::{missing, text},
};
use crate::rules::{
    definition::{Entry, Exception},
    location::{Context, ItemType},
};

/// Whether exceptions belong to a new definition or are added to an existing rule; then their
/// fields may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Define,
    Append,
}

/// Deepest lists in the parts of an exception. Deeper ones are empty texts to Falco, if at all.
const MAX_DEPTH: usize = 64;

/// Most texts in one part of an exception; aliases could multiply them without end.
const MAX_ENTRIES: usize = 1_000_000;

impl Reader<'_> {
    pub(super) fn exceptions(
        &mut self,
        item: Node<'_>,
        parent: &Context,
        purpose: Purpose,
    ) -> Result<Vec<Exception>, LoadError> {
        let mut exceptions = Vec::new();
        let mut names = HashSet::new();
        let Some(node) = item.value_of("exceptions").filter(|it| it.kind() != Kind::Null) else {
            return Ok(exceptions);
        };
        let at_all = parent.at(node, ItemType::Exceptions, "");
        if node.kind() != Kind::Sequence {
            return Err(LoadError::structure("Rule exceptions must be a sequence", &at_all));
        }
        for element in node.elements() {
            let unnamed = at_all.at(element, ItemType::Exception, "");
            if element.kind() != Kind::Map {
                return Err(LoadError::structure("Rule exception must be a mapping", &unnamed));
            }
            let name = text(element, "name", &unnamed)?;
            let context = parent.at(element, ItemType::Exception, name);
            if !names.insert(name) {
                let message =
                    format!("Multiple definitions of exception '{name}' in the same rule");
                self.result.warn(WarningCode::ExceptionNameNotUnique, message, &context);
            }
            exceptions.push(self.exception(element, name, context, purpose)?);
        }
        Ok(exceptions)
    }

    fn exception(
        &mut self,
        node: Node<'_>,
        name: &str,
        context: Context,
        purpose: Purpose,
    ) -> Result<Exception, LoadError> {
        let fields = match part(node, "fields", &context)? {
            None if purpose == Purpose::Define => return Err(missing("fields", &context)),
            fields => fields.unwrap_or_default(),
        };
        let comparisons = part(node, "comps", &context)?.unwrap_or_default();
        let mut values = Vec::new();
        if let Some(value_node) = node.value_of("values") {
            let at_values = context.at(value_node, ItemType::ExceptionValues, "");
            if value_node.kind() != Kind::Sequence {
                let message = "Rule exception values must be a sequence";
                return Err(LoadError::structure(message, &at_values));
            }
            let mut budget = MAX_ENTRIES;
            for value in value_node.elements() {
                let at_value = at_values.at(value, ItemType::ExceptionValue, "");
                let at_value = at_value.at(value, ItemType::ValueFor, "");
                values.push(entry(value, &at_value, MAX_DEPTH, &mut budget)?);
            }
        } else if purpose == Purpose::Append {
            let message = "Overriding/appending exception with no values";
            self.result.warn(WarningCode::AppendNoValues, message, &context);
        }
        Ok(Exception { context, name: name.to_owned(), fields, comparisons, values })
    }
}

fn part(node: Node<'_>, key: &str, context: &Context) -> Result<Option<Entry>, LoadError> {
    let Some(value) = node.value_of(key) else { return Ok(None) };
    let at = context.at(value, ItemType::ValueFor, key);
    entry(value, &at, MAX_DEPTH, &mut MAX_ENTRIES.clone()).map(Some)
}

/// A text or a list of entries; what is neither is an empty text.
fn entry(
    node: Node<'_>,
    context: &Context,
    depth: usize,
    budget: &mut usize,
) -> Result<Entry, LoadError> {
    let left = budget.checked_sub(1).filter(|_| depth > 0);
    *budget = left.ok_or_else(|| LoadError::structure("Value is too large", context))?;
    if let Some(text) = node.scalar() {
        if text.is_empty() {
            return Err(LoadError::structure("Value must be non-empty", context));
        }
        return Ok(Entry::Item(text.to_owned()));
    }
    if node.kind() != Kind::Sequence {
        return Ok(Entry::default());
    }
    let mut entries = Vec::new();
    for element in node.elements() {
        let at = context.at(element, ItemType::Exception, "");
        let at = at.at(element, ItemType::ValueFor, "");
        entries.push(entry(element, &at, depth - 1, budget)?);
    }
    Ok(Entry::List(entries))
}
