//! Tests of macros in conditions.

use std::sync::Arc;

use expect_test::{Expect, expect};

use super::super::parse;
use super::*;

#[track_caller]
fn check(macros: &[(&str, &str)], text: &str, expected: &Expect) {
    let mut table = MacroTable::new();
    for (name, tree) in macros {
        table.define(name, Arc::new(parse(tree).unwrap()));
    }
    let actual = match table.resolve(&parse(text).unwrap()) {
        Ok((expr, used)) => format!("{expr} {used:?}"),
        Err(error) => format!("{}: {}", error.position, error.message),
    };
    expected.assert_eq(&actual);
}

#[test]
fn references_become_trees() {
    check(
        &[("a", "x.y=1 or x.y=2"), ("b", "a and x.z=3")],
        "not b or a",
        &expect![[
            r#"(not ((x.y = 1 or x.y = 2) and x.z = 3) or (x.y = 1 or x.y = 2)) ["a", "b"]"#
        ]],
    );
}

#[test]
fn unknown_references_are_reported_where_they_stand() {
    check(
        &[],
        "x.y=1 and no_such",
        &expect!["index 10, line 1, column 11: Undefined macro 'no_such' used in filter."],
    );
}

#[test]
fn loops_are_reported_before_unknown_references() {
    check(
        &[("a", "b"), ("b", "a")],
        "zz and a",
        &expect!["index 0, line 1, column 1: reference loop in macro 'a'"],
    );
}

#[test]
fn doubling_macros_are_stopped() {
    let names: Vec<String> = (0..40).map(|index| format!("m{index}")).collect();
    let trees: Vec<String> = (0..40)
        .map(|index| match index {
            0 => "x.y=1".to_owned(),
            _ => format!("m{0} and m{0}", index - 1),
        })
        .collect();
    let macros: Vec<_> = names.iter().zip(&trees).map(|(n, t)| (n.as_str(), t.as_str())).collect();
    check(
        &macros,
        "m39",
        &expect!["index 0, line 1, column 1: condition has more than 1000000 nodes"],
    );
}
