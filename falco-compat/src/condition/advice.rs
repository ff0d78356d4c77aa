//! Warnings about constants that are probably meant as something else.

use super::ast::Position;
use super::compile::CompileWarning;
use super::operator::{Operator, Transformer};
use crate::field::{FieldError, FieldId, FieldRef};

/// Adds what is suspicious about `value` to `warnings`.
pub(super) fn add(
    operator: Operator,
    position: Position,
    value: &str,
    warnings: &mut Vec<CompileWarning>,
) {
    let mut warn = |message| warnings.push(CompileWarning { message, position });
    if operator == Operator::Regex && is_plain(value) {
        warn(format!(
            "regex check with '{value}' may be optimized with simpler operators such as '=', \
             'contains', 'startswith', 'endswith'"
        ));
    }
    let is_space = |character: char| matches!(character, '\t'..='\r' | ' ');
    let stripped = value.replace(is_space, "");
    // Rules have thousands of constants; every field's name begins with a letter and has a dot.
    let may_be_field = stripped.starts_with(|it: char| it.is_ascii_lowercase());
    let resolved = if may_be_field && stripped.contains('.') {
        FieldRef::resolve(&stripped)
    } else {
        Err(FieldError::Nonexistent(String::new()))
    };
    match resolved {
        // Which of these the configuration has is not known here.
        Ok(field) if matches!(field.id(), FieldId::Fixed(_)) => {}
        Ok(_) => warn(format!("'{value}' may be a valid field misused as a const string value")),
        Err(FieldError::Nonexistent(_)) => {}
        // What looks like a field with a wrong argument ends Falco's search for more.
        Err(_) => return,
    }
    for transformer in Transformer::ALL {
        let call = stripped.strip_prefix(transformer.text());
        if call.is_some_and(|call| call.starts_with('(') && call.ends_with(')') && call.len() >= 2)
        {
            warn(format!(
                "'{value}' may be a valid field transformer misused as a const string value"
            ));
        }
    }
}

/// Whether the pattern is a text with at most anchors and "anything" around it.
fn is_plain(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let last = bytes.len().wrapping_sub(1);
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let is_anchor = (index == 0 && byte == b'^') || (index == last && byte == b'$');
        let at_edge = (index == 0 && bytes.len() > 1) || index + 1 == last;
        let repeats = bytes.get(index + 1).is_some_and(|next| b"+*?".contains(next));
        if at_edge && byte == b'.' && repeats {
            index += 1;
        } else if !is_anchor && b".+*?^$()[]{}|\\".contains(&byte) {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(operator: Operator, value: &str, expected: &[&str]) {
        let mut warnings = Vec::new();
        add(operator, Position::START, value, &mut warnings);
        let messages: Vec<_> = warnings.into_iter().map(|warning| warning.message).collect();
        assert_eq!(messages, expected);
    }

    #[test]
    fn patterns_that_are_texts_are_noticed() {
        for pattern in ["a", ".*a", "a.*", "^a$", ".+a.?", ""] {
            assert!(is_plain(pattern), "{pattern}");
        }
        for pattern in ["a.b", "a|b", "a+", ".", "a.*b", "[a]"] {
            assert!(!is_plain(pattern), "{pattern}");
        }
    }

    #[test]
    fn fields_and_transformers_as_constants_are_noticed() {
        let field = "'proc.pname' may be a valid field misused as a const string value";
        check(Operator::Equal, "proc.pname", &[field]);
        let call = "'val( x )' may be a valid field transformer misused as a const string value";
        check(Operator::Equal, "val( x )", &[call]);
        check(Operator::Equal, "proc", &[]);
        check(Operator::Equal, "evt.arg.nosuch", &[]);
    }
}
