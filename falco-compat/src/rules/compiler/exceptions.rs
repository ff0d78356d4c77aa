//! Exceptions: composed into the text of the condition.

use std::collections::BTreeSet;

use super::lists::quoted;
use crate::{
    condition::Operator,
    rules::{
        collector::has_modifier,
        definition::{Entry, Exception},
        issue::LoadError,
    },
};

/// The condition with all exceptions, and the fields they look at.
pub(super) fn add_exceptions(
    condition: &str,
    exceptions: &[Exception],
) -> Result<(String, BTreeSet<String>), LoadError> {
    let mut text = format!("({condition})");
    let mut fields = BTreeSet::new();
    for exception in exceptions {
        let composed = match &exception.fields {
            Entry::Item(field) => single(field, exception, &mut fields)?,
            Entry::List(names) => tuples(names, exception, &mut fields)?,
        };
        if !composed.is_empty() {
            text.push_str(" and not ");
            text.push_str(&composed);
        }
    }
    Ok((text, fields))
}

/// `(field comparison (value, value))`, empty without values.
fn single(
    field: &str,
    exception: &Exception,
    fields: &mut BTreeSet<String>,
) -> Result<String, LoadError> {
    let mut values = Vec::new();
    for value in &exception.values {
        if value.is_list() {
            let message = "Expected values array to contain a list of strings";
            return Err(LoadError::validate(message, &exception.context));
        }
        values.push(quoted(value.item()));
    }
    if values.is_empty() {
        return Ok(String::new());
    }
    fields.insert(field.to_owned());
    Ok(format!("({field} {} ({}))", exception.comparisons.item(), values.join(", ")))
}

/// `((a = x and b = y) or (a = z and b = w))`, empty without values.
fn tuples(
    names: &[Entry],
    exception: &Exception,
    fields: &mut BTreeSet<String>,
) -> Result<String, LoadError> {
    let mut alternatives = Vec::new();
    for value in &exception.values {
        let values = value.entries();
        if values.len() != names.len() {
            let message = "Fields and values lists must have equal length";
            return Err(LoadError::validate(message, &exception.context));
        }
        let mut parts = Vec::new();
        let comparisons = exception.comparisons.entries();
        for ((name, comparison), value) in names.iter().zip(comparisons).zip(values) {
            let (name, comparison) = (name.item(), comparison.item());
            parts.push(format!(" {name} {comparison} {}", operand(comparison, value)));
            fields.insert(name.to_owned());
        }
        alternatives.push(format!("({})", parts.join(" and ")));
    }
    if alternatives.is_empty() {
        return Ok(String::new());
    }
    Ok(format!("({})", alternatives.join(" or ")))
}

fn operand(comparison: &str, value: &Entry) -> String {
    match value {
        Entry::List(items) => {
            // Falco takes what it has for nothing as long as it is empty.
            let mut text = String::new();
            for item in items {
                if !text.is_empty() {
                    text.push_str(", ");
                }
                text.push_str(&quoted(item.item()));
            }
            format!("({text})")
        }
        Entry::Item(item) => {
            let takes_list = Operator::from_text(comparison).is_some_and(Operator::takes_list)
                || has_modifier(comparison);
            match (takes_list, item.starts_with('(')) {
                (true, false) => format!("({item})"),
                (true, true) => item.clone(),
                (false, _) => quoted(item),
            }
        }
    }
}
