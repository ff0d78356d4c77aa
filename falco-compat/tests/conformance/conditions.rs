//! Replays captures and compares which events each condition matches with Falco's answers.
//!
//! `CONDITIONS_CAPTURE=prefix` chooses captures; `CONDITIONS_ONLY=text` chooses conditions.

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
    asks_fd: bool,
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
        let asks_fd = ["fd.", "fs.path.", "evt.category"].iter().any(|it| text.contains(it));
        Self { text: text.to_owned(), asks_fd, condition, types, matched: BTreeSet::new() }
    }

    fn see(&mut self, ctx: &Context<'_>, number: u64) {
        if self.types.contains(ctx.event.kind) && self.condition.evaluate(ctx) {
            self.matched.insert(number);
        }
    }
}

/// In Falco, asking for `evt.abspath` makes the directory the fd of the event, for the conditions
/// that are asked after it.
fn has_other_fd(ctx: &Context<'_>) -> bool {
    let event = ctx.event;
    matches!(event.kind, EventType::OpenatV2X | EventType::Openat2X)
        && event.int(1).is_some_and(|it| it >= 0)
        && event.text(2).is_some_and(|it| !it.starts_with(b"/"))
}

/// Answers that do not follow from the capture: each `evt.deltatime` of Falco counts from when it was
/// last asked, and names of users were those of the machine that replayed.
fn is_left_out(condition: &str) -> bool {
    condition.contains("evt.deltatime") || condition == "evt.arg.uid=root"
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

/// Replays `capture` and fills in what each of `conditions` matches; gives the events of which
/// Falco's fd is another.
fn watch(capture: &Path, conditions: &mut [Watched]) -> BTreeSet<u64> {
    let number = FieldRef::resolve("evt.num").unwrap();
    let mut other_fd = BTreeSet::new();
    crate::replay::replay(capture, &mut |ctx| {
        let Some(FieldValue::Uint(number)) = ctx.extract(&number) else { panic!("no evt.num") };
        if has_other_fd(ctx) {
            other_fd.insert(number);
        }
        for condition in conditions.iter_mut() {
            condition.see(ctx, number);
        }
    });
    other_fd
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
    differs: fn(&BTreeSet<u64>, &Value, &BTreeSet<u64>) -> Option<String>,
) -> Vec<String> {
    let valid = rows.iter().filter(|row| row["valid"] != Value::Bool(false));
    let mut answers: BTreeMap<&str, Vec<(&str, &Value)>> = BTreeMap::new();
    for row in valid {
        let text = row[key].as_str().unwrap();
        for (capture, answer) in row["matches"].as_object().unwrap() {
            let wanted =
                is_wanted("CONDITIONS_CAPTURE", capture) && is_wanted("CONDITIONS_ONLY", text);
            if wanted && !is_left_out(text) {
                answers.entry(capture).or_default().push((text, answer));
            }
        }
    }
    let mut wrong = Vec::new();
    for (capture, answers) in answers {
        let mut watched: Vec<_> = answers.iter().map(|(text, _)| Watched::new(text)).collect();
        let other_fd = watch(&data.join("captures").join(capture), &mut watched);
        let none = BTreeSet::new();
        for (condition, (_, answer)) in watched.iter().zip(answers) {
            let unjudged = if condition.asks_fd { &other_fd } else { &none };
            if let Some(difference) = differs(&condition.matched, answer, unjudged) {
                wrong.push(format!("{capture}: {}\n    {difference}", condition.text));
            }
        }
    }
    wrong
}

#[test]
fn conditions_match_as_many_events_as_by_falco() {
    let Some(data) = crate::replay::shared() else { return };
    let rows = rows(&data.join("vectors/replay-match-0.44.1.jsonl"));
    let wrong = compare(&data, &rows, "cond", |ours, falco, _| {
        let falco = falco.as_u64().unwrap();
        (ours.len() as u64 != falco).then(|| format!("ours {}, falco {falco}", ours.len()))
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn random_conditions_match_the_same_events_as_by_falco() {
    let Some(data) = crate::replay::shared() else { return };
    let rows = rows(&data.join("vectors/random-conditions.jsonl.gz"));
    let wrong = compare(&data, &rows, "condition", |ours, falco, unjudged| {
        let falco = numbers(falco.as_str().unwrap());
        let more: Vec<_> =
            ours.difference(&falco).filter(|it| !unjudged.contains(it)).take(5).collect();
        let fewer: Vec<_> =
            falco.difference(ours).filter(|it| !unjudged.contains(it)).take(5).collect();
        let differs = !more.is_empty() || !fewer.is_empty();
        differs.then(|| {
            format!("ours {}, falco {}; more {more:?}, fewer {fewer:?}", ours.len(), falco.len())
        })
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
