//! Puts the items of all files together: definitions, redefinitions, appends and replacements.

mod exceptions;

use std::collections::HashSet;

use super::{
    Version,
    definition::{
        ListInfo, MacroInfo, Named, PluginRequirement, RuleInfo, RuleUpdate, SYSCALL_SOURCE,
    },
    issue::{LoadError, WarningCode},
    location::Context,
    report::LoadResult,
};
pub(in crate::rules) use exceptions::has_modifier;
use exceptions::{append_exceptions, complete_comparisons, validate_exception};

/// Everything defined so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Collector {
    /// Items seen; the position of the next one.
    position: usize,
    pub(crate) rules: Named<RuleInfo>,
    pub(crate) macros: Named<MacroInfo>,
    pub(crate) lists: Named<ListInfo>,
    /// The highest version asked for.
    pub(crate) engine_version: Version,
    /// Of each requirement, the plugins that satisfy it.
    pub(crate) plugins: Vec<Vec<PluginRequirement>>,
}

impl Collector {
    fn next_position(&mut self) -> usize {
        self.position += 1;
        self.position - 1
    }

    pub(crate) fn require_engine(
        &mut self,
        version: Version,
        context: &Context,
    ) -> Result<(), LoadError> {
        let engine = Version::ENGINE;
        if !engine.satisfies(version) {
            let message =
                format!("Rules require engine version {version}, but engine version is {engine}");
            return Err(LoadError::validate(message, context));
        }
        self.engine_version = self.engine_version.max(version);
        Ok(())
    }

    pub(crate) fn require_plugin(
        &mut self,
        alternatives: Vec<PluginRequirement>,
        context: &Context,
    ) -> Result<(), LoadError> {
        let mut names = HashSet::new();
        for PluginRequirement { name, version } in &alternatives {
            let problem = if Version::parse(version).is_none() {
                format!("Invalid required version '{version}' for plugin '{name}'")
            } else if !names.insert(name) {
                format!("Defined multiple alternative version requirements for plugin '{name}'")
            } else {
                continue;
            };
            return Err(LoadError::validate(problem, context));
        }
        self.plugins.push(alternatives);
        Ok(())
    }

    pub(crate) fn define_list(&mut self, list: ListInfo) {
        let position = self.next_position();
        let name = list.name.clone();
        self.lists.define(&name, list, position);
    }

    pub(crate) fn append_list(&mut self, list: ListInfo) -> Result<(), LoadError> {
        const MISSING: &str = "List uses 'append' or 'override.items: append' but no list by that \
                               name already exists";
        let position = self.next_position();
        let Some(previous) = self.lists.get_mut(&list.name) else {
            return Err(LoadError::validate(MISSING, &list.context));
        };
        previous.item.items.extend(list.items);
        previous.visibility = position;
        Ok(())
    }

    pub(crate) fn define_macro(&mut self, definition: MacroInfo) {
        let position = self.next_position();
        let name = definition.name.clone();
        self.macros.define(&name, definition, position);
    }

    pub(crate) fn append_macro(&mut self, addition: &MacroInfo) -> Result<(), LoadError> {
        const MISSING: &str = "Macro uses 'append' or 'override.condition: append' but no macro by \
                               that name already exists";
        let position = self.next_position();
        let Some(previous) = self.macros.get_mut(&addition.name) else {
            return Err(LoadError::validate(MISSING, &addition.context));
        };
        append_text(&mut previous.item.condition, &addition.condition);
        previous.visibility = position;
        Ok(())
    }

    pub(crate) fn define_rule(
        &mut self,
        mut rule: RuleInfo,
        result: &mut LoadResult,
    ) -> Result<(), LoadError> {
        self.check_source(&rule.name, &rule.source, &rule.context)?;
        if rule.source != SYSCALL_SOURCE {
            rule.unknown_source = true;
            let message = format!("Unknown source {}, skipping", rule.source);
            result.warn(WarningCode::UnknownSource, message, &rule.context);
        }
        for exception in &mut rule.exceptions {
            if !exception.fields.is_given() {
                let message = "Rule exception item must have fields property with a list of fields";
                return Err(LoadError::validate(message, &exception.context));
            }
            validate_exception(exception, !rule.unknown_source)?;
        }
        let position = self.next_position();
        let name = rule.name.clone();
        self.rules.define(&name, rule, position);
        Ok(())
    }

