//! Which rules files to load, in which order, and what is in them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::exit::{Exit, Failure, OrExit as _};

/// Most bytes that a rules file may have; the official ones have a fiftieth of it.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// A rules file in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RulesFile {
    /// As given on the command line; messages name it.
    pub(crate) name: String,
    /// Its text.
    pub(crate) content: String,
}

/// Reads `paths` in order. A folder stands for its `*.yaml` and `*.yml` files in alphabetical order; folders in
/// it are left out.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<RulesFile>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            for path in list(path)? {
                files.push(read_one(&path)?);
            }
        } else {
            files.push(read_one(path)?);
        }
    }
    if files.is_empty() {
        return Err(Failure::new(Exit::Usage, "no rules: give at least one rules file with -r"));
    }
    Ok(files)
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = || format!("cannot read folder `{}`", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).or_exit_with(Exit::File, reading)? {
        let path = entry.or_exit_with(Exit::File, reading)?.path();
        let is_yaml = path.extension().is_some_and(|it| it == "yaml" || it == "yml");
        if is_yaml && path.is_file() {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn read_one(path: &Path) -> Result<RulesFile, Failure> {
    let name = path.display().to_string();
    let reading = || format!("cannot read rules file `{name}`");
    let bytes = fs::metadata(path).or_exit_with(Exit::File, reading)?.len();
    if bytes > MAX_BYTES {
        return Err(Failure::new(
            Exit::File,
            format_args!("rules file `{name}` has {bytes} bytes, more than {MAX_BYTES}"),
        ));
    }
    let bytes = fs::read(path).or_exit_with(Exit::File, reading)?;
    // Comments in old files are in old encodings; what is not UTF-8 cannot name anything of ours.
    let content = String::from_utf8_lossy(&bytes).into_owned();
    Ok(RulesFile { name, content })
}
