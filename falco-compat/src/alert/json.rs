//! JSON as Falco writes it: keys sorted, nothing but what must be is escaped.

use std::io::Write as _;

use crate::{
    alert::{Alert, AlertOptions},
    calendar::write_iso8601,
    format::FieldValue,
};

/// Appends `alert` as an object.
pub(super) fn write_alert(alert: &Alert, options: AlertOptions, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"hostname\":");
    write_string(alert.hostname.as_bytes(), out);
    if options.include_message {
        write_key("message", out);
        write_string(&alert.message, out);
    }
    if options.include_output {
        let mut line = Vec::new();
        alert.write_text(options, &mut line);
        write_key("output", out);
        write_string(&line, out);
    }
    if options.include_output_fields {
        write_key("output_fields", out);
        write_fields(alert, options, out);
    }
    write_key("priority", out);
    write_string(alert.priority.as_bytes(), out);
    write_key("rule", out);
    write_string(alert.rule.as_bytes(), out);
    write_key("source", out);
    write_string(alert.source.as_bytes(), out);
    if options.include_tags {
        write_key("tags", out);
        write_list(alert.tags.iter().map(String::as_bytes), out);
    }
    write_key("time", out);
    out.push(b'"');
    write_iso8601(alert.time_ns, out);
    out.extend_from_slice(b"Z\"}");
}

/// Appends the fields and the time of the event among them.
fn write_fields(alert: &Alert, options: AlertOptions, out: &mut Vec<u8>) {
    let time_key = if options.iso_8601 { "evt.time.iso8601" } else { "evt.time" };
    let time = FieldValue::Uint(alert.time_ns);
    let own = alert.fields.iter().map(|(name, value)| (name.as_str(), value));
    let before = own.clone().filter(|(name, _)| *name < time_key);
    let after = own.filter(|(name, _)| *name > time_key);
    write_members(before.chain([(time_key, &time)]).chain(after), out);
}

/// Appends an object.
pub(super) fn write_members<'m>(
    members: impl Iterator<Item = (&'m str, &'m FieldValue)>,
    out: &mut Vec<u8>,
) {
    out.push(b'{');
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(name.as_bytes(), out);
        out.push(b':');
        write_value(value, out);
    }
    out.push(b'}');
}

/// Appends a comma and the name of a member.
pub(super) fn write_key(name: &str, out: &mut Vec<u8>) {
    out.push(b',');
    write_string(name.as_bytes(), out);
    out.push(b':');
}

/// Appends one value.
pub(crate) fn write_value(value: &FieldValue, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail.
    match value {
        FieldValue::Null => out.extend_from_slice(b"null"),
        FieldValue::Bool(flag) => drop(write!(out, "{flag}")),
        FieldValue::Int(number) => drop(write!(out, "{number}")),
        FieldValue::Uint(number) => drop(write!(out, "{number}")),
        FieldValue::Double(number) => write_double(*number, out),
        FieldValue::Text(text) => write_string(text, out),
        // A list of nothing was never made one.
        FieldValue::List(items) if items.is_empty() => out.extend_from_slice(b"null"),
        FieldValue::List(items) => write_list(items.iter().map(Vec::as_slice), out),
    }
}

fn write_list<'t>(items: impl Iterator<Item = &'t [u8]>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_string(item, out);
    }
    out.push(b']');
}

/// Appends a text; what is not UTF-8 becomes U+FFFD.
pub(super) fn write_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        let mut rest = chunk.valid().as_bytes();
        while let Some(at) = rest.iter().position(|&byte| is_escaped(byte)) {
            let (plain, special) = rest.split_at(at);
            out.extend_from_slice(plain);
            let Some((&byte, after)) = special.split_first() else { break };
            write_escape(byte, out);
            rest = after;
        }
        out.extend_from_slice(rest);
        if !chunk.invalid().is_empty() {
            out.extend_from_slice("\u{FFFD}".as_bytes());
        }
    }
    out.push(b'"');
}

fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn write_escape(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        0x08 => out.extend_from_slice(b"\\b"),
        0x0C => out.extend_from_slice(b"\\f"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        // Writing to a Vec cannot fail.
        _ => drop(write!(out, "\\u{byte:04x}")),
    }
}

/// Appends a number with the fewest digits that give it back: plain with at most 15 digits before
/// and four zeros behind the point, else with an exponent of at least two digits.
fn write_double(number: f64, out: &mut Vec<u8>) {
    if !number.is_finite() {
        out.extend_from_slice(b"null");
        return;
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..15).contains(&exponent) {
        let plain = format!("{number}");
        out.extend_from_slice(plain.as_bytes());
        if !plain.contains('.') {
            out.extend_from_slice(b".0");
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{digits}e{sign}{:02}", exponent.unsigned_abs());
    }
}
