//! Settings from a document.

use std::{collections::BTreeMap, path::PathBuf};

use falco_compat::{
    engine::RuleMatching,
    rules::{AddedField, OutputAddition, Priority, Selection, Selector},
};

use super::{BaseSyscalls, Settings};
use crate::{
    agent::Buffers,
    document::{Entry, EntryError, Node},
};

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
            buffers: if flag(&root, "buffer_format_base64", false)? {
                Buffers::Base64
            } else {
                Buffers::Text
            },
            rule_matching: root
                .optional("rule_matching")
                .map_or(Ok(default.rule_matching), |it| rule_matching(&it))?,
            priority: root.optional("priority").map_or(Ok(default.priority), |it| priority(&it))?,
            append_output: items(&root, "append_output", append_output)?,
            static_fields: static_fields(&root)?,
            rules: rule_selections(&root)?,
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
    Priority::parse(entry.text()?).ok_or_else(|| {
        let names = Priority::ALL.map(|it| it.text().to_lowercase()).join(", ");
        entry.expected(&format!("a priority ({names})"))
    })
}

fn append_output(entry: &Entry<'_>) -> Result<OutputAddition, EntryError> {
    entry.only(&["match", "extra_output", "extra_fields", "suggested_output"])?;
    let mut addition = OutputAddition {
        output: text(entry, "extra_output")?,
        fields: items(entry, "extra_fields", extra_field)?,
        suggested: flag(entry, "suggested_output", false)?,
        ..OutputAddition::default()
    };
    if let Some(wanted) = entry.optional("match") {
        wanted.only(&["source", "tags", "rule"])?;
        addition.source = text(&wanted, "source")?;
        addition.tags = texts(&wanted, "tags")?.into_iter().collect();
        addition.rule = text(&wanted, "rule")?;
    }
    Ok(addition)
}

fn extra_field(entry: &Entry<'_>) -> Result<AddedField, EntryError> {
    let wanted = "a field or one `key: format`";
    if let Ok(field) = entry.text() {
        return Ok(AddedField::Raw(field.to_owned()));
    }
    match entry.map().map_err(|_| entry.expected(wanted))?.as_slice() {
        [(key, format)] => {
            Ok(AddedField::Formatted { key: (*key).to_owned(), format: format.text()?.to_owned() })
        }
        _ => Err(entry.expected(wanted)),
    }
}

fn static_fields(root: &Entry<'_>) -> Result<BTreeMap<String, String>, EntryError> {
    let Some(entry) = root.optional("static_fields") else { return Ok(BTreeMap::new()) };
    let one = |(key, value): (&str, Entry<'_>)| Ok((key.to_owned(), value.text()?.to_owned()));
    entry.map()?.into_iter().map(one).collect()
}

fn rule_selections(root: &Entry<'_>) -> Result<Vec<Selection>, EntryError> {
    Ok(items(root, "rules", rule_selection)?.concat())
}

/// One entry, which may name a rule and a tag.
fn rule_selection(entry: &Entry<'_>) -> Result<Vec<Selection>, EntryError> {
    entry.only(&["enable", "disable"])?;
    // `enable` wins where both are given, as in Falco.
    let (enable, chosen) = match (entry.optional("enable"), entry.optional("disable")) {
        (Some(chosen), _) => (true, chosen),
        (None, Some(chosen)) => (false, chosen),
        (None, None) => return Err(entry.error("needs `enable` or `disable`")),
    };
    chosen.only(&["rule", "tag"])?;
    let selectors =
        [text(&chosen, "rule")?.map(Selector::Rule), text(&chosen, "tag")?.map(Selector::Tag)];
    let selections: Vec<_> =
        selectors.into_iter().flatten().map(|selector| Selection { enable, selector }).collect();
    if selections.is_empty() { Err(chosen.error("needs `rule` or `tag`")) } else { Ok(selections) }
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
