//! Every alert that Falco printed, written again from its rule's output: the same bytes.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{BufRead, BufReader},
    path::Path,
};

use falco_compat::{
    alert::{AlertOptions, AlertTemplate},
    format::Format,
};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

/// What `append_output: [{suggested_output: true}]` adds.
const SUGGESTED: &str = " container_id=%container.id container_name=%container.name \
    container_image_repository=%container.image.repository \
    container_image_tag=%container.image.tag k8s_pod_name=%k8s.pod.name k8s_ns_name=%k8s.ns.name";

/// Outputs by rule, read as far as the official files need it: plain or folded scalars.
fn outputs(folder: &Path) -> HashMap<String, String> {
    let mut outputs = HashMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let mut rule = String::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("- rule:") {
                name.trim().clone_into(&mut rule);
            } else if let Some(first) = line.strip_prefix("  output:") {
                let mut output = first.trim().trim_start_matches(['>', '-']).trim().to_owned();
                while let Some(more) = lines.next_if(|it| it.starts_with("    ")) {
                    output.push(' ');
                    output.push_str(more.trim());
                }
                outputs.insert(rule.clone(), output.trim().to_owned());
            }
        }
    }
    outputs
}

fn template(row: &Value, outputs: &HashMap<String, String>) -> AlertTemplate {
    let text = |key: &str| row[key].as_str().unwrap();
    let tags = row["tags"].as_array().unwrap().iter();
    AlertTemplate {
        rule: text("rule").into(),
        priority: text("priority").into(),
        source: text("source").into(),
        tags: tags.rev().map(|it| it.as_str().unwrap().to_owned()).collect(),
        output: Format::parse(&format!("{}{SUGGESTED}", outputs[text("rule")])).unwrap(),
        extra_fields: Vec::new(),
    }
}

#[test]
fn alerts_are_written_byte_for_byte() {
    let Some(shared) = crate::replay::shared() else { return };
    let outputs = outputs(&shared.join("../falco-rules/5.1.0"));
    let mut templates: BTreeMap<String, AlertTemplate> = BTreeMap::new();
    let (mut alerts, mut different) = (0, 0);
    for file in fs::read_dir(shared.join("alerts")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(capture) = name.strip_suffix(".all.jsonl.gz") else { continue };
        let mut lines: HashMap<u64, Vec<String>> = HashMap::new();
        for line in BufReader::new(MultiGzDecoder::new(fs::File::open(&path).unwrap())).lines() {
            let line = line.unwrap();
            let row: Value = serde_json::from_str(&line).unwrap();
            lines.entry(row["output_fields"]["evt.time"].as_u64().unwrap()).or_default().push(line);
        }
        alerts += lines.values().map(Vec::len).sum::<usize>();
        if lines.is_empty() {
            continue;
        }
        crate::replay::replay(
            &shared.join("captures").join(format!("{capture}.scap")),
            &mut |ctx| {
                let Some(expected) = lines.get_mut(&ctx.event.time_ns) else { return };
                // Events of other CPUs may have the same time: an alert is met by one of them.
                expected.retain(|line| {
                    let row: Value = serde_json::from_str(line).unwrap();
                    let rule = row["rule"].as_str().unwrap();
                    let template = templates
                        .entry(rule.to_owned())
                        .or_insert_with(|| template(&row, &outputs));
                    let mut alert = template.render(ctx);
                    row["hostname"].as_str().unwrap().clone_into(&mut alert.hostname);
                    let mut ours = Vec::new();
                    alert.write_json(AlertOptions::default(), &mut ours);
                    let ours = String::from_utf8(ours).unwrap();
                    if ours != *line {
                        println!("ours  {ours}\nfalco {line}\n");
                    }
                    ours != *line
                });
            },
        );
        different += lines.values().map(Vec::len).sum::<usize>();
    }
    println!("{alerts} alerts, {different} different");
    assert_eq!(different, 0);
}
