//! Loading compared with Falco's own answers.

use std::{collections::BTreeMap, fs, io::Read as _, path::PathBuf};

use serde_json::{Value, json};

use crate::rules::{Context, LoadResult, Loader, Settings};

/// Rows in which we deviate on purpose; `docs/falco-differences.md` says why.
const DEVIATIONS: &[&str] = &["ov replace all", "replace exc", "replace exc list"];

/// A file of the shared reference data; says so if there is none.
fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("INNERWARDEN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stderr, reason = "a skipped test says so")]
    {
        eprintln!("skipped: {} is not there", path.display());
    }
    None
}

fn chain(context: &Context) -> Value {
    let links = context.locations().into_iter().skip(1);
    links.map(|it| json!([it.item_type.text(), &*it.item_name])).collect()
}

fn result_json(result: &LoadResult) -> Value {
    let errors: Vec<_> = result
        .errors
        .iter()
        .map(|it| json!([it.code.code(), chain(&it.context), it.message]))
        .collect();
    let warnings: Vec<_> = result
        .warnings
        .iter()
        .map(|it| json!([it.code.code(), chain(&it.context), it.message]))
        .collect();
    json!({
        "successful": result.is_successful(),
        "schema_valid": result.schema.is_valid(),
        "errors": errors,
        "warnings": warnings,
    })
}

/// What a row of the vectors would be if it were ours.
fn answer(row: &Value) -> Value {
    let mut loader = Loader::new(Settings { plugins: Vec::new(), ..Settings::default() });
    let mut results = Vec::new();
    let mut successful = true;
    for (index, file) in row["files"].as_array().unwrap().iter().enumerate() {
        let name = format!("{index}.yaml");
        let result = loader.load(&name, file.as_str().unwrap().as_bytes());
        if let Err(error) = loader.check_plugins() {
            return json!({ "no_json": true, "stderr": format!("Error: {error}"), "exit": 1 });
        }
        successful &= result.is_successful();
        results.push(result_json(&result));
    }
    let mut out = json!({ "exit": i32::from(!successful), "results": results });
    if successful {
        let described = loader.describe().unwrap();
        let rule = |it: &Value| {
            let info = |name: &str| it["info"][name].clone();
            json!({
                "name": info("name"),
                "compiled": it["details"]["condition_compiled"],
                "output": info("output"),
                "desc": info("description"),
                "priority": info("priority"),
                "source": info("source"),
                "tags": info("tags"),
                "enabled": info("enabled"),
                "capture": info("capture"),
                "capture_duration": info("capture_duration"),
            })
        };
        let macro_item = |it: &Value| {
            json!({
                "name": it["info"]["name"],
                "compiled": it["details"]["condition_compiled"],
            })
        };
        let list = |it: &Value| json!({ "name": it["info"]["name"], "items": it["details"]["items_compiled"] });
        let all = |key: &str, map: &dyn Fn(&Value) -> Value| -> Value {
            described[key].as_array().unwrap().iter().map(map).collect()
        };
        out["rules"] = all("rules", &rule);
        out["macros"] = all("macros", &macro_item);
        out["lists"] = all("lists", &list);
    }
    out
}

#[test]
fn rules_files_load_as_in_falco() {
    let Some(path) = shared("conformance/vectors/rulefiles-0.44.1.jsonl") else { return };
    let mut different = Vec::new();
    let mut rows = 0;
    for line in fs::read_to_string(path).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let name = row["name"].as_str().unwrap().to_owned();
        rows += 1;
        if DEVIATIONS.contains(&name.as_str()) {
            continue;
        }
        let ours = answer(&row);
        let keys = ["exit", "results", "rules", "macros", "lists", "no_json", "stderr"];
        for key in keys.into_iter().filter(|key| row.get(key) != ours.get(key)) {
            different.push(format!("{name}: {key}\n  theirs {}\n  ours   {}", row[key], ours[key]));
        }
    }
    assert!(different.is_empty(), "{} of {rows}:\n{}", different.len(), different.join("\n"));
    assert!(rows >= 284, "{rows} sets of files");
}

/// Falco's sets have no order.
fn sort_sets(value: &mut Value) {
    let ordered = ["items", "items_compiled", "output_fields", "rules", "macros_list"];
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let is_set = value.as_array().is_some_and(|it| it.iter().all(Value::is_string));
                if is_set && !ordered.contains(&key.as_str()) {
                    value.as_array_mut().unwrap().sort_by_key(ToString::to_string);
                }
                sort_sets(value);
            }
        }
        Value::Array(array) => array.iter_mut().for_each(sort_sets),
        _ => {}
    }
}

#[test]
fn official_rules_are_described_as_by_falco() {
    let Some(path) = shared("falco-reference/rules-described.json.gz") else { return };
    let Some(rules) = shared("falco-rules/5.1.0") else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let mut theirs: Value = serde_json::from_str(&text).unwrap();
    let mut settings = Settings::default();
    settings.additions.push(crate::rules::OutputAddition { suggested: true, ..Default::default() });
    let mut loader = Loader::new(settings);
    for name in ["falco_rules.yaml", "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"] {
        let result = loader.load(name, &fs::read(rules.join(name)).unwrap());
        assert!(result.is_successful(), "{}", result.text());
        assert!(result.warnings.is_empty(), "{}", result.text());
        assert_eq!(result.schema.is_valid(), Some(true));
    }
    loader.check_plugins().unwrap();
    let mut ours = loader.describe().unwrap();
    sort_sets(&mut theirs);
    sort_sets(&mut ours);
    let mut different = Vec::new();
    for kind in ["rules", "macros", "lists"] {
        let by_name = |value: &Value| -> BTreeMap<String, Value> {
            let items = value[kind].as_array().unwrap().iter();
            items.map(|it| (it["info"]["name"].to_string(), it.clone())).collect()
        };
        let (theirs, ours) = (by_name(&theirs), by_name(&ours));
        assert_eq!(theirs.keys().collect::<Vec<_>>(), ours.keys().collect::<Vec<_>>());
        for (name, theirs) in theirs {
            for part in ["info", "details"] {
                for (key, value) in theirs[part].as_object().unwrap() {
                    if ours[&name][part][key] != *value {
                        let ours = &ours[&name][part][key];
                        different.push(format!("{name} {key}\n  theirs {value}\n  ours   {ours}"));
                    }
                }
            }
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert_eq!(theirs, ours);
}
