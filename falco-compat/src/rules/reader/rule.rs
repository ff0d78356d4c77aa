//! `rule` items: definitions, appends, and switching rules on and off.

use std::collections::BTreeSet;

use super::{
    APPEND_AND_OVERRIDE, APPEND_DEPRECATED, LoadError, Node, Overrides, Reader, WarningCode,
    exception::Purpose,
    update::{APPENDABLE, Head, REPLACEABLE},
    value::{
        boolean, context_of, lenient_text, optional_bool, optional_number, optional_sequence,
        optional_text, text,
    },
};
use crate::rules::{
    Priority,
    definition::{RuleFlags, RuleInfo, RuleUpdate, SYSCALL_SOURCE},
    location::{Context, ItemType},
};

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
            self.override_rule(&Head { item, name, source, context: &context }, &overrides)?;
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
}

pub(super) fn priority(item: Node<'_>, context: &Context) -> Result<Priority, LoadError> {
    Priority::parse(text(item, "priority", context)?).ok_or_else(|| {
        let at = context_of(item, "priority", ItemType::RulePriority, context);
        LoadError::structure("Invalid priority", &at)
    })
}

pub(super) fn tags(item: Node<'_>, context: &Context) -> Result<BTreeSet<String>, LoadError> {
    Ok(optional_sequence(item, "tags", context)?.into_iter().flatten().collect())
}
