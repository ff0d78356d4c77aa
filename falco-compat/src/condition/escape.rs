//! Quoting of values: how quoted text is read and how values are printed.

use std::borrow::Cow;

/// `value` as the canonical form prints it: bare, or in double quotes with escapes when it holds a
/// blank, a quote, a backslash or an equals sign.
pub fn escape(value: &str) -> Cow<'_, str> {
    const SPECIAL: [char; 10] = ['\u{8}', '\u{c}', '\n', '\r', '\t', ' ', '=', '\\', '"', '\''];
    if !value.contains(SPECIAL) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len() + 8);
    out.push('"');
    for character in value.chars() {
        match character {
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            other => out.push(other),
        }
    }
    out.push('"');
    Cow::Owned(out)
}

/// The meaning of what stood between two quotes of the kind `quote`.
pub(super) fn unescape(quoted: &str, quote: char) -> Result<String, String> {
    let mut out = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let Some(escaped) = characters.next() else { break };
        match escaped {
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            // An escaped blank is a backslash: wrongly escaped rules of old rely on it.
            ' ' | '\\' => out.push('\\'),
            '/' => out.push('/'),
            '"' if quote != '"' => return Err("invalid \\\" escape in '-quoted string".to_owned()),
            '\'' if quote != '\'' => {
                return Err("invalid \\' escape in \"-quoted string".to_owned());
            }
            '"' | '\'' => out.push(escaped),
            other => return Err(format!("unsupported string escape sequence: \\{other}")),
        }
    }
    Ok(out)
}
