//! `rules events` and `rules fields` against Falco's own lists.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::bed::{Bed, reference};

fn listed(subcommand: &str) -> Value {
    let run = Bed::new().run(&format!("rules {subcommand} --format json"));
    serde_json::from_str(run.success()).unwrap()
}

#[test]
fn events_are_falcos() {
    let Some(file) = reference("falco-reference/events.tsv") else { return };
    let text = fs::read_to_string(file).unwrap();
    let expected: BTreeSet<_> = text.lines().skip(1).map(str::to_owned).collect();
    let mut actual = BTreeSet::new();
    for (category, events) in listed("events").as_object().unwrap() {
        for event in events.as_array().into_iter().flatten() {
            let text = |key: &str| event[key].as_str().unwrap().to_owned();
            let available = if event["available"] == true { "yes" } else { "no" };
            let params = event["params"].as_array().unwrap().iter();
            let params: Vec<_> = params
                .map(|it| {
                    format!("{}:{}", it["name"].as_str().unwrap(), it["type"].as_str().unwrap())
                })
                .collect();
            let (name, direction) = (text("name"), text("dir"));
            actual.insert(format!(
                "{category}\t{name}\t{direction}\t{available}\t{}",
                params.join(", ")
            ));
        }
    }
    assert_eq!(actual.symmetric_difference(&expected).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn fields_are_falcos() {
    let Some(file) = reference("falco-reference/fields.json") else { return };
    let expected: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(fields(&listed("fields")), fields(&expected));
}

/// Every field without its description, which is our own.
fn fields(root: &Value) -> Vec<Value> {
    let classes = root["fieldclasses"].as_array().unwrap().iter();
    let mut fields: Vec<_> =
        classes.flat_map(|class| class["fields"].as_array().unwrap().clone()).collect();
    for field in &mut fields {
        field.as_object_mut().unwrap().remove("desc");
    }
    fields
}

#[test]
fn text_and_markdown_have_every_name() {
    let bed = Bed::new();
    let names = bed.run("rules fields -N");
    let text = bed.run("rules fields --verbose");
    let markdown = bed.run("rules fields --format markdown");
    assert!(names.success().lines().count() > 250);
    for name in names.success().lines() {
        assert!(text.stdout.contains(&format!("\n{name}")), "{name} in text");
        assert!(markdown.stdout.contains(&format!("\n`{name}` | ")), "{name} in Markdown");
    }
    assert!(bed.run("rules events").success().contains("\n< execve("));
    assert!(bed.run("rules events --format markdown").success().contains("| `execve` |"));
}
