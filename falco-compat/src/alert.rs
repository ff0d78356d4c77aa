//! Alerts: what a rule says of an event, as a line of text or JSON.

mod internal;
mod json;
mod template;
#[cfg(test)]
mod tests;

use crate::{
    calendar::{DateTime, write_iso8601},
    format::FieldValue,
};

pub use internal::InternalAlert;
pub(crate) use json::write_value as write_json_value;
pub use template::{AlertTemplate, ExtraField};

/// An alert, detached from its event.
#[derive(Clone, Debug, PartialEq)]
pub struct Alert {
    /// When the event happened, nanoseconds since the Unix epoch.
    pub time_ns: u64,
    /// The rule.
    pub rule: String,
    /// Priority as Falco writes it: `Emergency` to `Debug`.
    pub priority: String,
    /// Event source: `syscall`, a plugin's, `internal`.
    pub source: String,
    /// Name of the host.
    pub hostname: String,
    /// Tags of the rule, sorted.
    pub tags: Vec<String>,
    /// What the rule says, its fields filled in. Not necessarily UTF-8.
    pub message: Vec<u8>,
    /// Fields of the output and extra fields, sorted by name; without `evt.time`.
    pub fields: Vec<(String, FieldValue)>,
    /// Seconds that local time is ahead of UTC.
    pub utc_offset_s: i32,
}

/// How alerts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are Falco's own switches")]
pub struct AlertOptions {
    /// `json_include_output_property`.
    pub include_output: bool,
    /// `json_include_tags_property`.
    pub include_tags: bool,
    /// `json_include_message_property`.
    pub include_message: bool,
    /// `json_include_output_fields_property`.
    pub include_output_fields: bool,
    /// `time_format_iso_8601`: times in UTC with date, not local times of day.
    pub iso_8601: bool,
}

impl Default for AlertOptions {
    fn default() -> Self {
        Self {
            include_output: true,
            include_tags: true,
            include_message: false,
            include_output_fields: true,
            iso_8601: false,
        }
    }
}

impl Alert {
    /// Appends the alert as a line of text, without the newline.
    pub fn write_text(&self, options: AlertOptions, out: &mut Vec<u8>) {
        if options.iso_8601 {
            write_iso8601(self.time_ns, out);
            out.extend_from_slice(b"+0000");
        } else {
            let time = DateTime::new(self.time_ns, self.utc_offset_s);
            time.write_time(out);
            time.write_fraction(out);
        }
        out.extend_from_slice(b": ");
        out.extend_from_slice(self.priority.as_bytes());
        out.push(b' ');
        out.extend_from_slice(&self.message);
    }

    /// Appends the alert as a JSON object in one line, without the newline.
    pub fn write_json(&self, options: AlertOptions, out: &mut Vec<u8>) {
        json::write_alert(self, options, out);
    }
}
