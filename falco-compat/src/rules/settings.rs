//! What configuration changes about loading rules.

use std::collections::BTreeSet;

use super::Priority;
use crate::field::{CLASSES, FieldFlags};

/// How rules are loaded.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Less urgent rules are checked but not in force. Default: all are in force.
    pub min_priority: Priority,
    /// What is added to the output of rules, in order.
    pub additions: Vec<OutputAddition>,
    /// Names of `static_fields`: what may stand behind `static.`.
    pub static_fields: BTreeSet<String>,
    /// Plugins whose function is built in, with the version that they stand for.
    pub plugins: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            min_priority: Priority::Debug,
            additions: Vec::new(),
            static_fields: BTreeSet::new(),
            plugins: vec![("container".to_owned(), "0.7.1".to_owned())],
        }
    }
}

/// An entry of `append_output`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputAddition {
    /// Only rules of this source; `None` for all.
    pub source: Option<String>,
    /// Only rules that have all of these tags.
    pub tags: BTreeSet<String>,
    /// Only this rule; `None` for all.
    pub rule: Option<String>,
    /// Appended to the output, with a blank before it.
    pub output: Option<String>,
    /// Append every field that is worth it, as `name=%name`.
    pub suggested: bool,
    /// Fields that only JSON shows.
    pub fields: Vec<AddedField>,
}

/// A field that only JSON shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddedField {
    /// The typed value of the field of this name.
    Raw(String),
    /// Text.
    Formatted {
        /// Its name.
        key: String,
        /// Its template.
        format: String,
    },
}

impl OutputAddition {
    pub(super) fn applies(&self, rule: &str, source: &str, tags: &BTreeSet<String>) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted.as_deref().is_none_or(|it| it.is_empty() || it == value)
        };
        is(&self.source, source) && is(&self.rule, rule) && tags.is_superset(&self.tags)
    }

    /// Appends what this adds to the text of an output.
    pub(super) fn extend(&self, output: &mut String) {
        if let Some(addition) = self.output.as_deref().filter(|it| !it.is_empty()) {
            output.push(' ');
            output.push_str(addition);
        }
        if !self.suggested {
            return;
        }
        for field in CLASSES.iter().flat_map(|class| class.fields) {
            if field.flags.contains(FieldFlags::SUGGESTED) {
                output.push(' ');
                output.push_str(&field.name.replace('.', "_"));
                output.push_str("=%");
                output.push_str(field.name);
            }
        }
    }
}
