//! Conditions that cannot be true of what failed, and some that look so.

use event::EventType as E;

use super::*;
use crate::rules::{Loader, Settings};

fn rules(conditions: &[&str], output: &str) -> Vec<Rule> {
    let rule = |(index, condition)| {
        format!(
            "- rule: r{index}\n  desc: d\n  condition: >\n    {condition}\n  output: \"{output}\"\n  priority: INFO\n"
        )
    };
    let text: String = conditions.iter().enumerate().map(rule).collect();
    let mut loader = Loader::new(Settings::default());
    let result = loader.load("rules.yaml", text.as_bytes());
    assert!(result.is_successful(), "{}", result.text());
    loader.rules_in_force(&[])
}

const FAILED: Facts = Facts { failed: true, plain_path: false };
const FAILED_PLAIN: Facts = Facts { failed: true, plain_path: true };

#[track_caller]
fn check(condition: &str, kind: EventType, facts: Facts, never: bool) {
    let found = is_never_matched(&rules(&[condition], "o"), kind, facts);
    assert_eq!(found, never, "{condition}");
}

#[test]
fn what_asks_for_success_never_matches_a_failure() {
    for condition in [
        "evt.type = unlink and evt.res = SUCCESS",
        "evt.type = unlink and evt.failed = false",
        "evt.type = unlink and not evt.failed = true",
        "evt.type = unlink and evt.rawres >= 0",
        "evt.type = unlink and evt.rawres > -1",
        "evt.type = unlink and evt.rawres in (0, 1, 2)",
        "evt.type = unlink and not evt.rawres < 0",
        "evt.type = unlink and fs.path.name startswith /etc",
        "evt.type = unlink and (evt.rawres = 0 or fs.path.nameraw exists) and proc.name = x",
        "evt.type = rename",
    ] {
        check(condition, E::UnlinkV2X, FAILED, true);
        check(condition, E::UnlinkV2X, Facts::default(), condition == "evt.type = rename");
    }
}

#[test]
fn what_a_failure_may_be_like_is_open() {
    for condition in [
        "evt.type = unlink",
        "evt.type = unlink and evt.res != SUCCESS",
        "evt.type = unlink and evt.res startswith E",
        "evt.type = unlink and evt.res in (SUCCESS, ENOENT)",
        "evt.type = unlink and evt.rawres >= -2",
        "evt.type = unlink and evt.rawres in (0, -2)",
        "evt.type = unlink and evt.rawres != -2",
        "evt.type = unlink and not fs.path.name startswith /etc",
        "evt.type = unlink and (evt.rawres = 0 or proc.name = x)",
        "evt.type = unlink and evt.arg.path startswith /etc",
        "proc.name = x",
        "evt.type != rename and not evt.rawres >= 0",
    ] {
        check(condition, E::UnlinkV2X, FAILED, false);
    }
}

#[test]
fn an_open_that_failed_has_no_fd() {
    for condition in [
        "evt.type = openat and fd.num >= 0",
        "evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.typechar = 'f' and fd.num >= 0",
        "evt.type = openat and fd.type = file",
        "evt.type = openat and fd.filename = shadow",
        "evt.type = openat and fd.dev.major = 1",
    ] {
        check(condition, E::OpenatV2X, FAILED, true);
    }
    for condition in [
        "evt.type = openat and fd.num = -1",
        "evt.type = openat and not fd.num >= 0",
        "evt.type = openat and fd.num < 0",
        "evt.type = openat and fd.typechar = 'f'",
        "evt.type = openat and fd.name = /etc/shadow",
        "evt.type = openat and fd.nameraw contains '../'",
        "evt.type = openat and fs.path.name = /etc/shadow",
        "evt.type = openat and not fd.type = file",
        "evt.type = openat and evt.abspath = /etc/shadow and fd.num >= 0",
    ] {
        check(condition, E::OpenatV2X, FAILED, false);
    }
    // These have the fd that they use, whether they fail or not.
    check("evt.type = dup and fd.num >= 0", E::DupV1X, FAILED, false);
    check("evt.type = connect and fd.type = ipv4", E::ConnectX, FAILED, false);
}

#[test]
fn a_plain_path_goes_up_nowhere() {
    for condition in [
        "evt.type = openat and fd.nameraw contains '../'",
        "evt.type = openat and fd.nameraw contains '..'",
        "evt.type = openat and fd.nameraw glob '*../*../*'",
        "evt.type = openat and fd.nameraw startswith '../'",
        "evt.type = openat and fd.nameraw in ('..', 'a/..')",
    ] {
        check(condition, E::OpenatV2X, FAILED_PLAIN, true);
        check(condition, E::OpenatV2X, FAILED, false);
    }
    for condition in [
        "evt.type = openat and not fd.nameraw contains '../'",
        "evt.type = openat and fd.nameraw contains './'",
        "evt.type = openat and fd.nameraw glob '*[..]/*'",
        "evt.type = openat and fd.nameraw glob '*./.*'",
        "evt.type = openat and fd.nameraw in ('..', 'a')",
        "evt.type = openat and fd.name contains '..'",
        "evt.type = openat and fd.nameraw regex '.*[.][.]/.*'",
    ] {
        check(condition, E::OpenatV2X, FAILED_PLAIN, false);
    }
}

#[test]
fn results_without_a_sign_say_nothing() {
    check("evt.type = brk and evt.rawres >= 0", E::BrkV4X, FAILED, false);
    check("evt.type = openat and evt.rawres >= 0", E::OpenatV2E, FAILED, false);
}

#[test]
fn one_rule_that_may_match_is_enough() {
    let conditions =
        ["evt.type = unlink and evt.rawres >= 0", "evt.type = unlink and evt.rawres = -2"];
    assert!(!is_never_matched(&rules(&conditions, "o"), E::UnlinkV2X, FAILED));
    assert!(is_never_matched(&rules(&conditions[..1], "o"), E::UnlinkV2X, FAILED));
    assert!(is_never_matched(&[], E::UnlinkV2X, FAILED));
}

#[test]
fn rules_that_count_events_are_known() {
    assert!(!counts_events(&rules(&["evt.type = unlink"], "%evt.time %proc.name")));
    assert!(counts_events(&rules(&["evt.type = unlink"], "%evt.num")));
    assert!(counts_events(&rules(&["evt.type = unlink and evt.deltatime > 5"], "o")));
}
