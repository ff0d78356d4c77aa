//! Replays captures and compares which events each condition matches with Falco's answers.
//!
//! `CONDITIONS_CAPTURE=prefix` chooses captures; `CONDITIONS_ONLY=text` chooses conditions.

mod replay;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read as _,
    path::Path,
};

use event::EventType;
use falco_compat::{
    Value as FieldValue,
    condition::{self, Condition, EventTypeSet, MacroTable},
    field::{Context, FieldRef},
};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// A condition with the events that it matched in one capture.
struct Watched {
    text: String,
    condition: Condition,
    types: EventTypeSet,
    matched: BTreeSet<u64>,
}

impl Watched {
    fn new(text: &str) -> Self {
        let (expr, _) = MacroTable::new().resolve(&condition::parse(text).unwrap()).unwrap();
        let (condition, _) = condition::compile(&expr).unwrap();
        let mut types = condition::event_types(&expr).unwrap();
        types.insert(EventType::AsynceventE);
        Self { text: text.to_owned(), condition, types, matched: BTreeSet::new() }
    }

    fn see(&mut self, ctx: &Context<'_>, number: u64) {
        if self.types.contains(ctx.event.kind) && self.condition.evaluate(ctx) {
            self.matched.insert(number);
        }
    }
}

fn rows(path: &Path) -> Vec<Value> {
    let bytes = fs::read(path).unwrap();
    let mut text = String::new();
    if path.extension().is_some_and(|it| it == "gz") {
        MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn is_wanted(variable: &str, name: &str) -> bool {
    std::env::var(variable).map_or(true, |it| name.contains(&it))
}

/// Replays `capture` and fills in what each of `conditions` matches.
fn watch(capture: &Path, conditions: &mut [Watched]) {
    let number = FieldRef::resolve("evt.num").unwrap();
    replay::replay(capture, &mut |ctx| {
        let Some(FieldValue::Uint(number)) = ctx.extract(&number) else { panic!("no evt.num") };
        for condition in conditions.iter_mut() {
            condition.see(ctx, number);
        }
    });
}

/// `1-10,14` as numbers.
fn numbers(ranges: &str) -> BTreeSet<u64> {
    let parts = ranges.split(',').filter(|part| !part.is_empty());
    parts
        .flat_map(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            first.parse().unwrap()..=last.parse().unwrap()
        })
        .collect()
}

/// Compares all conditions on all captures; `differs` says how the answers differ.
fn compare(
    data: &Path,
    rows: &[Value],
    key: &str,
    differs: fn(&BTreeSet<u64>, &Value) -> Option<String>,
) -> Vec<String> {
    let valid = rows.iter().filter(|row| row["valid"] != Value::Bool(false));
    let mut answers: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
    for row in valid {
        let text = row[key].as_str().unwrap();
        for (capture, answer) in row["matches"].as_object().unwrap() {
            if is_wanted("CONDITIONS_CAPTURE", capture) && is_wanted("CONDITIONS_ONLY", text) {
                answers.entry(capture).or_default().push((text, answer));
            }
        }
    }
    let mut wrong = Vec::new();
    for (capture, answers) in answers {
        let mut watched: Vec<_> = answers.iter().map(|(text, _)| Watched::new(text)).collect();
        watch(&data.join("captures").join(capture), &mut watched);
        for (condition, (_, answer)) in watched.iter().zip(answers) {
            if let Some(difference) = differs(&condition.matched, answer) {
                wrong.push(format!("{capture}: {}\n    {difference}", condition.text));
            }
        }
    }
    wrong
}

#[test]
fn conditions_match_as_many_events_as_by_falco() {
    let Some(data) = replay::shared() else { return };
    let rows = rows(&data.join("vectors/replay-match-0.44.1.jsonl"));
    let wrong = compare(&data, &rows, "cond", |ours, falco| {
        let falco = falco.as_u64().unwrap();
        (ours.len() as u64 != falco).then(|| format!("ours {}, falco {falco}", ours.len()))
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn random_conditions_match_the_same_events_as_by_falco() {
    let Some(data) = replay::shared() else { return };
    let rows = rows(&data.join("vectors/random-conditions.jsonl.gz"));
    let wrong = compare(&data, &rows, "condition", |ours, falco| {
        let falco = numbers(falco.as_str().unwrap());
        let more: Vec<_> = ours.difference(&falco).take(5).collect();
        let fewer: Vec<_> = falco.difference(ours).take(5).collect();
        let differs = !more.is_empty() || !fewer.is_empty();
        differs.then(|| {
            format!("ours {}, falco {}; more {more:?}, fewer {fewer:?}", ours.len(), falco.len())
        })
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
