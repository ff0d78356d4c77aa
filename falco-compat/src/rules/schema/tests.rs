//! The schema's verdicts, compared with those of Falco's validator.

use expect_test::{Expect, expect};

use super::*;

fn render(text: &str) -> String {
    let Ok(documents) = Documents::parse(text) else { return "not YAML".to_owned() };
    match validate(&documents) {
        Ok(status) => status.0.join("\n"),
        Err(error) => format!("error: {error}"),
    }
}

#[track_caller]
fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&render(text));
}

#[test]
fn every_level_of_a_problem_is_reported() {
    check(
        "- rule: R\n  priority: warn\n",
        &expect![[r"
            failed for <root>[0][priority]: Failed to match against any enum values.
            failed for <root>[0]: Failed to validate against schema associated with property name 'priority'.
            failed for <root>: Failed to validate item #0 in array."]],
    );
}

#[test]
fn lists_hold_texts() {
    check(
        "- list: l\n  items: [a, ]\n- list: m\n  items: [null]\n",
        &expect![[r"
            failed for <root>[1][items][0]: Value type not permitted by 'type' constraint.
            failed for <root>[1][items][0]: Failed to validate against child schema #0.
            failed for <root>[1][items][0]: Value type not permitted by 'type' constraint.
            failed for <root>[1][items][0]: Failed to validate against child schema #1.
            failed for <root>[1][items][0]: Failed to validate against any schemas allowed by anyOf constraint.
            failed for <root>[1][items]: Failed to validate item #0 in array.
            failed for <root>[1]: Failed to validate against schema associated with property name 'items'.
            failed for <root>: Failed to validate item #1 in array."]],
    );
}

#[test]
fn unknown_and_duplicate_keys_fail() {
    check(
        "- rule: R\n  foo: 1\n",
        &expect![[r"
            failed for <root>[0]: Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: 'foo'.
            failed for <root>: Failed to validate item #0 in array."]],
    );
    check(
        "- rule: R\n  rule: R\n",
        &expect![[r"
            failed for <root>[0]: Object contains a property that could not be validated using 'properties' or 'additionalProperties' constraints: ''.
            failed for <root>: Failed to validate item #0 in array."]],
    );
}

#[test]
fn keys_must_be_texts() {
    check("- {[a]: b}\n", &expect!["error: yaml-cpp: error at line 1, column 4: bad conversion"]);
}

/// As in the tests of YAML, for comparing with the validator itself.
#[test]
fn validates_cases_of_another_validator() {
    let Ok(path) = std::env::var("INNERWARDEN_SCHEMA_CASES") else { return };
    let cases = std::fs::read(&path).unwrap();
    let mut rest = cases.as_slice();
    let mut out = String::new();
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let length: usize = std::str::from_utf8(&rest[..end]).unwrap().parse().unwrap();
        let text = std::str::from_utf8(&rest[end + 1..end + 1 + length]).unwrap();
        out.push_str(&render(text).replace('\n', "|"));
        out.push('\n');
        rest = &rest[end + 1 + length..];
    }
    std::fs::write(path + ".out", out).unwrap();
}
