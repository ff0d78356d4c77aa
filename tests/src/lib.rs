//! What the end-to-end and conformance tests share: where Falco's answers are and how to read them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where and stop")]

pub mod pipeline;

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use bumpalo::Bump;
use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use falco_compat::field::{Agent, Context};
use flate2::read::MultiGzDecoder;
use host::{Host, HostConfig, Verdict};
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

/// Calls `visit` for every event of `capture` that rules may look at.
///
/// # Panics
///
/// If the capture cannot be read.
pub fn replay(capture: &Path, visit: &mut dyn FnMut(&Context<'_>)) {
    let mut reader = Reader::open(capture).unwrap();
    let mut converter = Converter::new();
    let mut host = Host::new(&HostConfig::default());
    let mut arena = Bump::new();
    let agent = Agent::default();
    while let Some(record) = reader.next().unwrap() {
        let Record::Event(event) = record else {
            if let Record::Section = record {
                converter.clear();
            }
            host.load(&record);
            continue;
        };
        let Some(event) = converter.convert(event).unwrap().event() else { continue };
        if host.on_event(&event) == Verdict::Deliver {
            visit(&Context::new(&event, &host, &arena, &agent));
        }
        arena.reset();
    }
}
