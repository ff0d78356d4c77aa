//! Alerts on every capture, with the official rules: the same as Falco's, byte for byte.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use falco_compat::{
    alert::AlertOptions,
    engine::{Engine, EngineRule, RuleMatching},
    rules::{Loader, OutputAddition, Rule, Settings},
};
use tests::{conformance, json_lines, official_rules, replay};

/// How Falco was configured when it answered.
fn rules() -> Vec<Rule> {
    let addition = OutputAddition { suggested: true, ..OutputAddition::default() };
    let mut loader = Loader::new(Settings { additions: vec![addition], ..Settings::default() });
    for (name, text) in official_rules() {
        let result = loader.load(&name, text.as_bytes());
        assert!(result.is_successful() && result.warnings.is_empty(), "{}", result.text());
    }
    loader.check_plugins().unwrap();
    loader.rules_in_force(&[])
}

/// Counts lines; the same alert may come more than once.
fn counted(lines: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    lines.fold(BTreeMap::new(), |mut counts, line| {
        *counts.entry(line).or_default() += 1;
        counts
    })
}

#[track_caller]
fn check(matching: RuleMatching, suffix: &str) {
    let Some(folder) = conformance("alerts") else { return };
    let rules = rules();
    let views: Vec<EngineRule<'_>> = rules
        .iter()
        .map(|rule| EngineRule { condition: &rule.condition, event_types: &rule.event_types })
        .collect();
    let mut engine = Engine::new(&views);
    let names: BTreeSet<_> =
        fs::read_dir(folder.join("captures")).unwrap().map(|it| it.unwrap().path()).collect();
    let mut wrong = Vec::new();
    let mut total = 0;
    for capture in names {
        let name = capture.file_stem().unwrap().to_str().unwrap();
        let answers = json_lines(&folder.join(format!("alerts/{name}.{suffix}.jsonl.gz")));
        let expected = counted(answers.iter().map(ToString::to_string));
        let mut lines = Vec::new();
        replay(&capture, &mut |ctx| {
            engine.matches(ctx, matching, |rule| {
                let mut alert = rules[rule as usize].template.render(ctx);
                "vm".clone_into(&mut alert.hostname);
                let mut line = Vec::new();
                alert.write_json(AlertOptions::default(), &mut line);
                lines.push(String::from_utf8(line).unwrap());
            });
        });
        total += lines.len();
        let actual = counted(lines.into_iter());
        for (line, count) in &expected {
            if actual.get(line) != Some(count) {
                wrong.push(format!("{name}: missing {line}"));
            }
        }
        for (line, count) in &actual {
            if expected.get(line) != Some(count) {
                wrong.push(format!("{name}: extra   {line}"));
            }
        }
    }
    println!("{total} alerts");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn first_matches_are_falcos() {
    check(RuleMatching::First, "first");
}

#[test]
fn all_matches_are_falcos() {
    check(RuleMatching::All, "all");
}
