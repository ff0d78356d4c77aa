//! Rules as the engine runs them.

use std::{collections::BTreeSet, sync::Arc};

use event::EventType;
use hashbrown::HashMap;

use super::{CompiledMacro, Compiler, condition::Macros, exceptions::add_exceptions};
use crate::{
    alert::AlertTemplate,
    condition::{Condition, EventTypeSet, Expr, MacroTable},
    rules::{
        Priority,
        definition::RuleInfo,
        issue::{LoadError, WarningCode},
    },
};

/// A rule that loaded.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: Arc<str>,
    /// Where its events come from.
    pub source: Arc<str>,
    /// What it is for.
    pub description: String,
    /// How urgent its alerts are.
    pub priority: Priority,
    /// Its tags.
    pub tags: BTreeSet<String>,
    /// Whether a match starts a recording.
    pub capture: bool,
    /// How long to record, in milliseconds; 0 means the configured default.
    pub capture_duration_ms: u32,
    /// Whether it is in force: the file says so, unless a later selection changes it.
    pub enabled: bool,
    /// The condition with exceptions, lists and macros in it.
    pub tree: Arc<Expr>,
    /// The same, as it is evaluated.
    pub condition: Arc<Condition>,
    /// The types of events it is evaluated for.
    pub event_types: EventTypeSet,
    /// The fields its exceptions look at.
    pub exception_fields: BTreeSet<String>,
    /// The text of its output with what the configuration adds.
    pub output: String,
    /// Fields that only JSON shows: name, template, and whether the value keeps its type.
    pub extra_fields: Vec<(String, String, bool)>,
    /// The output, compiled.
    pub template: AlertTemplate,
}

/// Most event types a condition may match before its cost is worth a warning.
const MANY_EVENT_TYPES: usize = 100;

impl Compiler<'_> {
    pub(super) fn rules(&mut self, macros: &[CompiledMacro]) -> Result<Vec<Rule>, LoadError> {
        let mut table = MacroTable::new();
        let mut by_name = HashMap::new();
        for compiled in macros {
            table.define(&compiled.name, Arc::clone(&compiled.condition));
            by_name.insert(compiled.name.as_str(), &compiled.condition);
        }
        let macros = Macros { table, by_name };
        let collector = self.collector;
        let mut rules = Vec::new();
        for info in collector.rules.iter().filter(|info| !info.item.unknown_source) {
            rules.extend(self.rule(&info.item, &macros)?);
        }
        Ok(rules)
    }

    fn rule(&mut self, info: &RuleInfo, macros: &Macros<'_>) -> Result<Option<Rule>, LoadError> {
        let (condition, exception_fields) = if info.exceptions.is_empty() {
            (info.condition.clone(), BTreeSet::new())
        } else {
            add_exceptions(&info.condition, &info.exceptions)?
        };
        let Some(output) = self.output(info)? else { return Ok(None) };
        let Some(compiled) = self.condition(info, &condition, macros)? else { return Ok(None) };
        let mut types = compiled.event_types;
        let too_many = types.is_empty() || types.len() > MANY_EVENT_TYPES;
        if too_many && info.flags.warn_event_types {
            let message = "Rule matches too many evt.type values. This has a significant \
                           performance penalty.";
            self.result.warn(WarningCode::NoEventType, message, &info.context);
        }
        types.insert(EventType::AsynceventE);
        let rule = Rule {
            name: Arc::clone(&output.template.rule),
            source: Arc::clone(&output.template.source),
            description: info.description.clone(),
            priority: info.priority,
            tags: info.tags.clone(),
            capture: info.flags.capture,
            capture_duration_ms: info.capture_duration,
            enabled: info.flags.enabled,
            tree: Arc::clone(&compiled.resolved),
            condition: Arc::clone(&compiled.condition),
            event_types: types,
            exception_fields,
            output: output.text,
            extra_fields: output.extra_fields,
            template: output.template,
        };
        self.new.rules.insert(info.name.clone(), compiled);
        Ok(Some(rule))
    }
}
