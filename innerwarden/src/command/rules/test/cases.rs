//! A file of cases, read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::expectation::Expectation;
use crate::{
    document::{self, Entry, EntryError},
    exit::{Exit, Failure, OrExit as _},
    script::Script,
};

/// Keys of a case.
const KEYS: [&str; 7] = ["name", "rules", "options", "capture", "threads", "events", "expect"];

/// Rules, what happens, and the alerts that have to come of it.
#[derive(Debug)]
pub(super) struct Case {
    /// What it is about.
    pub(super) name: String,
    /// Line in the file of cases.
    pub(super) line: usize,
    /// Rules files and folders, in order.
    pub(super) rules: Vec<PathBuf>,
    /// Configuration keys, as `-o` takes them.
    pub(super) options: Vec<String>,
    /// What happens.
    pub(super) source: Source,
    /// Alerts in order; all of them.
    pub(super) expected: Vec<Expectation>,
}

/// What happens in a case.
#[derive(Debug)]
pub(super) enum Source {
    /// What a capture holds.
    Capture(PathBuf),
    /// Events written by hand.
    Script(Script),
}

/// Reads the cases of `file`. Paths in it are relative to its folder; `rules` and `options` at its top hold for
/// every case that has none of its own. Keys that begin with `x-` are for anchors.
pub(super) fn read(file: &Path) -> Result<Vec<Case>, Failure> {
    let name = || file.display().to_string();
    let text = fs::read_to_string(file)
        .or_exit_with(Exit::File, || format!("cannot read `{}`", name()))?;
    let root = document::parse(&text).or_exit_with(Exit::Cases, name)?;
    let folder = file.parent().unwrap_or(Path::new(""));
    read_root(&Entry::root(&root), folder).or_exit_with(Exit::Cases, name)
}

fn read_root(root: &Entry<'_>, folder: &Path) -> Result<Vec<Case>, EntryError> {
    for (key, entry) in root.map()? {
        if !matches!(key, "rules" | "options" | "cases") && !key.starts_with("x-") {
            return Err(entry.error("unknown key; known are rules, options, cases, x-…"));
        }
    }
    let rules = paths(root, folder)?;
    let options = texts(root, "options")?;
    root.required("cases")?
        .list()?
        .iter()
        .map(|entry| {
            let mut case = read_case(entry, folder)?;
            if entry.optional("rules").is_none() {
                case.rules.clone_from(&rules);
            }
            if case.rules.is_empty() {
                return Err(entry.error("needs `rules`, here or at the top of the file"));
            }
            if entry.optional("options").is_none() {
                case.options.clone_from(&options);
            }
            Ok(case)
        })
        .collect()
}

fn read_case(entry: &Entry<'_>, folder: &Path) -> Result<Case, EntryError> {
    entry.only(&KEYS)?;
    let source = match (entry.optional("capture"), entry.optional("events")) {
        (Some(capture), None) => Source::Capture(folder.join(capture.text()?)),
        (None, Some(_)) => Source::Script(Script::read(entry)?),
        (Some(_), Some(_)) => return Err(entry.error("has both `capture` and `events`")),
        (None, None) => return Err(entry.error("needs `capture` or `events`")),
    };
    let expected = entry.node().find("expect").map(|_| entry.optional("expect"));
    let expected = match expected {
        // `expect:` with nothing after it means: no alert.
        Some(None) => Vec::new(),
        Some(Some(list)) => Expectation::read_all(&list)?,
        None => return Err(entry.error("needs `expect`, which may be an empty list")),
    };
    Ok(Case {
        name: entry.required("name")?.text()?.to_owned(),
        line: entry.node().line,
        rules: paths(entry, folder)?,
        options: texts(entry, "options")?,
        source,
        expected,
    })
}

fn paths(entry: &Entry<'_>, folder: &Path) -> Result<Vec<PathBuf>, EntryError> {
    Ok(texts(entry, "rules")?.into_iter().map(|path| folder.join(path)).collect())
}

fn texts(entry: &Entry<'_>, key: &str) -> Result<Vec<String>, EntryError> {
    let Some(list) = entry.optional(key) else { return Ok(Vec::new()) };
    list.list_or_one()?.iter().map(|it| it.text().map(str::to_owned)).collect()
}
