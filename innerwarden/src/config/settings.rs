//! The settings that apply to us, typed.

mod read;

use std::{collections::BTreeMap, path::PathBuf};

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
    /// `buffer_format_base64`. Default: false.
    pub(crate) buffer_format_base64: bool,
    /// `rule_matching`. Default: first.
    pub(crate) rule_matching: RuleMatching,
    /// `priority`: rules below it are not loaded. Default: debug.
    pub(crate) priority: Priority,
    /// `append_output`, in order. Default: none.
    pub(crate) append_output: Vec<AppendOutput>,
    /// `static_fields`, sorted by name as Falco does. Default: none.
    pub(crate) static_fields: BTreeMap<String, String>,
    /// `rules`: applied in order after all files are loaded. Default: none.
    pub(crate) rules: Vec<RuleSelection>,
    /// `rules_files`: files and directories, used when no `-r` is given. Default: none.
    pub(crate) rules_files: Vec<PathBuf>,
    /// `base_syscalls`: which syscalls live probes record. A replay ignores it. Default: Falco's.
    pub(crate) base_syscalls: BaseSyscalls,
}

/// What happens when several rules match one event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum RuleMatching {
    /// Only the first alerts.
    #[default]
    First,
    /// Every one alerts.
    All,
}

/// How grave an alert is; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    Emergency,
    Alert,
    Critical,
    Error,
    Warning,
    Notice,
    Informational,
    Debug,
}

/// Text and fields that are added to the alerts of some rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AppendOutput {
    /// `match.source`: only rules of this source.
    pub(crate) source: Option<String>,
    /// `match.tags`: only rules that have all of these.
    pub(crate) tags: Vec<String>,
    /// `match.rule`: only this rule.
    pub(crate) rule: Option<String>,
    /// `extra_output`.
    pub(crate) extra_output: Option<String>,
    /// `extra_fields`, in order.
    pub(crate) extra_fields: Vec<ExtraField>,
    /// `suggested_output`.
    pub(crate) suggested_output: bool,
}

/// A field that is added to `output_fields`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExtraField {
    /// A field under its own name, typed.
    Raw(String),
    /// A format under a key, always text.
    Formatted {
        /// Key in `output_fields`.
        key: String,
        /// Output format.
        format: String,
    },
}

/// Turns rules on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RuleSelection {
    /// Whether the rules are enabled; otherwise they are disabled.
    pub(crate) enable: bool,
    /// Rules whose name matches this pattern.
    pub(crate) rule: Option<String>,
    /// Rules that have this tag.
    pub(crate) tag: Option<String>,
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
            buffer_format_base64: false,
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
