//! Tests of the event types that a condition can match.

use expect_test::{Expect, expect};

use super::super::parse;
use super::*;

#[track_caller]
fn check(text: &str, expected: &Expect) {
    let actual = match event_types(&parse(text).unwrap()) {
        Ok(set) if set.len() > 6 => format!("{} types", set.len()),
        Ok(set) => format!("{:?}", set.iter().collect::<Vec<_>>()),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&actual);
}

#[test]
fn names_stand_for_every_layout() {
    check("evt.type=openat2", &expect!["[Openat2E, Openat2X]"]);
    check("evt.type in (unlink, rmdir) and proc.name=x", &expect!["8 types"]);
}

#[test]
fn negation_reaches_the_checks() {
    check("not (evt.type!=mkdir or proc.name=x)", &expect!["[MkdirE, MkdirX, MkdirV2E, MkdirV2X]"]);
    check("not evt.type=open", &expect!["452 types"]);
    check("not evt.type exists", &expect!["[]"]);
    check("not proc.name exists", &expect!["454 types"]);
}

#[test]
fn other_names_are_generic_system_calls() {
    check("evt.type=sysinfo", &expect!["[GenericE, GenericX]"]);
    check("evt.type!=sysinfo", &expect!["452 types"]);
    check("evt.type=container_removed", &expect!["[AsynceventE]"]);
}

#[test]
fn field_comparisons_are_refused() {
    check(
        "evt.type = val(proc.name)",
        &expect![
            "right-hand field comparisons on `evt.type`/`syscall.type` checks are not supported by event code search"
        ],
    );
    check(
        "tolower(evt.type) = open",
        &expect!["event code search does not support `evt.type` checks with transformers"],
    );
    check("tolower(evt.type) contains open", &expect!["454 types"]);
}

#[test]
fn names_of_all_events_include_generic_system_calls() {
    assert_eq!(event_names(&parse("proc.name=a").unwrap()).unwrap().len(), 465);
    let open: Vec<_> =
        event_names(&parse("syscall.type=open").unwrap()).unwrap().into_iter().collect();
    assert_eq!(open, ["asyncevent", "open"]);
}
