//! The state engine against Falco's own answers: every fact of every event of the shared captures.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test may fail that way")]

mod facts;
mod synthetic;

use std::{
    collections::BTreeMap,
    env,
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use flate2::read::MultiGzDecoder;
use host::{Host, HostConfig, Verdict};
use serde_json::{Map, Value};

/// Where the conformance data are; `None`, and said so, when they are not there.
fn shared() -> Option<PathBuf> {
    let path = env::var_os("INNERWARDEN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let path = path.join("conformance");
    if path.is_dir() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: no conformance data at {}", path.display());
    }
    None
}

/// Falco's answers by event number.
fn answers(path: &Path) -> BTreeMap<u64, Map<String, Value>> {
    let file = File::open(path).expect("the answers can be opened");
    let lines = BufReader::new(MultiGzDecoder::new(file)).lines();
    lines
        .map(|line| {
            let text = line.expect("the answers are text");
            let Value::Object(fields) = serde_json::from_str(&text).expect("the answers are JSON")
            else {
                panic!("an answer is an object")
            };
            (fields["evt.num"].as_u64().expect("evt.num is a number"), fields)
        })
        .collect()
}

/// Replays capture `name` and compares every event's facts with Falco's.
#[track_caller]
fn check(name: &str) {
    let Some(shared) = shared() else { return };
    let mut answers = answers(&shared.join(format!("fields/{name}.jsonl.gz")));
    let mut reader =
        Reader::open(shared.join(format!("captures/{name}.scap"))).expect("the capture opens");
    let mut host = Host::new(&HostConfig::default());
    let mut differences = BTreeMap::<String, (u64, String)>::new();
    let mut note = |key: &str, text: String| {
        let (count, first) = differences.entry(key.to_owned()).or_default();
        *count += 1;
        if *count <= 3 {
            *first += &text;
        }
    };
    let mut converter = Converter::new();
    while let Some(record) = reader.next().expect("the capture is whole") {
        let Record::Event(event) = record else {
            host.load(&record);
            continue;
        };
        let Some(event) = converter.convert(event).expect("the event converts").event() else {
            continue;
        };
        if host.on_event(&event) == Verdict::Hide {
            continue;
        }
        let number = host.current().number;
        let Some(answer) = answers.remove(&number) else {
            note("evt.num", format!("\n  {number}: {:?} is not in the answers", event.kind));
            continue;
        };
        for (field, ours) in facts::of(&host, &event, true) {
            let theirs = answer.get(field).cloned().unwrap_or(Value::Null);
            if ours != theirs {
                note(
                    field,
                    format!("\n  {number} {:?}: ours {ours}, Falco's {theirs}", event.kind),
                );
            }
        }
    }
    if !answers.is_empty() {
        note("evt.num", format!("\n  {} answers without an event", answers.len()));
    }
    let mut report = String::new();
    for (field, (count, first)) in &differences {
        report.extend([field, ": ", &count.to_string(), " differences", first, "\n"]);
    }
    assert!(differences.is_empty(), "{name}:\n{report}");
}

#[test]
fn a_host() {
    check("thin-host-a");
}

#[test]
fn docker_containers() {
    check("thin-docker-a-meta");
}

#[test]
fn a_pod() {
    check("thin-pod-priv-a-meta");
}

#[test]
fn captures_of_2016_to_2019() {
    check("falco__cat_write");
    check("falco__connect_localhost");
    check("falco__ping_sendto");
    check("falco__privileged");
    check("falco__run_as_user_0_container");
}

#[test]
fn captures_of_the_libraries() {
    check("libs__curl_google");
    check("libs__sample");
    check("libs__test_ipv6_client");
}
