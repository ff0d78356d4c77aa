//! What the parts of an exception must be, and how exceptions are added to a rule.

use hashbrown::HashMap;

use crate::{
    condition::{Modifier, Operator, compile, parse},
    field::{FieldError, FieldRef},
    rules::{
        definition::{Entry, Exception, RuleInfo},
        issue::LoadError,
    },
};

/// Fills in the comparisons that may be left out: `in` for one field, `=` for each of several.
///
/// Falco forgets it when exceptions are replaced, and then crashes or rejects the condition.
pub(super) fn complete_comparisons(exception: &mut Exception) -> Result<(), LoadError> {
    if !exception.comparisons.is_given() {
        exception.comparisons = match &exception.fields {
            Entry::Item(_) => Entry::Item("in".to_owned()),
            Entry::List(fields) => {
                Entry::List(fields.iter().map(|_| Entry::Item("=".to_owned())).collect())
            }
        };
    }
    let fields = exception.fields.entries().len();
    if exception.fields.is_list() && fields != exception.comparisons.entries().len() {
        let message = "Fields and comps lists must have equal length";
        return Err(LoadError::validate(message, &exception.context));
    }
    Ok(())
}

/// Checks an exception and completes it; fields are only looked up if the rule's source is known.
pub(super) fn validate_exception(
    exception: &mut Exception,
    check_fields: bool,
) -> Result<(), LoadError> {
    complete_comparisons(exception)?;
    let error = |message: String| Err(LoadError::validate(message, &exception.context));
    match (&exception.fields, &mut exception.comparisons) {
        (Entry::Item(_), Entry::List(_)) => {
            return error("Fields and comps must both be strings".to_owned());
        }
        (Entry::Item(_), Entry::Item(comparison)) => {
            trim(comparison);
            let compares_lists = matches!(comparison.as_str(), "in" | "pmatch" | "intersects");
            if !compares_lists && !has_modifier(comparison) {
                let message = "When fields is a single value, comps must be one of (in, pmatch, \
                               intersects) or a modifier operator (e.g. startswith oneof)";
                return error(message.to_owned());
            }
        }
        (Entry::List(_), comparisons) => {
            let Entry::List(comparisons) = comparisons else { return Ok(()) };
            for comparison in comparisons {
                if let Entry::Item(text) = comparison {
                    trim(text);
                }
                let text = comparison.item();
                if Operator::from_text(text).is_none() && !has_modifier(text) {
                    return error(format!("'{text}' is not a supported comparison operator"));
                }
            }
        }
    }
    if !check_fields {
        return Ok(());
    }
    let fields = match &exception.fields {
        Entry::Item(_) => std::slice::from_ref(&exception.fields),
        Entry::List(fields) => fields,
    };
    for field in fields {
        check_field(field.item(), exception)?;
    }
    Ok(())
}

fn check_field(field: &str, exception: &Exception) -> Result<(), LoadError> {
    let known = if field.contains('(') {
        is_transformed_field(field)
    } else {
        match FieldRef::resolve(field) {
            Ok(_) => true,
            Err(FieldError::Nonexistent(_)) => false,
            // Falco reports these of the file as a whole.
            Err(error) => {
                let message = error.to_string();
                let file = exception.context.root();
                return Err(LoadError::validate(message, &file));
            }
        }
    };
    if known {
        return Ok(());
    }
    let message = format!("'{field}' is not a supported filter field");
    Err(LoadError::validate(message, &exception.context))
}

/// Whether `FIELD exists` is a valid condition.
fn is_transformed_field(field: &str) -> bool {
    parse(&format!("{field} exists")).is_ok_and(|tree| compile(&tree).is_ok())
}

/// Whether the text is an operator on one value made an operator on a list: `startswith oneof`.
pub(in crate::rules) fn has_modifier(text: &str) -> bool {
    let Some((operator, modifier)) = text.split_once(' ') else { return false };
    Operator::from_text(operator).is_some_and(Operator::takes_text)
        && Modifier::ALL.iter().any(|it| it.text() == modifier)
}

fn trim(text: &mut String) {
    let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

pub(super) fn append_exceptions(
    rule: &mut RuleInfo,
    exceptions: Vec<Exception>,
) -> Result<(), LoadError> {
    let mut slots: HashMap<String, usize> = HashMap::new();
    for (slot, exception) in rule.exceptions.iter().enumerate() {
        slots.entry_ref(exception.name.as_str()).or_insert(slot);
    }
    for mut exception in exceptions {
        let error = |message: &str| Err(LoadError::validate(message, &exception.context));
        let slot = slots.get(&exception.name).copied();
        let Some(previous) = slot.and_then(|slot| rule.exceptions.get_mut(slot)) else {
            if !exception.fields.is_given() {
                return error("Rule exception must have fields property with a list of fields");
            }
            if exception.values.is_empty() {
                return error("Rule exception must have values property with a list of values");
            }
            validate_exception(&mut exception, !rule.unknown_source)?;
            slots.insert(exception.name.clone(), rule.exceptions.len());
            rule.exceptions.push(exception);
            continue;
        };
        if exception.fields.is_given() {
            return error("Can not append exception fields to existing exception, only values");
        }
        if exception.comparisons.is_given() {
            return error("Can not append exception comps to existing exception, only values");
        }
        previous.values.extend(exception.values);
    }
    Ok(())
}
