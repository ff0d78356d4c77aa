//! `rule` items with `override`: parts of an existing rule, appended to or replaced.

use std::collections::BTreeSet;

use super::{
    LoadError, Node, Overrides, Reader,
    exception::Purpose,
    rule::{priority, tags},
    value::{boolean, number, text},
};
use crate::rules::{
    definition::RuleUpdate,
    location::{Context, ItemType},
};

pub(super) const APPENDABLE: &[&str] = &["condition", "output", "desc", "tags", "exceptions"];
pub(super) const REPLACEABLE: &[&str] = &[
    "condition",
    "output",
    "desc",
    "priority",
    "capture",
    "capture_duration",
    "tags",
    "exceptions",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
];
/// What every rule item has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    pub(super) item: Node<'a>,
    pub(super) name: &'a str,
    /// Empty if not given.
    pub(super) source: &'a str,
    pub(super) context: &'a Context,
}

impl Reader<'_> {
    pub(super) fn override_rule(
        &mut self,
        head: &Head<'_>,
        overrides: &Overrides,
    ) -> Result<(), LoadError> {
        let Head { item, name, source, context } = *head;
        let keys = APPENDABLE.iter().chain(REPLACEABLE);
        let mut given = Given {
            keys: keys.copied().filter(|&key| item.value_of(key).is_some()).collect(),
            context,
        };
        if !overrides.append.is_empty() {
            let mut update = RuleUpdate::new(name, context);
            let mut takes = |key| given.take(key, &overrides.append, "append");
            if takes("condition")? {
                source.clone_into(&mut update.source);
                update.condition = Some(text(item, "condition", context)?.to_owned());
            }
            if takes("exceptions")? {
                update.exceptions = Some(self.exceptions(item, context, Purpose::Append)?);
            }
            if takes("output")? {
                update.output = Some(text(item, "output", context)?.to_owned());
            }
            if takes("desc")? {
                update.description = Some(text(item, "desc", context)?.to_owned());
            }
            if takes("tags")? {
                update.tags = Some(tags(item, context)?);
            }
            self.collector.append_rule(update)?;
        }
        if !overrides.replace.is_empty() {
            let mut update = RuleUpdate::new(name, context);
            let mut takes = |key| given.take(key, &overrides.replace, "replace");
            if takes("condition")? {
                source.clone_into(&mut update.source);
                update.condition = Some(text(item, "condition", context)?.to_owned());
            }
            if takes("exceptions")? {
                update.exceptions = Some(self.exceptions(item, context, Purpose::Define)?);
            }
            replacements(item, &mut update, context, &mut takes)?;
            self.collector.replace_in_rule(update)?;
        }
        // Falco keeps the keys in a sorted set and complains about the first.
        match given.keys.first() {
            None => Ok(()),
            Some(&key) => {
                let node = item.value_of(key).unwrap_or(item);
                let at = context.at(node, ItemType::Overrides, key);
                let message = format!(
                    "Unexpected key '{key}': no corresponding entry under 'override' is defined."
                );
                Err(LoadError::structure(message, &at))
            }
        }
    }
}

/// Fills in what may be replaced besides condition and exceptions.
fn replacements(
    item: Node<'_>,
    update: &mut RuleUpdate,
    context: &Context,
    takes: &mut dyn FnMut(&'static str) -> Result<bool, LoadError>,
) -> Result<(), LoadError> {
    if takes("output")? {
        update.output = Some(text(item, "output", context)?.to_owned());
    }
    if takes("desc")? {
        update.description = Some(text(item, "desc", context)?.to_owned());
    }
    if takes("tags")? {
        update.tags = Some(tags(item, context)?);
    }
    if takes("priority")? {
        update.priority = Some(priority(item, context)?);
    }
    if takes("capture")? {
        update.capture = Some(boolean(item, "capture", context)?);
    }
    if takes("capture_duration")? {
        update.capture_duration = Some(number(item, "capture_duration", context)?);
    }
    if takes("enabled")? {
        update.enabled = Some(boolean(item, "enabled", context)?);
    }
    if takes("warn_evttypes")? {
        update.warn_event_types = Some(boolean(item, "warn_evttypes", context)?);
    }
    if takes("skip-if-unknown-filter")? {
        update.skip_if_unknown_filter = Some(boolean(item, "skip-if-unknown-filter", context)?);
    }
    Ok(())
}

/// Keys that the item defines and that an override has not taken yet.
struct Given<'a> {
    keys: BTreeSet<&'static str>,
    context: &'a Context,
}

impl Given<'_> {
    /// Whether `key` is overridden; it must be defined, and may not be overridden twice.
    fn take(
        &mut self,
        key: &'static str,
        overridden: &BTreeSet<String>,
        operation: &str,
    ) -> Result<bool, LoadError> {
        if !overridden.contains(key) {
            return Ok(false);
        }
        if !self.keys.remove(key) {
            let message = format!(
                "An {operation} override for '{key}' was specified but '{key}' is not defined"
            );
            return Err(LoadError::structure(message, self.context));
        }
        Ok(true)
    }
}
