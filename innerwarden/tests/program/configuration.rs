//! `-o` and `-c`, from outside.

use expect_test::{Expect, expect};

use crate::bed::Bed;

#[track_caller]
fn check(arguments: &str, expected: &Expect) {
    let bed = Bed::new()
        .file("bad.yaml", "json_output: true\npriority: [x\n")
        .file("wrong.yaml", "json_output: true\npriority: loud\n");
    expected.assert_eq(&bed.run(&format!("replay x.scap -r r.yaml {arguments}")).failure());
}

#[test]
fn option_without_value() {
    check(
        "-o json_output",
        &expect![[r#"
        5 error: option `-o json_output`: must be of the form `key=value` or `key.subkey=value`
    "#]],
    );
}

#[test]
fn option_with_wrong_value() {
    check(
        "-o json_output=maybe",
        &expect![[r#"
        5 error: configuration: `json_output`: expected true or false, found `maybe`
    "#]],
    );
}

#[test]
fn option_with_broken_path() {
    check(
        "-o append_output[0=1",
        &expect![[r#"
        5 error: option `-o append_output[0=1`: key `append_output[0`, position 13: `[` without `]`
    "#]],
    );
}

#[test]
fn file_that_is_missing() {
    check(
        "-c none.yaml",
        &expect![[r#"
        4 error: cannot read `none.yaml`: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn file_that_is_no_yaml() {
    check(
        "-c bad.yaml",
        &expect![[r#"
            5 error: bad.yaml: line 3, column 1: end of sequence flow not found
        "#]],
    );
}

#[test]
fn file_with_wrong_value_has_a_line() {
    check(
        "-c wrong.yaml",
        &expect![[r#"
        5 error: wrong.yaml: line 2: `priority`: expected a priority (emergency, alert, critical, error, warning, notice, informational, debug), found `loud`
    "#]],
    );
}

#[test]
fn rules_files_that_do_not_exist_are_left_out() {
    let bed = Bed::new()
        .file("falco.yaml", "rules_files: [good.yaml, good.local.yaml, rules.d]\n")
        .file("good.yaml", "- list: l\n  items: []\n");
    expect![[r#"
        4 warning: rules_files: good.local.yaml does not exist, left out
        warning: rules_files: rules.d does not exist, left out
        warning: good.yaml: 1 warnings; `innerwarden rules check` shows them
        error: cannot open capture `x.scap`: No such file or directory (os error 2)
    "#]]
    .assert_eq(&bed.run("replay x.scap -c falco.yaml").failure());
    expect![[r#"
        4 error: Could not open for reading: none.yaml: No such file or directory (os error 2)
    "#]]
    .assert_eq(&bed.run("replay x.scap -r none.yaml -c falco.yaml").failure());
}

#[test]
fn included_files_are_merged() {
    let bed = Bed::new()
        .file("falco.yaml", "config_files: [a.yaml, {path: b.yaml, strategy: add-only}, none]\n")
        .file("a.yaml", "rules_files: [first.yaml]\n")
        .file("b.yaml", "rules_files: [second.yaml]\n");
    expect![[r#"
        2 warning: rules_files: first.yaml does not exist, left out
        error: no rules files: name at least one (*.yaml, *.yml)
    "#]]
    .assert_eq(&bed.run("replay x.scap -c falco.yaml").failure());
    let bed = bed.file("b.yaml", "# comment\npriority: loud\n");
    expect![[r#"
        5 error: b.yaml: line 2: `priority`: expected a priority (emergency, alert, critical, error, warning, notice, informational, debug), found `loud`
    "#]].assert_eq(&bed.run("replay x.scap -c falco.yaml").failure());
}
