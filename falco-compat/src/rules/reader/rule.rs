//! `rule` items: definitions, appends, overrides, and switching rules on and off.

use std::collections::BTreeSet;

use super::{
    APPEND_AND_OVERRIDE, APPEND_DEPRECATED, LoadError, Node, Overrides, Reader, WarningCode,
    exception::Purpose,
    value::{
        boolean, context_of, lenient_text, number, optional_bool, optional_number,
        optional_sequence, optional_text, text,
    },
};
use crate::rules::{
    Priority,
    definition::{RuleFlags, RuleInfo, RuleUpdate, SYSCALL_SOURCE},
    location::{Context, ItemType},
};

const APPENDABLE: &[&str] = &["condition", "output", "desc", "tags", "exceptions"];
const REPLACEABLE: &[&str] = &[
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
const KNOWN: &[&str] = &[
    "rule",
    "condition",
    "output",
    "desc",
    "priority",
    "source",
    "enabled",
    "capture",
    "capture_duration",
    "warn_evttypes",
    "skip-if-unknown-filter",
    "tags",
    "exceptions",
    "override",
    "append",
];
const ENABLED_ALONE: &str = "The standalone 'enabled' key usage is deprecated. The correct \
                             approach requires also a 'replace' entry under the 'override' key \
                             (i.e. 'enabled: replace').";

impl Reader<'_> {
    pub(super) fn rule(&mut self, item: Node<'_>) -> Result<(), LoadError> {
        let name = text(item, "rule", &self.file.at(item, ItemType::Rule, ""))?;
        let context = self.file.at(item, ItemType::Rule, name);
        let source = lenient_text(item, "source", &context)?;
        let append = optional_bool(item, "append", &context)?.unwrap_or(false);
        if append {
            self.result.warn(WarningCode::DeprecatedItem, APPEND_DEPRECATED, &context);
        }
        let overrides = Overrides::read(item, APPENDABLE, REPLACEABLE, &context)?;
        if append && !overrides.is_empty() {
            return Err(LoadError::structure(APPEND_AND_OVERRIDE, &context));
        }
        let has = |key| item.value_of(key).is_some();
        if !overrides.is_empty() {
            self.override_rule(item, name, source, &overrides, &context)?;
        } else if append {
            let mut update = RuleUpdate::new(name, &context);
            source.clone_into(&mut update.source);
            if has("condition") {
                update.condition = Some(text(item, "condition", &context)?.to_owned());
            }
            if has("exceptions") {
                update.exceptions = Some(self.exceptions(item, &context, Purpose::Append)?);
            }
            self.collector.append_rule(update)?;
        } else if ["condition", "output", "desc", "priority"].into_iter().any(has) {
            let rule = self.definition(item, name, &context)?;
            self.collector.define_rule(rule, self.result)?;
        } else {
            let enabled = boolean(item, "enabled", &context)?;
            self.result.warn(WarningCode::DeprecatedItem, ENABLED_ALONE, &context);
            self.collector.enable_rule(name, enabled, &context)?;
        }
        self.warn_unknown_keys(item, KNOWN, &context)
    }

    fn definition(
        &mut self,
        item: Node<'_>,
        name: &str,
        context: &Context,
    ) -> Result<RuleInfo, LoadError> {
        let condition = text(item, "condition", context)?.to_owned();
        let output = text(item, "output", context)?;
        let output = output.trim_matches(|it: char| it.is_ascii_whitespace() || it == '\u{b}');
        let description = text(item, "desc", context)?.to_owned();
        let priority = priority(item, context)?;
        let source = optional_text(item, "source", context)?.unwrap_or(SYSCALL_SOURCE).to_owned();
        let defaults = RuleFlags::default();
        let enabled = optional_bool(item, "enabled", context)?;
        let capture = optional_bool(item, "capture", context)?;
        let capture_duration = optional_number(item, "capture_duration", context)?.unwrap_or(0);
        let warn_event_types = optional_bool(item, "warn_evttypes", context)?;
        let skip_if_unknown_filter = optional_bool(item, "skip-if-unknown-filter", context)?;
        let flags = RuleFlags {
            enabled: enabled.unwrap_or(defaults.enabled),
            capture: capture.unwrap_or(defaults.capture),
            warn_event_types: warn_event_types.unwrap_or(defaults.warn_event_types),
            skip_if_unknown_filter: skip_if_unknown_filter
                .unwrap_or(defaults.skip_if_unknown_filter),
        };
        let tags = tags(item, context)?;
        let exceptions = self.exceptions(item, context, Purpose::Define)?;
        Ok(RuleInfo {
            context: context.clone(),
            condition_context: context_of(item, "condition", ItemType::RuleCondition, context),
            output_context: context_of(item, "output", ItemType::RuleOutput, context),
            name: name.to_owned(),
            source,
            condition,
            output: output.to_owned(),
            description,
            priority,
            tags,
            exceptions,
            flags,
            capture_duration,
            unknown_source: false,
        })
    }

    fn override_rule(
        &mut self,
        item: Node<'_>,
        name: &str,
        source: &str,
        overrides: &Overrides,
        context: &Context,
    ) -> Result<(), LoadError> {
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

fn priority(item: Node<'_>, context: &Context) -> Result<Priority, LoadError> {
    Priority::parse(text(item, "priority", context)?).ok_or_else(|| {
        let at = context_of(item, "priority", ItemType::RulePriority, context);
        LoadError::structure("Invalid priority", &at)
    })
}

fn tags(item: Node<'_>, context: &Context) -> Result<BTreeSet<String>, LoadError> {
    Ok(optional_sequence(item, "tags", context)?.into_iter().flatten().collect())
}
