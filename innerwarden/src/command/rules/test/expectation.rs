//! What a case says of one alert.

use std::fmt;

use serde_json::Value;

use crate::document::{Content, Entry, EntryError};

/// Keys of an expected alert.
const KEYS: [&str; 8] =
    ["rule", "priority", "source", "time", "tags", "output", "contains", "fields"];

/// What must be true of one alert; what is not said may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Expectation {
    /// Name of the rule.
    pub(super) rule: String,
    /// Values of keys of the JSON alert, as text.
    texts: Vec<(&'static str, String)>,
    /// All tags, in any order.
    tags: Option<Vec<String>>,
    /// Parts of the output.
    contains: Vec<String>,
    /// Values in `output_fields`, as text; `None` for null.
    fields: Vec<(String, Option<String>)>,
}

impl Expectation {
    /// Reads a list of names of rules and of maps; `count: n` in a map stands for n equal alerts.
    pub(super) fn read_all(list: &Entry<'_>) -> Result<Vec<Self>, EntryError> {
        let mut expectations = Vec::new();
        for entry in list.list()? {
            let count = entry.optional("count").map_or(Ok(1), |it| it.number::<u16>())?;
            let expectation = Self::read(&entry)?;
            expectations.extend(std::iter::repeat_n(expectation, usize::from(count)));
        }
        Ok(expectations)
    }

    fn read(entry: &Entry<'_>) -> Result<Self, EntryError> {
        if let Ok(rule) = entry.text() {
            return Ok(Self { rule: rule.to_owned(), ..Self::default() });
        }
        entry.only(&[&KEYS[..], &["count"]].concat())?;
        let mut expectation =
            Self { rule: entry.required("rule")?.text()?.to_owned(), ..Self::default() };
        for key in ["priority", "source", "time", "output"] {
            if let Some(value) = entry.optional(key) {
                expectation.texts.push((key, value.text()?.to_owned()));
            }
        }
        let texts = |list: Entry<'_>| -> Result<Vec<String>, EntryError> {
            list.list_or_one()?.iter().map(|it| it.text().map(str::to_owned)).collect()
        };
        expectation.tags = entry.optional("tags").map(texts).transpose()?;
        expectation.contains =
            entry.optional("contains").map(texts).transpose()?.unwrap_or_default();
        if let Some(fields) = entry.optional("fields") {
            for (name, value) in fields.map()? {
                let value = match value.node().content {
                    Content::Null => None,
                    _ => Some(value.text()?.to_owned()),
                };
                expectation.fields.push((name.to_owned(), value));
            }
        }
        Ok(expectation)
    }

    /// What `alert` lacks; `None` when it is as expected.
    pub(super) fn difference(&self, alert: &Value) -> Option<Difference> {
        let found = |key: &str| alert.get(key).map(shown).unwrap_or_default();
        let differs = |what: &str, expected: &str, found: String| {
            Some(Difference { what: what.to_owned(), expected: expected.to_owned(), found })
        };
        if found("rule") != self.rule {
            return differs("rule", &self.rule, found("rule"));
        }
        for (key, expected) in &self.texts {
            if found(key) != *expected {
                return differs(key, expected, found(key));
            }
        }
        if let Some(tags) = &self.tags {
            let mut expected = tags.clone();
            expected.sort();
            let mut actual: Vec<_> = alert
                .get("tags")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(shown)
                .collect();
            actual.sort();
            if expected != actual {
                return differs("tags", &expected.join(", "), actual.join(", "));
            }
        }
        if let Some(part) = self.contains.iter().find(|part| !found("output").contains(*part)) {
            return differs("output contains", part, found("output"));
        }
        for (name, expected) in &self.fields {
            let value = alert.get("output_fields").and_then(|fields| fields.get(name));
            let actual = value.filter(|it| !it.is_null()).map(shown);
            if actual != *expected {
                let shown = |it: &Option<String>| it.clone().unwrap_or_else(|| "null".to_owned());
                return differs(name, &shown(expected), shown(&actual));
            }
        }
        None
    }
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    what: String,
    expected: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected `{}`, found `{}`", self.what, self.expected, self.found)
    }
}

/// A JSON value as text: what a person would write in YAML.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
