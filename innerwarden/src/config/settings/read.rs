//! Settings from a document.

use std::{collections::BTreeMap, path::PathBuf};

use super::{
    AppendOutput, BaseSyscalls, ExtraField, Priority, RuleMatching, RuleSelection, Settings,
};
use crate::document::{Entry, EntryError, Node};

impl Settings {
    /// Reads the keys that apply; absent ones keep their defaults.
    pub(crate) fn from_document(root: &Node) -> Result<Self, EntryError> {
        let root = Entry::root(root);
        root.map()?;
        let default = Self::default();
        Ok(Self {
            json_output: flag(&root, "json_output", default.json_output)?,
            json_include_output: flag(
                &root,
                "json_include_output_property",
                default.json_include_output,
            )?,
            json_include_message: flag(
                &root,
                "json_include_message_property",
                default.json_include_message,
            )?,
            json_include_output_fields: flag(
                &root,
                "json_include_output_fields_property",
                default.json_include_output_fields,
            )?,
            json_include_tags: flag(
                &root,
                "json_include_tags_property",
                default.json_include_tags,
            )?,
            time_format_iso_8601: flag(
                &root,
                "time_format_iso_8601",
                default.time_format_iso_8601,
            )?,
            buffer_format_base64: flag(
                &root,
                "buffer_format_base64",
                default.buffer_format_base64,
            )?,
            rule_matching: root
                .optional("rule_matching")
                .map_or(Ok(default.rule_matching), |it| rule_matching(&it))?,
            priority: root.optional("priority").map_or(Ok(default.priority), |it| priority(&it))?,
            append_output: items(&root, "append_output", append_output)?,
            static_fields: static_fields(&root)?,
            rules: items(&root, "rules", rule_selection)?,
            rules_files: rules_files(&root)?,
            base_syscalls: base_syscalls(&root)?,
        })
    }
}

fn flag(root: &Entry<'_>, key: &str, default: bool) -> Result<bool, EntryError> {
    root.optional(key).map_or(Ok(default), |entry| entry.bool())
}

fn items<T>(
    root: &Entry<'_>,
    key: &str,
    item: impl Fn(&Entry<'_>) -> Result<T, EntryError>,
) -> Result<Vec<T>, EntryError> {
    match root.optional(key) {
        Some(entry) => entry.list()?.iter().map(item).collect(),
        None => Ok(Vec::new()),
    }
}

fn texts(root: &Entry<'_>, key: &str) -> Result<Vec<String>, EntryError> {
    match root.optional(key) {
        Some(entry) => entry.list_or_one()?.iter().map(|it| it.text().map(str::to_owned)).collect(),
        None => Ok(Vec::new()),
    }
}

fn text(root: &Entry<'_>, key: &str) -> Result<Option<String>, EntryError> {
    root.optional(key).map(|it| it.text().map(str::to_owned)).transpose()
}

fn rule_matching(entry: &Entry<'_>) -> Result<RuleMatching, EntryError> {
    match entry.text()? {
        "first" => Ok(RuleMatching::First),
        "all" => Ok(RuleMatching::All),
        _ => Err(entry.expected("`first` or `all`")),
    }
}

fn priority(entry: &Entry<'_>) -> Result<Priority, EntryError> {
    match entry.text()?.to_ascii_lowercase().as_str() {
        "emergency" => Ok(Priority::Emergency),
        "alert" => Ok(Priority::Alert),
        "critical" => Ok(Priority::Critical),
        "error" => Ok(Priority::Error),
        "warning" => Ok(Priority::Warning),
        "notice" => Ok(Priority::Notice),
        "informational" | "info" => Ok(Priority::Informational),
        "debug" => Ok(Priority::Debug),
        _ => Err(entry.expected(
            "a priority (emergency, alert, critical, error, warning, notice, informational, debug)",
        )),
    }
}

fn append_output(entry: &Entry<'_>) -> Result<AppendOutput, EntryError> {
    entry.only(&["match", "extra_output", "extra_fields", "suggested_output"])?;
    let mut appended = AppendOutput {
        extra_output: text(entry, "extra_output")?,
        extra_fields: items(entry, "extra_fields", extra_field)?,
        suggested_output: flag(entry, "suggested_output", false)?,
        ..AppendOutput::default()
    };
    if let Some(wanted) = entry.optional("match") {
        wanted.only(&["source", "tags", "rule"])?;
        appended.source = text(&wanted, "source")?;
        appended.tags = texts(&wanted, "tags")?;
        appended.rule = text(&wanted, "rule")?;
    }
    Ok(appended)
}

fn extra_field(entry: &Entry<'_>) -> Result<ExtraField, EntryError> {
    let wanted = "a field or one `key: format`";
    if let Ok(field) = entry.text() {
        return Ok(ExtraField::Raw(field.to_owned()));
    }
    match entry.map().map_err(|_| entry.expected(wanted))?.as_slice() {
        [(key, format)] => {
            Ok(ExtraField::Formatted { key: (*key).to_owned(), format: format.text()?.to_owned() })
        }
        _ => Err(entry.expected(wanted)),
    }
}

fn static_fields(root: &Entry<'_>) -> Result<BTreeMap<String, String>, EntryError> {
    let Some(entry) = root.optional("static_fields") else { return Ok(BTreeMap::new()) };
    entry
        .map()?
        .into_iter()
        .map(|(key, value)| Ok((key.to_owned(), value.text()?.to_owned())))
        .collect()
}

fn rule_selection(entry: &Entry<'_>) -> Result<RuleSelection, EntryError> {
    entry.only(&["enable", "disable"])?;
    // `enable` wins where both are given, as in Falco.
    let (enable, chosen) = match (entry.optional("enable"), entry.optional("disable")) {
        (Some(chosen), _) => (true, chosen),
        (None, Some(chosen)) => (false, chosen),
        (None, None) => return Err(entry.error("needs `enable` or `disable`")),
    };
    chosen.only(&["rule", "tag"])?;
    let selection =
        RuleSelection { enable, rule: text(&chosen, "rule")?, tag: text(&chosen, "tag")? };
    if selection.rule.is_none() && selection.tag.is_none() {
        return Err(chosen.error("needs `rule` or `tag`"));
    }
    Ok(selection)
}

fn rules_files(root: &Entry<'_>) -> Result<Vec<PathBuf>, EntryError> {
    if let (Some(_), Some(old)) = (root.optional("rules_files"), root.optional("rules_file")) {
        return Err(old.error("is the old name of `rules_files`; both are given"));
    }
    let mut files = texts(root, "rules_files")?;
    files.extend(texts(root, "rules_file")?);
    Ok(files.into_iter().map(PathBuf::from).collect())
}

fn base_syscalls(root: &Entry<'_>) -> Result<BaseSyscalls, EntryError> {
    let Some(entry) = root.optional("base_syscalls") else { return Ok(BaseSyscalls::default()) };
    entry.only(&["custom_set", "repair", "all"])?;
    Ok(BaseSyscalls {
        custom_set: texts(&entry, "custom_set")?,
        repair: flag(&entry, "repair", false)?,
        all: flag(&entry, "all", false)?,
    })
}
