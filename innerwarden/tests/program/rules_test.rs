//! `rules test`, from outside.

use std::fs;

use expect_test::{Expect, expect};

use crate::bed::{Bed, repository};

const RULES: &str = "\
- rule: Shadow read
  desc: d
  condition: evt.type=openat and fd.name=/etc/shadow
  output: Read %fd.name by %proc.name
  priority: WARNING
";

const CASES: &str = "\
rules: rules.yaml
cases:
  - name: reading the password file alerts
    threads: [{tid: 7, comm: cat}]
    events:
      - {type: openat, tid: 7, args: {fd: 3, dirfd: AT_FDCWD, name: /etc/shadow, flags: O_RDONLY}}
    expect:
      - {rule: Shadow read, priority: Warning, contains: by cat, fields: {fd.num: ~}}
  - name: nothing else does
    events:
      - {type: openat, args: {fd: 3, dirfd: AT_FDCWD, name: /etc/hosts, flags: O_RDONLY}}
    expect: []
";

#[track_caller]
fn check(cases: &str, expected: &Expect) {
    let bed = Bed::new().file("rules.yaml", RULES).file("cases.yaml", cases);
    let run = bed.run("rules test cases.yaml");
    expected.assert_eq(&format!("{} {}{}", run.code, run.stderr, run.stdout));
}

#[test]
fn the_bundled_story_raises_its_alerts() {
    let story = repository("examples/web-shell.yaml");
    let run = Bed::new().run_with(&["rules", "test", story.to_str().unwrap()]);
    expect![[r#"
        ok      break-in through a web shell
        1 passed, 0 failed
    "#]]
    .assert_eq(run.success());
}

#[test]
fn the_bundled_capture_raises_the_same_alerts() {
    let text = fs::read_to_string(repository("examples/web-shell.yaml")).unwrap();
    let (_, expected) = text.split_once("    expect:\n").unwrap();
    let (rules, capture) =
        (repository("rules/innerwarden_rules.yaml"), repository("examples/web-shell.scap"));
    let cases = format!(
        "cases:\n  - name: capture\n    rules: {}\n    options: rule_matching=all\n    capture: {}\n    \
         expect:\n{expected}",
        rules.display(),
        capture.display()
    );
    let run = Bed::new().file("cases.yaml", cases).run("rules test cases.yaml");
    assert_eq!(run.success(), "ok      capture\n1 passed, 0 failed\n");
}

#[test]
fn operations_of_io_uring_are_noticed() {
    let cases = format!(
        "cases:\n  - name: ring\n    rules: {}\n    threads:\n      - {{tid: 10, comm: thief}}\n      \
         - {{tid: 11, comm: postgres}}\n    events:\n      - {{type: close, tid: 10, args: {{fd: 3}}}}\n      - &event\n        type: asyncevent\n        \
         dir: '>'\n        tid: 10\n        args: {{plugin_id: 0, name: io_uring_enter, data: openat /etc/shadow}}\n      \
         - {{<<: *event, tid: 11}}\n    expect:\n      - rule: Opened or connected through io_uring\n        \
         priority: Notice\n        contains: [operation=openat /etc/shadow, command=thief]\n",
        repository("rules/innerwarden_rules.yaml").display(),
    );
    let run = Bed::new().file("cases.yaml", cases).run("rules test cases.yaml");
    assert_eq!(run.success(), "ok      ring\n1 passed, 0 failed\n");
}

#[test]
fn cases_pass_or_show_the_difference() {
    check(
        &CASES.replace("{fd.num: ~}", "{fd.name: /etc/shadow}"),
        &expect![[r#"
        0 ok      reading the password file alerts
        ok      nothing else does
        2 passed, 0 failed
    "#]],
    );
    check(
        &CASES.replace("by cat", "by dog"),
        &expect![[r#"
        7 FAILED  reading the password file alerts (cases.yaml:3)
            ~ Shadow read: output contains: expected `by dog`, found `00:00:00.001000000: Warning Read /etc/shadow by cat`
        ok      nothing else does
        1 passed, 1 failed
    "#]],
    );
    check(
        &CASES.replace("/etc/hosts", "/etc/shadow"),
        &expect![[r#"
        7 ok      reading the password file alerts
        FAILED  nothing else does (cases.yaml:9)
            + Shadow read (came, was not expected): 00:00:00.001000000: Warning Read /etc/shadow by <NA>
        1 passed, 1 failed
    "#]],
    );
}

#[test]
fn wrong_cases_have_a_location() {
    check(
        &CASES.replace("expect: []", "expects: []"),
        &expect![[r#"
        8 error: cases.yaml: line 12: `cases[1].expects`: unknown key; known are name, rules, options, capture, threads, events, expect
    "#]],
    );
    check(
        &CASES.replace("type: openat, args", "type: opennat, args"),
        &expect![[r#"
        8 error: cases.yaml: line 11: `cases[1].events[0].type`: unknown event type `opennat`; `innerwarden rules events` lists them
    "#]],
    );
    check(
        "cases: [",
        &expect![[r#"
            8 error: cases.yaml: line 1, column 1: end of sequence flow not found
        "#]],
    );
    check(
        "rules: none.yaml\ncases: [{name: n, events: [], expect: []}]",
        &expect![[r#"
        7 FAILED  n (cases.yaml:2)
            Could not open for reading: none.yaml: No such file or directory (os error 2)
        0 passed, 1 failed
    "#]],
    );
}

#[test]
fn a_bad_option_is_no_failed_case() {
    let bed = Bed::new().file("rules.yaml", RULES).file("cases.yaml", CASES);
    expect![[r#"
        5 error: configuration: `rule_matching`: expected `first` or `all`, found `some`
    "#]]
    .assert_eq(&bed.run("rules test cases.yaml -o rule_matching=some").failure());
}

#[test]
fn results_are_written_as_junit() {
    let bed = Bed::new().file("rules.yaml", RULES).file("cases.yaml", CASES);
    let run = bed.run("rules test cases.yaml --junit out.xml");
    assert_eq!(run.code, 0, "{}", run.stdout);
    let report = fs::read_to_string(bed.path("out.xml")).unwrap();
    assert!(report.contains("tests=\"2\" failures=\"0\" errors=\"0\""), "{report}");
    assert_eq!(bed.run("rules test cases.yaml cases.yaml --junit out.xml").code, 2);
}
