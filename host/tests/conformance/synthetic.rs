//! The small captures of hard cases: what Falco printed, taken apart by the format it printed with.

use std::{collections::BTreeMap, fs, path::Path};

use event::{
    capture::{Reader, Record},
    convert::Converter,
};
use host::{Host, HostConfig};
use serde_json::Value;

use crate::facts;

/// A format as literal text and the field after it.
fn template(rules: &str) -> Vec<(String, String)> {
    let line = rules.lines().find_map(|line| line.trim().strip_prefix("output:"));
    let format = line.expect("the rule has an output").trim().trim_matches('"');
    let mut parts = format.split('%');
    let mut literal = parts.next().unwrap_or_default().to_owned();
    let mut template = Vec::new();
    for part in parts {
        let in_name = |c: char| c.is_ascii_alphanumeric() || "._[]/*".contains(c);
        let end = part.find(|c| !in_name(c)).unwrap_or(part.len());
        let (field, rest) = part.split_at(end);
        template.push((std::mem::replace(&mut literal, rest.to_owned()), field.to_owned()));
    }
    template
}

/// The values of `line` by field; the first one of a field that is printed twice.
fn values<'a>(template: &'a [(String, String)], line: &'a str) -> BTreeMap<&'a str, &'a str> {
    let mut values = BTreeMap::new();
    let mut rest = line;
    for (index, (literal, field)) in template.iter().enumerate() {
        rest = rest.strip_prefix(literal.as_str()).expect("the line follows the format");
        let end = match template.get(index + 1) {
            // An address may hold the separator itself.
            Some((next, _)) if next == ":" => {
                let end = template.get(index + 2).and_then(|(after, _)| rest.find(after.as_str()));
                let pair = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                pair.rfind(':').expect("the line follows the format")
            }
            Some((next, _)) => rest.find(next.as_str()).expect("the line follows the format"),
            None => rest.len(),
        };
        let (value, tail) = rest.split_at(end);
        values.entry(field.as_str()).or_insert(value);
        rest = tail;
    }
    values
}

fn printed(value: &Value) -> String {
    match value {
        Value::Null => "<NA>".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[track_caller]
fn check(number: u32) {
    let Some(shared) = crate::shared() else { return };
    let folder = shared.join("synthetic");
    let read = |name: String| fs::read_to_string(folder.join(name)).expect("the file can be read");
    let template = template(&read(format!("r{number}.yaml")));
    let expected = read(format!("expected_s{number}.txt"));
    let mut lines = BTreeMap::new();
    for line in expected.lines() {
        if let Some((_, text)) = line.split_once(": Informational ") {
            let values = values(&template, text);
            lines.insert(values["evt.num"].parse::<u64>().expect("evt.num is a number"), values);
        }
    }
    let differences = replay(&folder.join(format!("s{number}.scap")), &lines);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn replay(capture: &Path, lines: &BTreeMap<u64, BTreeMap<&str, &str>>) -> Vec<String> {
    let mut reader = Reader::open(capture).expect("the capture opens");
    let mut host = Host::new(&HostConfig::default());
    let mut converter = Converter::new();
    let mut differences = Vec::new();
    while let Some(record) = reader.next().expect("the capture is whole") {
        let Record::Event(event) = record else {
            host.load(&record);
            continue;
        };
        let Some(event) = converter.convert(event).expect("the event converts").event() else {
            continue;
        };
        host.on_event(&event);
        let number = host.current().number;
        let Some(values) = lines.get(&number) else { continue };
        for (field, ours) in facts::of(&host, &event, false) {
            let Some(&theirs) = values.get(field) else { continue };
            if printed(&ours) != theirs {
                let kind = event.kind;
                differences.push(format!("{number} {kind:?} {field}: {ours}, Falco's {theirs}"));
            }
        }
    }
    differences
}

#[test]
fn sockets_and_files() {
    check(1);
}

#[test]
fn clone_exec_lineage_and_credentials() {
    check(2);
}

#[test]
fn containers() {
    check(3);
}

#[test]
fn paths_changed_meanwhile_and_descriptors() {
    check(4);
}
