//! Replays captures and compares every field of every event with Falco's answers.
//!
//! `FIELDS_CAPTURE=name` and `FIELDS_FIELD=prefix` choose; `FIELDS_EXAMPLES=n` shows more of each.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
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

/// Captures and the answers to them, by name.
fn answered(captures: &Path, answers_folder: &Path) -> Vec<(String, PathBuf, Answers)> {
    let mut files: Vec<_> = fs::read_dir(answers_folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(".jsonl.gz")?.to_owned();
            Some((name, path))
        })
        .filter(|(name, _)| wanted("FIELDS_CAPTURE", name))
        .collect();
    files.sort();
    let capture = |name: &str| captures.join(format!("{name}.scap"));
    files.into_iter().map(|(name, path)| (name.clone(), capture(&name), answers(&path))).collect()
}

/// Differences by field.
#[derive(Default)]
struct Comparison {
    differences: BTreeMap<String, Differences>,
    compared: usize,
}

impl Comparison {
    /// Compares `fields` of the event of `ctx` with the answers to it; says how many differ.
    fn compare(
        &mut self,
        name: &str,
        ctx: &Context<'_>,
        fields: &[FieldRef],
        row: &BTreeMap<String, String>,
    ) -> usize {
        let mut wrong = 0;
        for field in fields.iter().filter(|field| !is_left_out(ctx, field.text())) {
            let expected = row.get(field.text()).map_or("null", String::as_str);
            let mut actual = Vec::new();
            FieldValue::of(ctx, field).write_json(&mut actual);
            let actual = String::from_utf8(actual).unwrap();
            self.compared += 1;
            if actual == expected {
                continue;
            }
            wrong += 1;
            let (number, kind) = (ctx.host.current().number, ctx.event.kind.info().ppme);
            let entry = self.differences.entry(field.text().to_owned()).or_default();
            entry.count += 1;
            entry.examples.push(format!(
                "    {name} {number} {kind}\n      ours  {actual}\n      falco {expected}"
            ));
        }
        wrong
    }

    fn report(&self) {
        let examples =
            std::env::var("FIELDS_EXAMPLES").ok().and_then(|it| it.parse().ok()).unwrap_or(3);
        let mut rows: Vec<_> = self.differences.iter().collect();
        rows.sort_by_key(|(_, it)| std::cmp::Reverse(it.count));
        for (field, it) in rows {
            let shown: Vec<_> = it.examples.iter().take(examples).map(String::as_str).collect();
            println!("{:8} {field}\n{}", it.count, shown.join("\n"));
        }
    }
}

#[track_caller]
fn check(captures: &Path, answers: &Path) {
    let all = answered(captures, answers);
    let names: BTreeSet<&String> =
        all.iter().flat_map(|(_, _, it)| it.values()).flat_map(|it| it.keys()).collect();
    let fields: Vec<FieldRef> = names
        .into_iter()
        .filter(|it| wanted("FIELDS_FIELD", it))
        .map(|it| FieldRef::resolve(it).unwrap())
        .collect();
    // Falco prints the text before the JSON, and asking changes answers: see `Context`.
    let abspath = fields.iter().find(|it| it.text() == "evt.abspath");
    let mut comparison = Comparison::default();
    for (name, capture, answers) in &all {
        let (mut seen, mut wrong) = (0usize, 0usize);
        tests::replay(capture, &mut |ctx| {
            let Some(row) = answers.get(&ctx.host.current().number) else { return };
            seen += 1;
            abspath.map(|it| ctx.extract(it));
            wrong += comparison.compare(name, ctx, &fields, row);
        });
        println!("{name}: {seen} of {} events, {wrong} differences", answers.len());
        assert_eq!(seen, answers.len(), "events of {name}");
    }
    comparison.report();
    let total: usize = comparison.differences.values().map(|it| it.count).sum();
    println!("{} fields, {} comparisons, {total} differences", fields.len(), comparison.compared);
    assert_eq!(total, 0, "of {} values differ from Falco's", comparison.compared);
}

#[test]
fn every_field_of_every_event_equals_falcos() {
    let Some(shared) = tests::conformance("fields") else { return };
    check(&shared.join("captures"), &shared.join("fields"));
}

#[test]
fn every_field_of_generated_captures_equals_falcos() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/falco");
    check(&folder, &folder);
}