    /// A rule may not change its source.
    fn check_source(&self, name: &str, source: &str, context: &Context) -> Result<(), LoadError> {
        match self.rules.get(name) {
            Some(previous)
                if !previous.item.source.is_empty()
                    && !source.is_empty()
                    && previous.item.source != source =>
            {
                let message = "Rule has been re-defined with a different source";
                Err(LoadError::validate(message, context))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn append_rule(&mut self, update: RuleUpdate) -> Result<(), LoadError> {
        const MISSING: &str = "Rule uses 'append' or 'override.<key>: append' but no rule by that \
                               name already exists";
        self.check_source(&update.name, &update.source, &update.context)?;
        let position = self.position;
        let Some(previous) = self.rules.get_mut(&update.name) else {
            return Err(LoadError::validate(MISSING, &update.context));
        };
        if !update.has_any_value() {
            let message = "Appended rule must have exceptions or condition property";
            return Err(LoadError::validate(message, &update.context));
        }
        let rule = &mut previous.item;
        for (text, addition) in [
            (&mut rule.condition, update.condition),
            (&mut rule.output, update.output),
            (&mut rule.description, update.description),
        ] {
            if let Some(addition) = addition.filter(|it| !it.is_empty()) {
                append_text(text, &addition);
            }
        }
        rule.tags.extend(update.tags.into_iter().flatten());
        append_exceptions(rule, update.exceptions.unwrap_or_default())?;
        previous.visibility = position;
        self.position += 1;
        Ok(())
    }

    pub(crate) fn replace_in_rule(&mut self, update: RuleUpdate) -> Result<(), LoadError> {
        const MISSING: &str = "An 'override.<key>: replace' to a rule was requested but no rule by \
                               that name already exists";
        self.check_source(&update.name, &update.source, &update.context)?;
        let position = self.position;
        let Some(previous) = self.rules.get_mut(&update.name) else {
            return Err(LoadError::validate(MISSING, &update.context));
        };
        if !update.has_any_value() {
            let message = "The rule must have at least one field that can be replaced";
            return Err(LoadError::validate(message, &update.context));
        }
        let rule = &mut previous.item;
        replace(&mut rule.condition, update.condition);
        replace(&mut rule.output, update.output);
        replace(&mut rule.description, update.description);
        replace(&mut rule.tags, update.tags);
        if let Some(mut exceptions) = update.exceptions {
            exceptions.iter_mut().try_for_each(complete_comparisons)?;
            rule.exceptions = exceptions;
        }
        replace(&mut rule.priority, update.priority);
        replace(&mut rule.flags.capture, update.capture);
        replace(&mut rule.capture_duration, update.capture_duration);
        replace(&mut rule.flags.enabled, update.enabled);
        replace(&mut rule.flags.warn_event_types, update.warn_event_types);
        replace(&mut rule.flags.skip_if_unknown_filter, update.skip_if_unknown_filter);
        previous.visibility = position;
        self.position += 1;
        Ok(())
    }

    /// Switches an existing rule on or off.
    pub(crate) fn enable_rule(
        &mut self,
        name: &str,
        enabled: bool,
        context: &Context,
    ) -> Result<(), LoadError> {
        let Some(previous) = self.rules.get_mut(name) else {
            let message = "Rule has 'enabled' key but no rule by that name already exists";
            return Err(LoadError::validate(message, context));
        };
        previous.item.flags.enabled = enabled;
        Ok(())
    }
}

fn append_text(text: &mut String, addition: &str) {
    text.push(' ');
    text.push_str(addition);
}

fn replace<T>(old: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *old = new;
    }
}
