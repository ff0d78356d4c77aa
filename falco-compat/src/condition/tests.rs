//! Every condition that a real Falco has judged.

use std::io::Read as _;
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value as Json;

use super::*;

/// Rows of a file of the conformance data; empty, and said so, if the data is not there.
fn rows(name: &str) -> Vec<Json> {
    let shared = std::env::var_os("INNERWARDEN_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let path = shared.join("conformance/vectors").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: there is no {}", path.display());
        }
        return Vec::new();
    };
    let mut text = String::new();
    if path.extension().is_some_and(|it| it == "gz") {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What we say of a condition, in the words of the conformance data.
fn judge(text: &str) -> Json {
    let failed = |code: &str, message: String| serde_json::json!({"code": code, "error": message});
    let expr = match parse(text) {
        Ok(expr) => expr,
        Err(error) => return failed("LOAD_ERR_COMPILE_CONDITION", error.message),
    };
    let expr = match MacroTable::new().resolve(&expr) {
        Ok((expr, _)) => expr,
        Err(error) => return failed("LOAD_ERR_VALIDATE", error.message),
    };
    let mut messages = Vec::new();
    for index in warnings::of(&expr).deprecated {
        messages.push(serde_json::json!([
            "LOAD_DEPRECATED_ITEM",
            warnings::DEPRECATED_FIELDS[index].1
        ]));
    }
    match compile(&expr) {
        Ok((_, warnings)) => messages.extend(
            warnings
                .into_iter()
                .map(|it| serde_json::json!(["LOAD_COMPILE_CONDITION", it.message])),
        ),
        Err(error) => return failed("LOAD_ERR_COMPILE_CONDITION", error.message),
    }
    let names = event_names(&expr).unwrap();
    let mut row = serde_json::json!({"compiled": expr.to_string(), "nevents": names.len()});
    if !messages.is_empty() {
        row["warnings"] = messages.into();
    }
    if names.len() < 10 {
        row["events"] = names.into_iter().collect();
    }
    row
}

/// The data was made without the container plugin, whose fields we always have.
fn needs_no_plugin(row: &Json) -> bool {
    let message = row["error"].as_str().unwrap_or_default();
    !message.ends_with("container.id") && !message.ends_with("k8s.ns.name")
}

#[test]
fn conditions_are_judged_as_by_falco() {
    let mut wrong = Vec::new();
    for mut row in rows("conditions-0.44.1.jsonl") {
        let condition = row["cond"].as_str().unwrap().to_owned();
        let fields = row.as_object_mut().unwrap();
        fields.remove("cond");
        fields.remove("ok");
        if needs_no_plugin(&row) && judge(&condition) != row {
            wrong.push(format!("{condition}\n  ours   {}\n  falco  {row}", judge(&condition)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn random_conditions_are_valid_as_by_falco() {
    let mut wrong = Vec::new();
    for row in rows("random-conditions.jsonl.gz") {
        let condition = row["condition"].as_str().unwrap();
        let judged = judge(condition);
        if judged["error"].is_null() != row["valid"].as_bool().unwrap() {
            wrong.push(format!("{condition}\n  {judged}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
