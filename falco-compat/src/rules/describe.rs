//! Lists, macros and rules in detail, as `falco -L` and `falco -l RULE` print them in JSON.
//!
//! Falco prints what it keeps in hashed sets in no order; here it is sorted.

mod text;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    collector::Collector,
    compiler::{Compiled, CompiledList, CompiledMacro, Rule},
    definition::{Entry, Exception, ListInfo, MacroInfo, RuleInfo, SYSCALL_SOURCE},
};
use crate::{
    condition::{Details, DetailsError, EventTypeError, Expr, ParseError, event_names, parse},
    field::{CLASSES, FieldRef},
};
pub use text::describe_text;

/// Why rules cannot be described. Falco fails for the same reasons, though less gently.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DescribeError {
    /// No file has been loaded.
    #[error("rules must be loaded before describing them")]
    NothingLoaded,
    /// There is no such rule, or its source is not known.
    #[error("Rule \"{0}\" is not loaded")]
    UnknownRule(String),
    /// A condition is not valid before its lists are replaced.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// A condition has a check without a field.
    #[error(transparent)]
    Details(#[from] DetailsError),
    /// The event types of a condition cannot be computed.
    #[error(transparent)]
    EventTypes(#[from] EventTypeError),
}

pub(crate) fn describe(collector: &Collector, compiled: &Compiled) -> Result<Value, DescribeError> {
    let lists: Vec<_> = compiled
        .lists
        .iter()
        .filter_map(|list| Some(list_json(list, &collector.lists.get(&list.name)?.item)))
        .collect();
    let mut macros = Vec::new();
    for it in &compiled.macros {
        if let Some(info) = collector.macros.get(&it.name) {
            macros.push(macro_json(collector, it, &info.item)?);
        }
    }
    let mut rules = Vec::new();
    for rule in &compiled.rules {
        if let Some(info) = collector.rules.get(&rule.name) {
            rules.push(rule_json(collector, rule, &info.item)?);
        }
    }
    let plugins: Vec<_> = collector
        .plugins
        .iter()
        .filter_map(|requirement| {
            let (first, others) = requirement.split_first()?;
            let others: Vec<_> =
                others.iter().map(|it| json!({ "name": it.name, "version": it.version })).collect();
            Some(json!({ "alternatives": others, "name": first.name, "version": first.version }))
        })
        .collect();
    Ok(json!({
        "lists": lists,
        "macros": macros,
        "required_engine_version": collector.engine_version.to_string(),
        "required_plugin_versions": plugins,
        "rules": rules,
    }))
}

pub(crate) fn describe_rule(
    collector: &Collector,
    compiled: &Compiled,
    name: &str,
) -> Result<Value, DescribeError> {
    let info = collector.rules.get(name).filter(|info| !info.item.unknown_source);
    let rule = compiled.rules.iter().find(|rule| &*rule.name == name);
    let (Some(info), Some(rule)) = (info, rule) else {
        return Err(DescribeError::UnknownRule(name.to_owned()));
    };
    Ok(json!({ "rules": [rule_json(collector, rule, &info.item)?] }))
}

fn list_json(list: &CompiledList, info: &ListInfo) -> Value {
    let compiled: BTreeSet<_> = list.items.iter().collect();
    let (items, lists): (Vec<_>, Vec<_>) =
        info.items.iter().partition(|item| compiled.contains(item));
    let lists: BTreeSet<_> = lists.into_iter().collect();
    json!({
        "details": {
            "items_compiled": list.items,
            "lists": lists,
            "plugins": [],
            "used": list.used,
        },
        "info": { "items": items, "name": list.name },
    })
}

fn macro_json(
    collector: &Collector,
    compiled: &CompiledMacro,
    info: &MacroInfo,
) -> Result<Value, DescribeError> {
    let written = details(collector, &parse(&info.condition)?)?;
    let resolved = details(collector, &compiled.condition)?;
    Ok(json!({
        "details": {
            "condition_compiled": compiled.condition.to_string(),
            "condition_fields": resolved.fields,
            "condition_operators": resolved.operators,
            "events": event_names(&compiled.condition)?,
            "lists": written.lists,
            "macros": written.macros,
            "plugins": [],
            "used": compiled.used,
        },
        "info": { "condition": info.condition, "name": compiled.name },
    }))
}

fn rule_json(collector: &Collector, rule: &Rule, info: &RuleInfo) -> Result<Value, DescribeError> {
    let written = details(collector, &parse(&info.condition)?)?;
    let resolved = details(collector, &rule.tree)?;
    let extra = rule.extra_fields.iter();
    let mut output_fields: Vec<_> = extra.clone().map(|(_, format, _)| format.as_str()).collect();
    output_fields.extend(rule.template.output.mentions().map(FieldRef::text));
    let formatted: Map<String, Value> = extra
        .filter(|(_, _, raw)| !raw)
        .map(|(name, format, _)| (name.clone(), Value::from(format.as_str())))
        .collect();
    let plugins = plugins(&rule.source, &resolved, &output_fields);
    let names: BTreeSet<_> = info.exceptions.iter().map(|it| it.name.as_str()).collect();
    let mut object = json!({
        "details": {
            "condition_compiled": rule.tree.to_string(),
            "condition_fields": resolved.fields,
            "condition_operators": resolved.operators,
            "events": event_names(&rule.tree)?,
            "exception_fields": rule.exception_fields,
            "exception_names": names,
            "exception_operators": exception_operators(&info.exceptions),
        },
        "info": {
            "capture": rule.capture,
            "capture_duration": rule.capture_duration_ms,
            "condition": info.condition,
            "description": rule.description,
            "enabled": info.flags.enabled,
            "name": &*rule.name,
            "output": info.output,
            "priority": rule.priority.text(),
            "source": &*rule.source,
            "tags": info.tags,
        },
    });
    if let Some(details) = object.get_mut("details").and_then(Value::as_object_mut) {
        if !formatted.is_empty() {
            details.insert("extra_output_formatted_fields".to_owned(), Value::Object(formatted));
        }
        details.insert("lists".to_owned(), json!(written.lists));
        details.insert("macros".to_owned(), json!(written.macros));
        details.insert("output_compiled".to_owned(), json!(rule.output));
        details.insert("output_fields".to_owned(), json!(output_fields));
        details.insert("plugins".to_owned(), json!(plugins));
    }
    Ok(object)
}

fn details(collector: &Collector, expr: &Expr) -> Result<Details, DetailsError> {
    let is_list = |name: &str| collector.lists.get(name).is_some();
    let is_macro = |name: &str| collector.macros.get(name).is_some();
    Details::of(expr, &is_list, &is_macro)
}

fn exception_operators(exceptions: &[Exception]) -> BTreeSet<&str> {
    let mut operators = BTreeSet::new();
    for exception in exceptions {
        let comparisons = &exception.comparisons;
        if !comparisons.is_list() {
            operators.insert(comparisons.item());
        }
        for comparison in comparisons.entries() {
            if comparison.is_list() {
                operators.extend(comparison.entries().iter().map(Entry::item));
            } else {
                operators.insert(comparison.item());
            }
        }
    }
    operators
}

/// The plugins that Falco would need for a rule: the container plugin or none.
fn plugins(source: &str, details: &Details, output_fields: &[&str]) -> Vec<&'static str> {
    const PLUGIN: &str = "container";
    let names = details.fields.iter().map(String::as_str).chain(output_fields.iter().copied());
    let is_used = source == SYSCALL_SOURCE
        && (names.map(field_name).any(is_container_field)
            || ["container", "container_removed"]
                .iter()
                .any(|name| details.event_names.contains(*name)));
    if is_used { vec![PLUGIN] } else { Vec::new() }
}

/// A field without its argument.
fn field_name(field: &str) -> &str {
    field.split_once('[').map_or(field, |(name, _)| name)
}

fn is_container_field(name: &str) -> bool {
    let classes = CLASSES.iter().filter(|class| class.name == "container");
    classes.flat_map(|class| class.fields).any(|field| field.name == name)
}
