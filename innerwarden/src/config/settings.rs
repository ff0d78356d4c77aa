//! The settings that apply to us, typed.

mod read;

use std::{collections::BTreeMap, path::PathBuf};

use falco_compat::{
    alert::AlertOptions,
    engine::RuleMatching,
    rules::{self, OutputAddition, Priority, Selection},
};

use crate::agent::{Buffers, Presentation};

/// Falco's configuration as far as it concerns us.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of Falco's configuration")]
pub(crate) struct Settings {
    /// `json_output`: alerts (and reports) as JSON. Default: false.
    pub(crate) json_output: bool,
    /// `json_include_output_property`. Default: true.
    pub(crate) json_include_output: bool,
    /// `json_include_message_property`. Default: false.
    pub(crate) json_include_message: bool,
    /// `json_include_output_fields_property`. Default: true.
    pub(crate) json_include_output_fields: bool,
    /// `json_include_tags_property`. Default: true.
    pub(crate) json_include_tags: bool,
    /// `time_format_iso_8601`. Default: false.
    pub(crate) time_format_iso_8601: bool,
    /// `buffer_format_base64`. Default: as text.
    pub(crate) buffers: Buffers,
    /// `rule_matching`. Default: first.
    pub(crate) rule_matching: RuleMatching,
    /// `priority`: rules below it are not loaded. Default: debug.
    pub(crate) priority: Priority,
    /// `append_output`, in order. Default: none.
    pub(crate) append_output: Vec<OutputAddition>,
    /// `static_fields`, sorted by name as Falco does. Default: none.
    pub(crate) static_fields: BTreeMap<String, String>,
    /// `rules`: applied in order after all files are loaded. Default: none.
    pub(crate) rules: Vec<Selection>,
    /// `rules_files`: files and directories, used when no `-r` is given. Default: none.
    pub(crate) rules_files: Vec<PathBuf>,
    /// `base_syscalls`: which syscalls live probes record. A replay ignores it. Default: Falco's.
    pub(crate) base_syscalls: BaseSyscalls,
}

/// Which syscalls a live engine records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BaseSyscalls {
    /// `custom_set`: names, with `!` in front to leave one out.
    pub(crate) custom_set: Vec<String>,
    /// `repair`.
    pub(crate) repair: bool,
    /// `all`.
    pub(crate) all: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            json_output: false,
            json_include_output: true,
            json_include_message: false,
            json_include_output_fields: true,
            json_include_tags: true,
            time_format_iso_8601: false,
            buffers: Buffers::Text,
            rule_matching: RuleMatching::First,
            priority: Priority::Debug,
            append_output: Vec::new(),
            static_fields: BTreeMap::new(),
            rules: Vec::new(),
            rules_files: Vec::new(),
            base_syscalls: BaseSyscalls::default(),
        }
    }
}

impl Settings {
    /// How alerts are written.
    pub(crate) fn alert_options(&self) -> AlertOptions {
        AlertOptions {
            include_output: self.json_include_output,
            include_tags: self.json_include_tags,
            include_message: self.json_include_message,
            include_output_fields: self.json_include_output_fields,
            iso_8601: self.time_format_iso_8601,
        }
    }

    /// How the agent shows itself.
    pub(crate) fn presentation(&self) -> Presentation {
        Presentation { buffers: self.buffers, static_fields: self.static_fields.clone() }
    }

    /// How rules are loaded.
    pub(crate) fn loading(&self) -> rules::Settings {
        let additions = self.append_output.iter().flat_map(|addition| {
            let fixed =
                if addition.suggested { self.static_additions(addition) } else { Vec::new() };
            fixed.into_iter().chain([addition.clone()])
        });
        rules::Settings {
            min_priority: self.priority,
            additions: additions.collect(),
            static_fields: self.static_fields.keys().cloned().collect(),
            ..rules::Settings::default()
        }
    }

    /// What `static_fields` add where fields are suggested: to Falco they are fields that suggest themselves.
    fn static_additions(&self, suggesting: &OutputAddition) -> Vec<OutputAddition> {
        let addition = |key: &String| OutputAddition {
            output: Some(format!("static_{}=%static.{key}", key.replace('.', "_"))),
            fields: Vec::new(),
            suggested: false,
            ..suggesting.clone()
        };
        self.static_fields.keys().map(addition).collect()
    }
}
