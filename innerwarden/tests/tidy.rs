//! House rules that no other tool checks: headers, sizes, names of files, and who may depend on whom.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Lines that a source file may have.
const MAX_LINES: usize = 400;

#[test]
fn every_file_says_what_it_is() {
    check(|_, text| {
        let first = text.lines().next().unwrap_or_default();
        (!first.starts_with("//! ")).then(|| "line 1 is not `//! …`".to_owned())
    });
}

#[test]
fn files_are_short() {
    check(|_, text| {
        let lines = text.lines().count();
        (lines > MAX_LINES).then(|| format!("{lines} lines, at most {MAX_LINES}"))
    });
}

#[test]
fn files_are_named_after_a_noun_of_their_own() {
    const VAGUE: [&str; 6] =
        ["mod.rs", "utils.rs", "util.rs", "helpers.rs", "common.rs", "misc.rs"];
    check(|path, _| {
        let name = path.file_name()?.to_str()?;
        VAGUE.contains(&name).then(|| "name says nothing".to_owned())
    });
}

#[test]
fn nothing_is_ignored_or_left_to_do() {
    // Spelt in pieces, so that this file does not accuse itself.
    let banned = [concat!("#[", "ignore"), concat!("todo", "!("), concat!("thread::", "sleep")];
    check(|_, text| banned.iter().find(|it| text.contains(**it)).map(|it| format!("has `{it}`")));
}

#[test]
fn dependencies_are_as_the_map_says() {
    let map = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let expected: BTreeMap<_, _> = map.lines().filter_map(crate_row).collect();
    assert!(!expected.is_empty(), "ARCHITECTURE.md has the table of crates");

    let own: BTreeSet<_> = crates();
    for (name, manifest) in &own {
        let text = fs::read_to_string(manifest).unwrap();
        let used: BTreeSet<String> = path_dependencies(&text, &own);
        match expected.get(name) {
            Some(allowed) => assert_eq!(&used, allowed, "own crates that `{name}` uses"),
            // Crates of tests and fuzz targets are outside the map and may use everything.
            None => assert!(
                ["tests", "fuzz"].contains(&name.as_str()) || name.ends_with("-fuzz"),
                "`{name}` is not in the table of ARCHITECTURE.md"
            ),
        }
    }
}

/// Runs `problem` on every Rust file of the repository and reports all that it finds.
#[track_caller]
fn check(problem: impl Fn(&Path, &str) -> Option<String>) {
    let mut problems = Vec::new();
    let mut files = 0;
    visit(&root(), &mut |path| {
        if path.extension().is_some_and(|it| it == "rs") {
            files += 1;
            let text = fs::read_to_string(path).unwrap();
            let shown = path.strip_prefix(root()).unwrap().display();
            problems.extend(problem(path, &text).map(|problem| format!("{shown}: {problem}")));
        }
    });
    assert!(files > 10, "the repository is there");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A row of the table of crates: name and own crates that it uses.
fn crate_row(line: &str) -> Option<(String, BTreeSet<String>)> {
    let mut cells = line.strip_prefix("| `")?.split('|');
    let name = cells.next()?.trim().strip_suffix('`')?.to_owned();
    let used = cells.next()?.split(',').map(|it| it.trim().trim_matches(['`', '–']).to_owned());
    Some((name, used.filter(|it| !it.is_empty()).collect()))
}

/// Names and manifests of the crates in this repository.
fn crates() -> BTreeSet<(String, PathBuf)> {
    let mut crates = BTreeSet::new();
    visit(&root(), &mut |path| {
        if path.ends_with("Cargo.toml") && path.parent() != Some(&root()) {
            let text = fs::read_to_string(path).unwrap();
            let name = text.lines().find_map(|line| line.strip_prefix("name = \"")).unwrap();
            crates.insert((name.trim_end_matches('"').to_owned(), path.to_owned()));
        }
    });
    crates
}

/// Own crates under `[dependencies]`, which is where the shape of the program is.
fn path_dependencies(manifest: &str, own: &BTreeSet<(String, PathBuf)>) -> BTreeSet<String> {
    let section = manifest.split("\n[").find(|part| part.starts_with("dependencies]"));
    let keys = section.unwrap_or_default().lines().skip(1);
    keys.filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|key| own.iter().any(|(name, _)| name == key))
        .map(str::to_owned)
        .collect()
}

fn visit(folder: &Path, found: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                visit(&path, found);
            }
        } else {
            found(&path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
