//! `replay`, from outside: alerts, JSON alone on stdout, failures.

use std::fs;

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::bed::{Bed, Run, repository};

/// Two rules, of which one event matches both.
const RULES: &str = "\
- rule: Shadow read
  desc: d
  condition: evt.type=openat and fd.name=/etc/shadow
  output: Read %fd.name by %proc.name
  priority: WARNING
  tags: [files, b]
- rule: Anything of cat
  desc: d
  condition: evt.type=openat and proc.name=cat
  output: cat opened %fd.name
  priority: INFO
  tags: [noise]
";

/// Replays the bundled capture through [`RULES`].
fn replay(options: &[&str]) -> Run {
    let bed = Bed::new().file("rules.yaml", RULES);
    let capture = repository("examples/web-shell.scap");
    let mut arguments = vec!["replay", capture.to_str().unwrap(), "-r", "rules.yaml"];
    for option in options {
        arguments.extend(["-o", option]);
    }
    bed.run_with(&arguments)
}

#[track_caller]
fn check(options: &[&str], expected: &Expect) {
    expected.assert_eq(replay(options).success());
}

#[test]
fn alerts_are_lines_of_text() {
    check(
        &[],
        &expect![[r#"
        00:00:06.443000000: Warning Read /etc/shadow by cat
        00:00:06.444000000: Informational cat opened /var/run/secrets/kubernetes.io/serviceaccount/token
    "#]],
    );
}

#[test]
fn every_rule_may_alert() {
    check(
        &["rule_matching=all"],
        &expect![[r#"
        00:00:06.443000000: Warning Read /etc/shadow by cat
        00:00:06.443000000: Informational cat opened /etc/shadow
        00:00:06.444000000: Informational cat opened /var/run/secrets/kubernetes.io/serviceaccount/token
    "#]],
    );
}

#[test]
fn alerts_are_json() {
    check(
        &["json_output=true"],
        &expect![[r#"
        {"hostname":"host","output":"00:00:06.443000000: Warning Read /etc/shadow by cat","output_fields":{"evt.time":1767225606443000000,"fd.name":"/etc/shadow","proc.name":"cat"},"priority":"Warning","rule":"Shadow read","source":"syscall","tags":["b","files"],"time":"2026-01-01T00:00:06.443000000Z"}
        {"hostname":"host","output":"00:00:06.444000000: Informational cat opened /var/run/secrets/kubernetes.io/serviceaccount/token","output_fields":{"evt.time":1767225606444000000,"fd.name":"/var/run/secrets/kubernetes.io/serviceaccount/token"},"priority":"Informational","rule":"Anything of cat","source":"syscall","tags":["noise"],"time":"2026-01-01T00:00:06.444000000Z"}
    "#]],
    );
}

#[test]
fn parts_of_json_are_switched() {
    check(
        &[
            "json_output=true",
            "json_include_message_property=true",
            "json_include_output_property=false",
            "json_include_tags_property=no",
            "json_include_output_fields_property=off",
            "time_format_iso_8601=true",
            "priority=warning",
        ],
        &expect![[r#"
            {"hostname":"host","message":"Read /etc/shadow by cat","priority":"Warning","rule":"Shadow read","source":"syscall","time":"2026-01-01T00:00:06.443000000Z"}
        "#]],
    );
}

#[test]
fn rules_are_selected() {
    check(
        &["rules[].disable.rule=Shadow*", "time_format_iso_8601=true"],
        &expect![[r#"
        2026-01-01T00:00:06.443000000+0000: Informational cat opened /etc/shadow
        2026-01-01T00:00:06.444000000+0000: Informational cat opened /var/run/secrets/kubernetes.io/serviceaccount/token
    "#]],
    );
    check(
        &["rules[].disable.rule=*", "rules[].enable.tag=files"],
        &expect![[r#"
        00:00:06.443000000: Warning Read /etc/shadow by cat
    "#]],
    );
}

#[test]
fn outputs_are_extended() {
    check(
        &[
            "priority=warning",
            "append_output[0].suggested_output=true",
            "append_output[1].extra_output=type=%evt.type",
            "append_output[1].match.rule=Shadow read",
            "append_output[2].extra_fields[0]=proc.pid",
            "append_output[2].match.tags[0]=files",
            "static_fields.site=lab",
            "json_output=true",
        ],
        &expect![[r#"
            {"hostname":"host","output":"00:00:06.443000000: Warning Read /etc/shadow by cat static_site=lab container_id=3f1c9a7be204 container_name=shop container_image_repository=registry.example/shop/web container_image_tag=2.4 k8s_pod_name=<NA> k8s_ns_name=<NA> type=openat","output_fields":{"container.id":"3f1c9a7be204","container.image.repository":"registry.example/shop/web","container.image.tag":"2.4","container.name":"shop","evt.time":1767225606443000000,"evt.type":"openat","fd.name":"/etc/shadow","k8s.ns.name":null,"k8s.pod.name":null,"proc.name":"cat","proc.pid":2203,"static.site":"lab"},"priority":"Warning","rule":"Shadow read","source":"syscall","tags":["b","files"],"time":"2026-01-01T00:00:06.443000000Z"}
        "#]],
    );
}

#[test]
fn static_fields_are_fields() {
    let rules = "- rule: Here\n  desc: d\n  priority: ERROR\n  output: at %static.site.\n  \
                 condition: evt.type = openat and static.site = \"50% lab\"\n";
    let bed = Bed::new().file("rules.yaml", rules);
    let capture = repository("examples/web-shell.scap");
    let replay = ["replay", capture.to_str().unwrap(), "-r", "rules.yaml"];
    let run = bed.run_with(&[&replay[..], &["-o", "static_fields.site=50% lab"]].concat());
    let first = run.success().lines().next().unwrap();
    assert!(first.ends_with(": Error at 50% lab."), "{first}");
    let run = bed.run_with(&replay);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("nonexistent field static.site"), "{}", run.stderr);
}

#[test]
fn stdout_is_json_alone() {
    let bed = Bed::new().file("rules.yaml", RULES);
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let run = bed.run_with(&[
        "replay",
        capture,
        "-r",
        "rules.yaml",
        "-o",
        "json_output=true",
        "-o",
        "no_such_key=1",
        "--stats",
    ]);
    assert_eq!(run.code, 0);
    for line in run.stdout.lines() {
        assert!(serde_json::from_str::<Value>(line).unwrap().is_object());
    }
    assert_eq!(run.stdout.lines().count(), 2);
    assert!(run.stderr.starts_with("warning: configuration: unknown key `no_such_key`\n"));
    assert!(run.stderr.contains("\nalerts   2\n"), "{}", run.stderr);
}

#[test]
fn truncated_capture_gives_its_alerts_and_a_location() {
    let bed = Bed::new().file("rules.yaml", RULES);
    let capture = repository("examples/web-shell.scap");
    bed.run_with(&["capture", "merge", capture.to_str().unwrap(), "--plain", "-w", "whole.scap"])
        .success();
    let whole = fs::read(bed.path("whole.scap")).unwrap();
    let bed = bed.file("cut.scap", &whole[..whole.len() - 10]);
    let run = bed.run("replay cut.scap -r rules.yaml");
    assert_eq!((run.code, run.stdout.lines().count()), (3, 2));
    assert!(run.stderr.starts_with("error: capture `cut.scap`: "), "{}", run.stderr);
    assert!(run.stderr.contains(" at byte "), "{}", run.stderr);
}

#[test]
fn damaged_captures_never_panic() {
    let bed = Bed::new().file("rules.yaml", RULES);
    let capture = repository("examples/web-shell.scap");
    bed.run_with(&["capture", "merge", capture.to_str().unwrap(), "--plain", "-w", "whole.scap"])
        .success();
    let whole = fs::read(bed.path("whole.scap")).unwrap();
    for step in 0..40 {
        let mut damaged = whole.clone();
        let at = step * damaged.len() / 40;
        damaged[at] ^= 0xff;
        fs::write(bed.path("damaged.scap"), damaged).unwrap();
        let run = bed.run("replay damaged.scap -r rules.yaml");
        assert!([0, 3].contains(&run.code), "byte {at}: {} {}", run.code, run.stderr);
    }
}

#[test]
fn failures_have_codes_of_their_own() {
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let bed = Bed::new().file("rules.yaml", RULES).file("x.scap", "no capture");
    expect![[r#"
        2 error: no rules files: name at least one (*.yaml, *.yml)
    "#]]
    .assert_eq(&bed.run_with(&["replay", capture]).failure());
    expect![[r#"
        4 error: Could not open for reading: none.yaml: No such file or directory (os error 2)
    "#]]
    .assert_eq(&bed.run_with(&["replay", capture, "-r", "none.yaml"]).failure());
    expect![[r#"
        4 error: cannot open capture `none.scap`: No such file or directory (os error 2)
    "#]]
    .assert_eq(&bed.run("replay none.scap -r rules.yaml").failure());
    expect![[r#"
        3 error: capture `x.scap`: this is no capture: block type 0x63206f6e where a section header has to be at byte 0
    "#]]
    .assert_eq(&bed.run("replay x.scap -r rules.yaml").failure());
}

#[test]
fn rejected_rules_are_explained() {
    let capture = repository("examples/web-shell.scap");
    let rules = RULES.replace("fd.name=/etc/shadow", "fd.nome=/etc/shadow");
    let bed = Bed::new().file("rules.yaml", rules);
    let run = bed.run_with(&["replay", capture.to_str().unwrap(), "-r", "rules.yaml"]);
    expect![[r#"
        1 error: rules.yaml: Invalid
        1 Errors:
        In rules content: (rules.yaml:0:0)
            rule 'Shadow read': (rules.yaml:0:2)
            rule condition: (rules.yaml:2:13)
            condition expression: ("evt.type=openat a...":3:34)
        ------
        evt.type=openat and fd.nome=/etc/shadow
                                              ^
        ------
        LOAD_ERR_COMPILE_CONDITION (Error compiling condition): filter_check called with nonexistent field fd.nome
        --> rules.yaml, line 3, column 34
          condition: evt.type=openat and fd.nome=/etc/shadow
                                         ^^^^^^^
    "#]].assert_eq(&run.failure());
}

#[test]
fn buffers_are_shown_in_base64() {
    let rules = "- rule: W\n  desc: d\n  condition: evt.type=write\n  output: '%evt.buffer %evt.rawarg.data'\n  \
                 priority: INFO\n";
    let bed = Bed::new()
        .file("w.yaml", "events: [{type: write, args: {res: 3, fd: 1, data: hi!}}]\n")
        .file("rules.yaml", rules);
    bed.run("capture build w.yaml -w w.scap").success();
    let plain = bed.run("replay w.scap -r rules.yaml");
    assert!(plain.success().ends_with(" Informational hi! hi!\n"), "{}", plain.stdout);
    let encoded = bed.run("replay w.scap -r rules.yaml -o buffer_format_base64=true");
    // Falco encodes the first twice.
    assert!(encoded.success().ends_with(" Informational YUdraA== aGkh\n"), "{}", encoded.stdout);
}
