//! `doctor`, from outside.

use serde_json::Value;

use crate::bed::Bed;

#[test]
fn every_check_has_its_say() {
    let run = Bed::new().run("doctor --json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let can_run = report["can_run"].as_bool().unwrap();
    assert_eq!(run.code, if can_run { 0 } else { 10 }, "{}", run.stderr);
    let findings = report["findings"].as_array().unwrap();
    let mut checks: Vec<_> = findings.iter().map(|it| it["check"].as_str().unwrap()).collect();
    checks.dedup();
    let expected = [
        "kernel",
        "btf",
        "capabilities",
        "memory",
        "lsm",
        "probes",
        "tracefs",
        "cgroups",
        "namespaces",
        "runtimes",
        "kubernetes",
        "falco",
        "rules",
    ];
    assert_eq!(checks, expected);
    for finding in findings {
        let has = |key: &str| finding[key].is_string();
        assert!(has("found"), "{finding}");
        assert!(finding["state"] == "ok" || has("costs") || has("do"), "{finding}");
    }
    // Root of a machine whose kernel has BTF can run probes, or says why not.
    let why = findings.iter().any(|it| it["state"] == "missing");
    assert!(can_run || why, "{report}");
}

#[test]
fn people_get_a_line_for_each_finding() {
    let run = Bed::new().run("doctor");
    assert!(run.stdout.lines().any(|it| it.contains(" kernel        Linux ")), "{}", run.stdout);
    assert!(!run.stdout.contains('\x1b'), "no colours but on a terminal");
}

#[test]
fn a_wrong_configuration_is_a_finding() {
    let run = Bed::new().file("c.yaml", "nonsense: 1\n").run("doctor -c c.yaml");
    assert!(run.stdout.contains("unknown key `nonsense`"), "{}", run.stdout);
}
