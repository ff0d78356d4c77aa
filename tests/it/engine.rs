//! The engine against plain evaluation and against Falco's matches.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use falco_compat::{
    condition::{self, Condition, EventTypeSet},
    engine::{Engine, EngineRule, RuleMatching},
};
use serde_json::Value;
use tests::{conformance, json_lines, replay};

/// Conditions compiled together, as rules of one ruleset.
struct Conditions {
    rows: Vec<(Condition, EventTypeSet)>,
    names: Vec<String>,
}

impl Conditions {
    fn parse<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut conditions = Self { rows: Vec::new(), names: Vec::new() };
        for text in texts {
            let expr = condition::parse(text).unwrap();
            let (compiled, _) = condition::compile(&expr).unwrap();
            let event_types = condition::event_types(&expr).unwrap();
            conditions.rows.push((compiled, event_types));
            conditions.names.push(text.to_owned());
        }
        conditions
    }

    fn engine(&self) -> Engine {
        let rules: Vec<EngineRule<'_>> = self
            .rows
            .iter()
            .map(|(condition, event_types)| EngineRule { condition, event_types })
            .collect();
        Engine::new(&rules)
    }

    /// Event numbers that each condition matches in `capture`, as the engine says; plain evaluation
    /// must say the same.
    fn matches(&self, capture: &Path) -> Vec<BTreeSet<u64>> {
        let mut engine = self.engine();
        let mut matches = vec![BTreeSet::new(); self.rows.len()];
        replay(capture, &mut |ctx| {
            let number = ctx.host.current().number;
            let mut holding = BTreeSet::new();
            // Questions may change later answers: see `EventFd` of `Context`.
            let fresh = ctx.clone();
            engine.matches(ctx, RuleMatching::All, |rule| {
                holding.insert(rule as usize);
                matches[rule as usize].insert(number);
            });
            for (index, (condition, event_types)) in self.rows.iter().enumerate() {
                let plain = event_types.contains(ctx.event.kind) && condition.evaluate(&fresh);
                let name = &self.names[index];
                assert_eq!(holding.contains(&index), plain, "{name} on event {number}");
            }
        });
        matches
    }
}

/// `1-3,7` as numbers.
fn numbers(ranges: &str) -> BTreeSet<u64> {
    ranges
        .split(',')
        .filter(|range| !range.is_empty())
        .flat_map(|range| {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            first.parse().unwrap()..=last.parse().unwrap()
        })
        .collect()
}

/// The counts were made by a Falco without its container plugin, where users of containers are looked
/// up among those of the host; the fields, made with the plugin, say `uid=0(<NA>)` of the same events.
fn without_container_plugin(condition: &str) -> bool {
    condition == "evt.arg.uid=root"
}

/// Condition by condition, capture by capture: what matches, and what ought to.
#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    rows: &[Value],
    text: &str,
    expected: impl Fn(&Value) -> T,
    actual: impl Fn(&BTreeSet<u64>) -> T,
) {
    let Some(folder) = conformance("engine") else { return };
    let valid: Vec<&Value> = rows.iter().filter(|row| row.get("matches").is_some()).collect();
    let conditions = Conditions::parse(valid.iter().map(|row| row[text].as_str().unwrap()));
    let captures: BTreeSet<&String> =
        valid.iter().flat_map(|row| row["matches"].as_object().unwrap().keys()).collect();
    let mut differences = BTreeMap::<&str, usize>::new();
    for capture in captures {
        let matches = conditions.matches(&folder.join("captures").join(capture));
        for ((row, name), matches) in valid.iter().zip(&conditions.names).zip(&matches) {
            let Some(answer) = row["matches"].get(capture) else { continue };
            if !without_container_plugin(name) && expected(answer) != actual(matches) {
                println!("{capture}: {name}");
                *differences.entry(name).or_default() += 1;
            }
        }
    }
    assert!(differences.is_empty(), "{} conditions differ: {differences:#?}", differences.len());
}

#[test]
fn random_conditions_match_as_in_falco() {
    let Some(folder) = conformance("random conditions") else { return };
    let rows = json_lines(&folder.join("vectors/random-conditions.jsonl.gz"));
    check(&rows, "condition", |answer| numbers(answer.as_str().unwrap()), Clone::clone);
}

#[test]
fn hand_picked_conditions_match_as_often_as_in_falco() {
    let Some(folder) = conformance("replay match") else { return };
    let rows = json_lines(&folder.join("vectors/replay-match-0.44.1.jsonl"));
    check(&rows, "cond", |answer| answer.as_u64().unwrap(), |matches| matches.len() as u64);
}
