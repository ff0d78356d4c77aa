//! What the end-to-end and conformance tests share: where Falco's answers are and how to read them.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// The folder of Falco's answers; `None`, after saying so, where it is not there.
///
/// It is not part of the repository: set `INNERWARDEN_SHARED` to the folder that has
/// `conformance/`, or put it beside the checkout as `shared`.
pub fn conformance(test: &str) -> Option<PathBuf> {
    let folder = shared().join("conformance");
    if folder.is_dir() {
        return Some(folder);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
    {
        eprintln!("SKIPPED {test}: no conformance data at {}", folder.display());
    }
    None
}

/// The folder of shared reference data, whether it is there or not.
pub fn shared() -> PathBuf {
    match std::env::var_os("INNERWARDEN_SHARED") {
        Some(folder) => folder.into(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    }
}

/// The three official rules files in the order in which Falco's answers were made.
///
/// # Panics
///
/// If one cannot be read.
pub fn official_rules() -> Vec<(String, String)> {
    ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"]
        .map(|name| {
            let path = shared().join("falco-rules/5.1.0").join(name);
            (name.to_owned(), fs::read_to_string(path).unwrap())
        })
        .to_vec()
}

/// The lines of a JSON-lines file, gzipped if its name ends so.
///
/// # Panics
///
/// If the file cannot be read or a line is not JSON.
pub fn json_lines(path: &Path) -> Vec<Value> {
    let bytes = fs::read(path).unwrap();
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
