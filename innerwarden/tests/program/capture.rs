//! `capture …`, from outside.

use std::{fs, process::Command};

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::bed::{Bed, repository};

#[track_caller]
fn check_info(content: &[u8], expected: &Expect) {
    let run = Bed::new().file("x.scap", content).run("capture info x.scap");
    assert_eq!(run.stderr, "", "info reports on stdout");
    let report: Vec<_> = run.stdout.lines().take(2).collect();
    expected.assert_eq(&format!("{} {}", run.code, report.join("\n")));
}

#[test]
fn garbage_is_no_capture() {
    check_info(
        b"",
        &expect![[r#"
        3 capture     x.scap
        complete    no: capture `x.scap`: expecting 8 bytes, found 0 (is the file truncated?) at byte 0"#]],
    );
    check_info(
        b"hello, this is not a capture at all",
        &expect![[r#"
            3 capture     x.scap
            complete    no: capture `x.scap`: this is no capture: block type 0x6c6c6568 where a section header has to be at byte 0"#]],
    );
    check_info(
        &[0x1f, 0x8b, 8, 0, 0, 0],
        &expect![[r#"
        3 capture     x.scap
        complete    no: capture `x.scap`: expecting 8 bytes, found 0 (is the file truncated?) at byte 0"#]],
    );
}

#[test]
fn example_is_built_from_its_story() {
    let bed = Bed::new();
    let (story, capture) =
        (repository("examples/web-shell.yaml"), repository("examples/web-shell.scap"));
    let (story, capture) = (story.to_str().unwrap(), capture.to_str().unwrap());
    bed.run_with(&["capture", "build", story, "--plain", "-w", "built.scap"]).success();
    // Copies it without compression, whose bytes may differ.
    bed.run_with(&["capture", "merge", capture, "--plain", "-w", "bundled.scap"]).success();
    let same =
        fs::read(bed.path("built.scap")).unwrap() == fs::read(bed.path("bundled.scap")).unwrap();
    assert!(
        same,
        "run `innerwarden capture build examples/web-shell.yaml -w examples/web-shell.scap`"
    );
}

#[test]
fn truncated_capture_is_reported_with_its_events() {
    let bed = Bed::new();
    let capture = repository("examples/web-shell.scap");
    bed.run_with(&["capture", "merge", capture.to_str().unwrap(), "--plain", "-w", "whole.scap"])
        .success();
    let whole = fs::read(bed.path("whole.scap")).unwrap();
    let bed = bed.file("cut.scap", &whole[..whole.len() - 10]);
    let run = bed.run("capture info cut.scap");
    assert_eq!((run.code, run.stderr.as_str()), (3, ""));
    assert!(run.stdout.contains("\nevents      44\n"), "{}", run.stdout);
    assert!(run.stdout.contains("is the file truncated?"), "{}", run.stdout);
}

#[test]
fn captures_that_overlap_become_one_section() {
    let bed = Bed::new()
        .file("a.yaml", "events:\n- {type: close, repeat: 3, after_ms: 10}\n")
        .file("b.yaml", "events:\n- {type: dup, repeat: 3, after_ms: 11}\n");
    bed.run("capture build a.yaml -w a.scap").success();
    bed.run("capture build b.yaml -w b.scap").success();
    bed.run("capture merge b.scap a.scap -w ab.scap").success();
    let info: Value =
        serde_json::from_str(bed.run("capture info --json ab.scap").success()).unwrap();
    assert_eq!((info["sections"].as_array().unwrap().len(), &info["events"]), (1, &6.into()));
}

#[test]
fn captures_that_follow_each_other_stay_sections() {
    let bed = Bed::new()
        .file("a.yaml", "events:\n- {type: close, repeat: 3}\n")
        .file("b.yaml", "events:\n- {type: dup, after_ms: 500}\n");
    bed.run("capture build a.yaml -w a.scap").success();
    bed.run("capture build b.yaml -w b.scap").success();
    bed.run("capture merge b.scap a.scap -w ab.scap").success();
    let info: Value =
        serde_json::from_str(bed.run("capture info --json ab.scap").success()).unwrap();
    let events: Vec<_> =
        info["sections"].as_array().unwrap().iter().map(|it| &it["events"]).collect();
    assert_eq!(events, [3, 1]);
}

#[test]
fn failed_writing_leaves_nothing_behind() {
    let bed = Bed::new().file("x.scap", b"no capture").file("empty.yaml", "events: []\n");
    assert_eq!(bed.run("capture merge x.scap -w out.scap").code, 3);
    assert_eq!(bed.run("capture build empty.yaml -w out.scap").code, 3);
    assert_eq!(bed.run("capture merge x.scap -w none/out.scap").code, 3);
    assert_eq!(bed.run("capture build empty.yaml -w none/out.scap").code, 4);
    assert!(!bed.path("out.scap").exists() && !bed.path("out.scap.partial").exists());
}

#[test]
fn events_are_printed_in_any_format() {
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let run = Bed::new().run_with(&[
        "capture",
        "cat",
        capture,
        "-n",
        "2",
        "-p",
        "%evt.num %evt.time %evt.type %fd.name %container.name",
    ]);
    expect![[r#"
        2 00:00:00.002000000 openat /var/www/html/index.php shop
        3 00:00:00.003000000 close /var/www/html/index.php shop
    "#]]
    .assert_eq(run.success());
}

#[test]
fn unknown_field_in_a_format_is_named() {
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let run =
        Bed::new().run_with(&["capture", "cat", capture, "-p", "%evt.num and %evt.nothing at all"]);
    expect![[r#"
        6 error: format: no field at `%evt.nothing`; `innerwarden rules fields` lists them
    "#]]
    .assert_eq(&run.failure());
}

#[test]
fn reader_that_leaves_ends_it_quietly() {
    let script = "$0 capture cat \"$1\" | head -n 1; echo ${PIPESTATUS[0]}";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_innerwarden")])
        .arg(repository("examples/web-shell.scap"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.stdout.ends_with(b"\n0\n"));
}

#[test]
fn sysdig_opens_what_we_write() {
    let capture = repository("examples/web-shell.scap");
    let Ok(output) = Command::new("sysdig").arg("-r").arg(capture).output() else {
        eprintln!("skipped: sysdig is not installed");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    // It leaves out types that are younger than it is, and reads on to the last event.
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.lines().last().unwrap().contains("< setns"), "{text}");
}

#[test]
fn condition_chooses_what_is_printed() {
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let condition = "evt.type=connect and fd.sport=3333";
    let run =
        Bed::new().run_with(&["capture", "cat", capture, condition, "-p", "%evt.num %fd.name"]);
    expect![[r#"
        31 172.17.0.2:51250->198.51.100.77:3333
    "#]]
    .assert_eq(run.success());
}

#[test]
fn wrong_condition_is_underlined() {
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let bed = Bed::new();
    let unknown = bed.run_with(&["capture", "cat", capture, "evt.type=open and fd.sporty=1"]);
    expect![[r#"
        6 error: condition, line 1, column 19: filter_check called with nonexistent field fd.sporty
          evt.type=open and fd.sporty=1
                            ^
    "#]]
    .assert_eq(&unknown.failure());
    let broken = bed.run_with(&["capture", "filter", capture, "evt.type=(", "-w", "out.scap"]);
    expect![[r#"
        6 error: condition, line 1, column 10: expected a string value or a field with a valid transformer: 'val', 'tolower', 'toupper', 'b64', 'basename', 'len', 'join', 'concat', 'getopt'
          evt.type=(
                   ^
    "#]].assert_eq(&broken.failure());
}

#[test]
fn filtered_capture_still_knows_the_host() {
    let capture = repository("examples/web-shell.scap");
    let capture = capture.to_str().unwrap();
    let bed = Bed::new();
    let condition = "evt.type=connect and fd.sport=3333";
    bed.run_with(&["capture", "filter", capture, condition, "-w", "out.scap"]).success();
    let format = "%proc.exepath %proc.aname[3] %container.name %fd.name";
    let run = bed.run_with(&["capture", "cat", "out.scap", "-p", format]);
    expect![[r#"
        /tmp/.cache/kworker containerd-shim shop 172.17.0.2:51250->198.51.100.77:3333
    "#]]
    .assert_eq(run.success());
    bed.run_with(&["capture", "filter", capture, condition, "--no-state", "-w", "out.scap"])
        .success();
    assert!(bed.run("capture info out.scap").success().contains("\nevents      1\n"));
}

#[test]
fn filtered_capture_raises_the_same_alerts() {
    let capture = repository("examples/web-shell.scap");
    let rules = repository("rules/innerwarden_rules.yaml");
    let (capture, rules) = (capture.to_str().unwrap(), rules.to_str().unwrap());
    let bed = Bed::new();
    bed.run_with(&["capture", "filter", capture, "evt.type=execve", "-w", "out.scap"]).success();
    let replay = |capture| {
        let options = ["-r", rules, "-o", "rule_matching=all", "-o", "json_output=true"];
        bed.run_with(&[&["replay", capture][..], &options].concat()).success().to_owned()
    };
    let (whole, part) = (replay(capture), replay("out.scap"));
    let shells: Vec<_> = whole.lines().filter(|it| part.contains(it)).collect();
    assert_eq!(part.lines().collect::<Vec<_>>(), shells);
    assert_eq!((part.lines().count(), whole.lines().count()), (10, 22));
}

#[test]
fn a_capture_is_never_written_over_itself() {
    let whole = fs::read(repository("examples/web-shell.scap")).unwrap();
    let bed = Bed::new().file("x.scap", &whole);
    for arguments in ["filter x.scap evt.num=1 -w ./x.scap", "merge x.scap -w x.scap"] {
        let run = bed.run(&format!("capture {arguments}"));
        assert_eq!(run.code, 2, "{arguments}");
        assert!(run.stderr.contains("`x.scap` is being read"), "{}", run.stderr);
    }
    assert!(fs::read(bed.path("x.scap")).unwrap() == whole);
}
