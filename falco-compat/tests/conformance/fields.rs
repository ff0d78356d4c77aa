//! Replays captures and compares every field of every event with Falco's answers.
//!
//! `FIELDS_CAPTURE=name` and `FIELDS_FIELD=prefix` choose; `FIELDS_EXAMPLES=n` shows more of each.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    io::{BufRead, BufReader},
    path::Path,
};

use event::EventType;
use falco_compat::{
    field::{Context, FieldRef},
    format::FieldValue,
};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

type Answers = HashMap<u64, BTreeMap<String, String>>;

/// Differences of one field.
#[derive(Default)]
struct Differences {
    count: usize,
    examples: Vec<String>,
}

/// Falco's answers by event number, each value as JSON text.
fn answers(path: &Path) -> Answers {
    let lines = BufReader::new(MultiGzDecoder::new(fs::File::open(path).unwrap())).lines();
    lines
        .map(|line| {
            let row: BTreeMap<String, Value> = serde_json::from_str(&line.unwrap()).unwrap();
            let number = row["evt.num"].as_u64().unwrap();
            (number, row.into_iter().map(|(name, value)| (name, value.to_string())).collect())
        })
        .collect()
}

fn wanted(variable: &str, name: &str) -> bool {
    std::env::var(variable).map_or(true, |it| name.starts_with(&it))
}

/// What does not follow from the event and the host alone in Falco, with the reason.
fn is_left_out(ctx: &Context<'_>, field: &str) -> bool {
    let event = ctx.event;
    match field {
        // An empty buffer, and the number that ptrace has in its place, are printed with the
        // length of the buffer before: what was in Falco's memory.
        "evt.buffer" if event.kind == EventType::PtraceX => true,
        "evt.buffer" => {
            let data = event.kind.info().params.iter().position(|it| it.name == "data");
            data.is_some_and(|it| event.param(it).is_empty())
        }
        _ => false,
    }
}

#[test]
fn every_field_of_every_event_equals_falcos() {
    let Some(shared) = crate::replay::shared() else { return };
    let examples: usize =
        std::env::var("FIELDS_EXAMPLES").ok().and_then(|it| it.parse().ok()).unwrap_or(3);
    let mut files: Vec<_> = fs::read_dir(shared.join("fields"))
        .unwrap()
        .map(|it| it.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().replace(".jsonl.gz", ""), path))
        .filter(|(name, _)| wanted("FIELDS_CAPTURE", name))
        .collect();
    files.sort();
    let all: Vec<_> = files.into_iter().map(|(name, path)| (name, answers(&path))).collect();
    let names: BTreeSet<&String> =
        all.iter().flat_map(|(_, it)| it.values()).flat_map(|it| it.keys()).collect();
    let fields: Vec<FieldRef> = names
        .into_iter()
        .filter(|it| wanted("FIELDS_FIELD", it))
        .map(|it| FieldRef::resolve(it).unwrap())
        .collect();
    let abspath = FieldRef::resolve("evt.abspath").unwrap();
    let mut differences: BTreeMap<String, Differences> = BTreeMap::new();
    let mut compared = 0usize;
    for (name, answers) in &all {
        let mut seen = 0usize;
        let capture = shared.join("captures").join(format!("{name}.scap"));
        let mut wrong = 0usize;
        crate::replay::replay(&capture, &mut |ctx| {
            let number = ctx.host.current().number;
            let Some(row) = answers.get(&number) else { return };
            seen += 1;
            // Falco prints the text before the JSON: see the directory of `Context`.
            ctx.extract(&abspath);
            for field in &fields {
                let expected = row.get(field.text()).map_or("null", String::as_str);
                if is_left_out(ctx, field.text()) {
                    continue;
                }
                let mut actual = Vec::new();
                FieldValue::of(ctx, field).write_json(&mut actual);
                let actual = String::from_utf8(actual).unwrap();
                compared += 1;
                if actual != expected {
                    wrong += 1;
                    let kind = ctx.event.kind.info().ppme;
                    let entry = differences.entry(field.text().to_owned()).or_default();
                    entry.count += 1;
                    if entry.examples.len() < examples {
                        entry.examples.push(format!(
                            "    {name} {number} {kind}\n      ours  {actual}\n      falco {expected}"
                        ));
                    }
                }
            }
        });
        println!("{name}: {seen} of {} events, {wrong} differences", answers.len());
    }
    let total: usize = differences.values().map(|it| it.count).sum();
    let mut rows: Vec<_> = differences.iter().collect();
    rows.sort_by_key(|(_, it)| std::cmp::Reverse(it.count));
    for (field, it) in rows {
        println!("{:8} {field}\n{}", it.count, it.examples.join("\n"));
    }
    println!("{} fields, {compared} comparisons, {total} differences", fields.len());
    assert_eq!(total, 0, "of {compared} values differ from Falco's");
}
