//! Rules and the system calls that are recorded for them.

use super::*;
use crate::config::Settings;
use falco_compat::rules::Loader;

/// What is recorded for a rule with this condition.
fn recorded(condition: &str) -> Selection {
    let text =
        format!("- rule: r\n  desc: d\n  condition: {condition}\n  output: o\n  priority: INFO\n");
    let mut loader = Loader::new(Settings::default().loading());
    let result = loader.load("rules.yaml", text.as_bytes());
    assert!(result.is_successful(), "{}", result.text());
    select(&loader.rules_in_force(&[]), &Settings::default().base_syscalls)
}

#[track_caller]
fn check(condition: &str, with: &[&str], without: &[&str]) {
    let selection = recorded(condition);
    for name in with {
        assert!(selection.contains(name), "{condition}: no {name}");
    }
    for name in without {
        assert!(!selection.contains(name), "{condition}: {name}");
    }
}

#[test]
fn calls_are_recorded_that_rules_ask_for() {
    check("evt.type = chmod", &["chmod"], &["fchmod", "mkdir", "unlink"]);
    check("evt.type in (mkdir, unlink)", &["mkdir", "unlink"], &["chmod", "mkdirat"]);
    check("evt.type = getitimer", &["getitimer"], &["setitimer", "chmod"]);
}

#[test]
fn calls_are_recorded_that_the_state_needs() {
    const STATE: [&str; 6] = ["clone", "execve", "chdir", "setuid", "fork", "prctl"];
    check("evt.type = chmod", &STATE, &["getuid", "stat", "futex"]);
    check("evt.type = mkdir", &STATE, &["getuid", "stat", "futex"]);
}

#[test]
fn new_rules_change_what_is_recorded() {
    let (before, after) = (recorded("evt.type = chmod"), recorded("evt.type = mkdir"));
    let both = before.union(&after);
    assert!(before.contains("chmod") && !before.contains("mkdir"));
    assert!(!after.contains("chmod") && after.contains("mkdir"));
    assert!(both.contains("chmod") && both.contains("mkdir"));
    let names: BTreeSet<_> = before.names().chain(after.names()).collect();
    assert_eq!(both.names().collect::<BTreeSet<_>>(), names);
}
