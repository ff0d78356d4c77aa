//! `rules check` and `rules describe`, from outside.

use expect_test::expect;
use serde_json::Value;

use crate::bed::{Bed, repository};

const GOOD: &str = "\
- list: shells
  items: [sh, bash]
- macro: shell
  condition: proc.name in (shells)
- rule: Shell
  desc: A shell ran.
  condition: evt.type=execve and shell
  output: ran %proc.cmdline
  priority: NOTICE
";

const BAD: &str = "\
- rule: Broken
  desc: d
  condition: evt.type=execve and
  output: o
  priority: NOTICE
";

#[test]
fn good_files_pass() {
    let bed = Bed::new().file("good.yaml", GOOD);
    expect![[r#"
        good.yaml: Ok
    "#]]
    .assert_eq(bed.run("rules check good.yaml").success());
}

#[test]
fn what_is_not_loaded_is_said() {
    let bed = Bed::new().file("good.yaml", GOOD).file("rules.txt", GOOD);
    let run = bed.run("rules check good.yaml rules.txt rulez.d");
    expect![[r#"
        0 warning: rules.txt: not loaded, its name does not end in .yaml or .yml
        warning: rulez.d: not loaded, no such file or folder
    "#]]
    .assert_eq(&format!("{} {}", run.code, run.stderr));
}

#[test]
fn bad_files_are_explained() {
    let bed = Bed::new().file("good.yaml", GOOD).file("bad.yaml", BAD);
    let run = bed.run("rules check good.yaml bad.yaml");
    expect![[r#"
        1 good.yaml: Ok
        bad.yaml: Invalid
        1 Errors:
        In rules content: (bad.yaml:0:0)
            rule 'Broken': (bad.yaml:0:2)
            rule condition: (bad.yaml:2:13)
            condition expression: ("evt.type=execve and":3:33)
        ------
        evt.type=execve and
                          ^
        ------
        LOAD_ERR_COMPILE_CONDITION (Error compiling condition): expected blank or '(' after 'and'
        --> bad.yaml, line 3, column 32
          condition: evt.type=execve and
                                       ^

    "#]]
    .assert_eq(&format!("{} {}{}", run.code, run.stderr, run.stdout));
}

#[test]
fn report_is_json_if_asked() {
    let bed = Bed::new().file("good.yaml", GOOD).file("bad.yaml", BAD);
    let run = bed.run("rules check good.yaml bad.yaml -o json_output=true");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let results = report["falco_load_results"].as_array().unwrap();
    assert_eq!(results.iter().map(|it| &it["successful"]).collect::<Vec<_>>(), [true, false]);
    assert_eq!(results[1]["errors"][0]["code"], "LOAD_ERR_COMPILE_CONDITION");
}

#[test]
fn missing_file_is_named() {
    expect![[r#"
        4 error: Could not open for reading: none.yaml: No such file or directory (os error 2)
    "#]]
    .assert_eq(&Bed::new().run("rules check none.yaml").failure());
}

#[test]
fn rules_are_described() {
    let bed = Bed::new().file("good.yaml", GOOD);
    let all: Value = serde_json::from_str(bed.run("rules describe good.yaml").success()).unwrap();
    let condition = &all["rules"][0]["details"]["condition_compiled"];
    assert_eq!(condition, "(evt.type = execve and proc.name in (sh, bash))");
    let one = bed.run("rules describe good.yaml -l Shell");
    assert!(serde_json::from_str::<Value>(one.success()).unwrap()["rules"].is_array());
    assert!(bed.run("rules describe good.yaml --text").success().contains("A shell ran."));
    let unknown = bed.run("rules describe good.yaml -l Shells");
    expect![[r#"
        1 error: Rule "Shells" is not loaded
    "#]]
    .assert_eq(&unknown.failure());
}

#[test]
fn own_ruleset_is_clean() {
    let rules = repository("rules/innerwarden_rules.yaml");
    let run = Bed::new().run_with(&["rules", "check", rules.to_str().unwrap()]);
    assert!(run.success().ends_with("innerwarden_rules.yaml: Ok\n"), "{}", run.stdout);
}
