//! `config_files`: further configuration files, merged key by key.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::settings::Settings;
use crate::{
    document::{Content, Entry, EntryError, Node},
    exit::{Exit, Failure, OrExit as _},
};

/// What becomes of a key that is already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strategy {
    /// Lists are continued, everything else is replaced.
    Append,
    /// It is replaced.
    Override,
    /// It stays.
    AddOnly,
}

/// Merges the files and folders that `config_files` of `root` names, each read by `read`. What does not exist is
/// left out, as in Falco; a folder stands for its files in alphabetical order. Gives what `config_files` names,
/// whether it exists or not.
pub(super) fn merge(
    root: &mut Node,
    read: &dyn Fn(&Path) -> Result<Node, Failure>,
) -> Result<Vec<PathBuf>, Failure> {
    let mut named = Vec::new();
    for (path, strategy) in included(&Entry::root(root)).or_exit(Exit::Config)? {
        for file in files(&path)? {
            let included = read(&file)?;
            if included.find("config_files").is_some() {
                let file = file.display();
                return Err(Failure::new(
                    Exit::Config,
                    format_args!("{file}: an included file cannot have `config_files`"),
                ));
            }
            // Later a bad value would be blamed on the file that includes this one.
            let name = || file.display().to_string();
            Settings::from_document(&included).or_exit_with(Exit::Config, name)?;
            merge_one(root, included, strategy);
        }
        named.push(path);
    }
    Ok(named)
}

/// Lays `over` on `root`: its keys replace those that are there.
pub(super) fn lay_over(root: &mut Node, over: Node) {
    merge_one(root, over, Strategy::Override);
}

fn included(root: &Entry<'_>) -> Result<Vec<(PathBuf, Strategy)>, EntryError> {
    let Some(list) = root.optional("config_files") else { return Ok(Vec::new()) };
    list.list_or_one()?
        .iter()
        .map(|entry| {
            if let Ok(path) = entry.text() {
                return Ok((PathBuf::from(path), Strategy::Append));
            }
            entry.only(&["path", "strategy"])?;
            let strategy =
                entry.optional("strategy").map_or(Ok(Strategy::Append), |it| {
                    match it.text()? {
                        "append" => Ok(Strategy::Append),
                        "override" => Ok(Strategy::Override),
                        "add-only" => Ok(Strategy::AddOnly),
                        _ => Err(it.expected("`append`, `override` or `add-only`")),
                    }
                })?;
            Ok((PathBuf::from(entry.required("path")?.text()?), strategy))
        })
        .collect()
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(if path.exists() { vec![path.to_owned()] } else { Vec::new() });
    }
    let reading = || format!("cannot read folder `{}`", path.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(path).or_exit_with(Exit::File, reading)? {
        let path = entry.or_exit_with(Exit::File, reading)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn merge_one(root: &mut Node, included: Node, strategy: Strategy) {
    let (Content::Map(entries), Content::Map(new)) = (&mut root.content, included.content) else {
        return;
    };
    for (key, value) in new {
        let old = entries.iter_mut().rev().find(|(name, _)| *name == key).map(|(_, node)| node);
        match (old, strategy) {
            (None, _) => entries.push((key, value)),
            (Some(_), Strategy::AddOnly) => {}
            (Some(old), Strategy::Append) => append(old, value),
            (Some(old), Strategy::Override) => *old = value,
        }
    }
}

fn append(old: &mut Node, value: Node) {
    match (&mut old.content, value.content) {
        (Content::Sequence(items), Content::Sequence(more)) => items.extend(more),
        (_, content) => *old = Node { line: value.line, content },
    }
}
