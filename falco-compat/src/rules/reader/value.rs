//! Typed values out of untyped nodes, with Falco's messages for what is wrong with them.

use crate::rules::{
    issue::LoadError,
    location::{Context, ItemType},
    yaml::{Kind, Node},
};

/// The context of the value of `key`, which is there.
pub(super) fn context_of(
    item: Node<'_>,
    key: &str,
    item_type: ItemType,
    context: &Context,
) -> Context {
    context.at(item.value_of(key).unwrap_or(item), item_type, "")
}

/// A text that must be there and not empty.
pub(super) fn text<'n>(item: Node<'n>, key: &str, context: &Context) -> Result<&'n str, LoadError> {
    optional_text(item, key, context)?.ok_or_else(|| missing(key, context))
}

/// A text that must not be empty if it is there.
pub(super) fn optional_text<'n>(
    item: Node<'n>,
    key: &str,
    context: &Context,
) -> Result<Option<&'n str>, LoadError> {
    let Some(value) = item.value_of(key) else { return Ok(None) };
    if value.kind() == Kind::Null {
        return Err(LoadError::structure(format!("Mapping for key '{key}' is empty"), context));
    }
    let at = context.at(value, ItemType::ValueFor, key);
    match value.scalar() {
        None => Err(LoadError::structure("Value is not a scalar value", &at)),
        Some("") => Err(LoadError::structure("Value must be non-empty", &at)),
        text => Ok(text),
    }
}

/// A text that may be left empty.
pub(super) fn lenient_text<'n>(
    item: Node<'n>,
    key: &str,
    context: &Context,
) -> Result<&'n str, LoadError> {
    let is_empty =
        |value: &Node<'_>| value.kind() == Kind::Null || value.scalar().is_some_and(str::is_empty);
    if item.value_of(key).as_ref().is_none_or(is_empty) {
        return Ok("");
    }
    Ok(optional_text(item, key, context)?.unwrap_or_default())
}

/// A boolean that must be there.
pub(super) fn boolean(item: Node<'_>, key: &str, context: &Context) -> Result<bool, LoadError> {
    optional_bool(item, key, context)?.ok_or_else(|| missing(key, context))
}

/// A boolean.
pub(super) fn optional_bool(
    item: Node<'_>,
    key: &str,
    context: &Context,
) -> Result<Option<bool>, LoadError> {
    optional(item, key, context, parse_bool)
}

/// A number that must be there.
pub(super) fn number(item: Node<'_>, key: &str, context: &Context) -> Result<u32, LoadError> {
    optional_number(item, key, context)?.ok_or_else(|| missing(key, context))
}

/// A number.
pub(super) fn optional_number(
    item: Node<'_>,
    key: &str,
    context: &Context,
) -> Result<Option<u32>, LoadError> {
    optional(item, key, context, parse_u32)
}

fn optional<T>(
    item: Node<'_>,
    key: &str,
    context: &Context,
    parse: fn(&str) -> Option<T>,
) -> Result<Option<T>, LoadError> {
    let Some(text) = optional_text(item, key, context)? else { return Ok(None) };
    let Some(value) = parse(text) else {
        let at = context.at(item.value_of(key).unwrap_or(item), ItemType::ValueFor, key);
        return Err(LoadError::structure("Can't decode YAML scalar value", &at));
    };
    Ok(Some(value))
}

/// Texts that must be there; they may be empty, and there may be none.
pub(super) fn sequence(
    item: Node<'_>,
    key: &str,
    context: &Context,
) -> Result<Vec<String>, LoadError> {
    optional_sequence(item, key, context)?.ok_or_else(|| missing(key, context))
}

/// Texts.
pub(super) fn optional_sequence(
    item: Node<'_>,
    key: &str,
    context: &Context,
) -> Result<Option<Vec<String>>, LoadError> {
    let Some(value) = item.value_of(key) else { return Ok(None) };
    let at = context.at(value, ItemType::ValueFor, key);
    if value.kind() != Kind::Sequence {
        return Err(LoadError::structure("Value is not a sequence", &at));
    }
    let mut texts = Vec::new();
    for element in value.elements() {
        let Some(text) = element.scalar() else {
            let at = at.at(element, ItemType::ListItem, "");
            return Err(LoadError::structure("sequence value is not scalar", &at));
        };
        texts.push(text.to_owned());
    }
    Ok(Some(texts))
}

/// The text of a key. Falco reports keys that are no texts of the file as a whole.
pub(super) fn key_text<'n>(key: Node<'n>, file: &Context) -> Result<&'n str, LoadError> {
    key.text_or_null().map_err(|error| LoadError::validate(error.to_string(), file))
}

pub(super) fn missing(key: &str, context: &Context) -> LoadError {
    LoadError::structure(format!("Item has no mapping for key '{key}'"), context)
}

/// The booleans of YAML 1.1, in lower case, upper case or capitalized.
fn parse_bool(text: &str) -> Option<bool> {
    let rest = text.get(1..).unwrap_or_default();
    let lower = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let upper = |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase());
    let capitalized =
        text.starts_with(|first: char| first.is_ascii_uppercase()) && (lower(rest) || upper(rest));
    if !lower(text) && !capitalized {
        return None;
    }
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "true" | "on" => Some(true),
        "n" | "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// A number as C++ streams read it: `0x` is hexadecimal, a leading 0 octal, blanks may follow.
pub(super) fn parse_u32(text: &str) -> Option<u32> {
    let text = text.trim_end_matches(|it: char| it.is_ascii_whitespace() || it == '\u{b}');
    let digits = text.strip_prefix('+').unwrap_or(text);
    if digits.starts_with(['+', '-']) {
        return None;
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        let unsigned = !hexadecimal.starts_with('+');
        return u32::from_str_radix(hexadecimal, 16).ok().filter(|_| unsigned);
    }
    match digits.strip_prefix('0') {
        Some("") => Some(0),
        Some(octal) if !octal.starts_with('+') => u32::from_str_radix(octal, 8).ok(),
        Some(_) => None,
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_streams_read_them() {
        for (text, expected) in [
            ("26", Some(26)),
            ("0x1a", Some(26)),
            ("032", Some(26)),
            ("+5", Some(5)),
            ("5 ", Some(5)),
            ("0", Some(0)),
            ("08", None),
            ("-5", None),
            ("5s", None),
            ("0.5", None),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
            ("", None),
            ("+", None),
            ("0x", None),
        ] {
            assert_eq!(parse_u32(text), expected, "{text:?}");
        }
    }

    #[test]
    fn booleans_have_many_names() {
        for text in ["true", "True", "TRUE", "y", "Y", "yes", "on", "ON"] {
            assert_eq!(parse_bool(text), Some(true), "{text:?}");
        }
        for text in ["false", "n", "No", "OFF"] {
            assert_eq!(parse_bool(text), Some(false), "{text:?}");
        }
        for text in ["yEs", "tRUE", "0", "1", "maybe", "", "é"] {
            assert_eq!(parse_bool(text), None, "{text:?}");
        }
    }
}
