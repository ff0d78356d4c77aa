//! Replays the captures of hard cases and compares the lines of their one rule with Falco's.

use std::{fs, path::Path};

use falco_compat::{
    alert::{AlertOptions, AlertTemplate},
    format::Format,
};

/// The rule of a file: its output, and the event types of its condition (none: all).
struct Rule {
    output: Format,
    types: Option<Vec<String>>,
}

/// Reads the few lines that these files consist of; the rules engine has tests of its own.
fn rule(path: &Path) -> Rule {
    let text = fs::read_to_string(path).unwrap();
    let value = |key: &str| {
        let line = text.lines().find_map(|it| it.trim().strip_prefix(key)).unwrap();
        line.trim().trim_matches('"').to_owned()
    };
    let condition = value("condition:");
    let types = condition
        .strip_prefix("evt.type in (")
        .map(|it| it.trim_end_matches(')').split(',').map(|it| it.trim().to_owned()).collect());
    Rule { output: Format::parse(&value("output:")).unwrap(), types }
}

/// Removes what depends on memory that Falco did not initialise.
fn comparable(line: &str) -> String {
    let words = line.split(' ').filter(|it| !it.starts_with("dct="));
    words.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(number: u8) {
    let Some(shared) = tests::conformance("synthetic") else { return };
    let folder = shared.join("synthetic");
    let rule = rule(&folder.join(format!("r{number}.yaml")));
    let template = AlertTemplate {
        rule: "all".into(),
        priority: "Informational".into(),
        source: "syscall".into(),
        tags: Vec::new(),
        output: rule.output,
        extra_fields: Vec::new(),
    };
    let mut lines = Vec::new();
    tests::replay(&folder.join(format!("s{number}.scap")), &mut |ctx| {
        let name = ctx.event.kind.info().name;
        if rule.types.as_ref().is_none_or(|it| it.iter().any(|it| it == name)) {
            let mut line = Vec::new();
            template.render(ctx).write_text(AlertOptions::default(), &mut line);
            lines.push(String::from_utf8_lossy(&line).into_owned());
        }
    });
    let expected = fs::read_to_string(folder.join(format!("expected_s{number}.txt"))).unwrap();
    let expected: Vec<_> = expected.lines().collect();
    let mut different = 0;
    for (ours, falcos) in lines.iter().zip(&expected) {
        if comparable(ours) != comparable(falcos) {
            different += 1;
            println!("ours  {ours}\nfalco {falcos}\n");
        }
    }
    assert_eq!((lines.len(), different), (expected.len(), 0));
}

#[test]
fn sockets_and_files() {
    check(1);
}

#[test]
fn lineage_and_credentials() {
    check(2);
}

#[test]
fn containers_and_metadata() {
    check(3);
}

#[test]
fn races_and_duplicates() {
    check(4);
}
