//! Alerts that the agent raises about itself: drops, metrics, limits.

use std::io::Write as _;

use crate::{
    alert::json::{write_key, write_members, write_string, write_value},
    calendar::{DateTime, write_iso8601},
    format::FieldValue,
};

/// An alert of source `internal`. It has no tags, and its output no prefix in JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct InternalAlert {
    /// When, nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// For example `Falco internal: syscall event drop`.
    pub rule: String,
    /// Priority as Falco writes it.
    pub priority: String,
    /// Name of the host.
    pub hostname: String,
    /// What happened.
    pub message: String,
    /// Its figures, sorted by name.
    pub fields: Vec<(String, FieldValue)>,
    /// Seconds that local time is ahead of UTC.
    pub utc_offset_s: i32,
}

impl InternalAlert {
    /// Appends the alert as a line of text, without the newline: the fields follow in parentheses.
    pub fn write_text(&self, out: &mut Vec<u8>) {
        let time = DateTime::new(self.time_ns, self.utc_offset_s);
        time.write_time(out);
        time.write_fraction(out);
        // Writing to a Vec cannot fail.
        let _ = write!(out, ": {} {} (", self.priority, self.message);
        for (index, (name, value)) in self.fields.iter().enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(name.as_bytes());
            out.push(b'=');
            write_value(value, out);
        }
        out.push(b')');
    }

    /// Appends the alert as a JSON object in one line, without the newline.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"hostname\":");
        write_string(self.hostname.as_bytes(), out);
        write_key("output", out);
        write_string(self.message.as_bytes(), out);
        write_key("output_fields", out);
        write_members(self.fields.iter().map(|(name, value)| (name.as_str(), value)), out);
        for (name, text) in
            [("priority", &*self.priority), ("rule", &self.rule), ("source", "internal")]
        {
            write_key(name, out);
            write_string(text.as_bytes(), out);
        }
        write_key("time", out);
        out.push(b'"');
        write_iso8601(self.time_ns, out);
        out.extend_from_slice(b"Z\"}");
    }
}
