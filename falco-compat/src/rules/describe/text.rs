//! The names and descriptions of rules in two columns, as `falco -L` prints them without JSON.

use std::fmt::Write as _;

use serde_json::Value;

const NAME_WIDTH: usize = 50;
const LINE_WIDTH: usize = 110;

/// Renders the `rules` of a description, one rule after the other.
pub fn describe_text(description: &Value) -> String {
    let mut text = String::new();
    columns(&mut text, "Rule", "Description");
    columns(&mut text, "----", "-----------");
    let rules = description.get("rules").and_then(Value::as_array);
    for rule in rules.into_iter().flatten() {
        let field = |name| rule.pointer(name).and_then(Value::as_str).unwrap_or_default();
        columns(&mut text, field("/info/name"), &(wrap(field("/info/description")) + "\n"));
    }
    text
}

fn columns(text: &mut String, left: &str, right: &str) {
    // Writing to a String cannot fail.
    _ = writeln!(text, "{left:<NAME_WIDTH$} {right}");
}

/// Breaks a text into lines that stand in the right column.
fn wrap(text: &str) -> String {
    const INDENT: usize = NAME_WIDTH + 1;
    let mut wrapped = String::new();
    let mut length = 0;
    for word in text.split_ascii_whitespace() {
        if length + word.len() < LINE_WIDTH - INDENT {
            length += word.len() + 1;
        } else {
            _ = write!(wrapped, "\n{:INDENT$}", "");
            length = word.len() + 1;
        }
        wrapped.push_str(word);
        wrapped.push(' ');
    }
    wrapped
}
