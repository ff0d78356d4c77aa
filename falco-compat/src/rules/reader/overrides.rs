//! The `override` key: which other keys of the item append to or replace what is there.

use std::collections::BTreeSet;

use super::value::key_text;
use crate::rules::{
    issue::LoadError,
    location::{Context, ItemType},
    yaml::{Kind, Node},
};

/// The keys an item overrides.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    pub(super) append: BTreeSet<String>,
    pub(super) replace: BTreeSet<String>,
}

impl Overrides {
    /// Reads `override`; only the given keys may be appended to or replaced. Anything that is no
    /// map counts as absent.
    pub(super) fn read(
        item: Node<'_>,
        appendable: &[&str],
        replaceable: &[&str],
        context: &Context,
    ) -> Result<Self, LoadError> {
        let mut overrides = Self::default();
        let Some(value) = item.value_of("override") else { return Ok(overrides) };
        let file = context.root();
        if value.kind() == Kind::Sequence && value.elements().next().is_some() {
            let message = "invalid node; this may result from using a map iterator as a sequence \
                           iterator, or vice-versa";
            return Err(LoadError::validate(message, &file));
        }
        let at = context.at(item, ItemType::Overrides, "");
        for (key_node, operation_node) in value.pairs() {
            let key = key_text(key_node, &file)?;
            let operation = key_text(operation_node, &file)?;
            let can_append = appendable.contains(&key);
            let can_replace = replaceable.contains(&key);
            let at_key = at.at(key_node, ItemType::Overrides, key);
            match operation {
                "append" if can_append => {
                    overrides.append.insert(key.to_owned());
                }
                "append" => {
                    let message =
                        format!("Key '{key}' cannot be appended to, use 'replace' instead");
                    return Err(LoadError::structure(message, &at_key));
                }
                "replace" if can_replace => {
                    overrides.replace.insert(key.to_owned());
                }
                "replace" => {
                    let message = format!("Key '{key}' cannot be replaced");
                    return Err(LoadError::structure(message, &at_key));
                }
                _ => {
                    let at = at.at(operation_node, ItemType::ValueFor, key);
                    let allowed = [(can_append, "append "), (can_replace, "replace ")]
                        .map(|(can, word)| if can { word } else { "" })
                        .concat();
                    let message = format!(
                        "Invalid override operation for key '{key}': '{operation}'. Allowed \
                         values are: {allowed}"
                    );
                    return Err(LoadError::structure(message, &at));
                }
            }
        }
        Ok(overrides)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.append.is_empty() && self.replace.is_empty()
    }
}
