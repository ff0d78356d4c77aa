//! Command lines that make no sense, and files that are not there.

use expect_test::{Expect, expect};

use crate::bed::Bed;

#[track_caller]
fn check(arguments: &str, expected: &Expect) {
    expected.assert_eq(&Bed::new().run(arguments).failure());
}

#[test]
fn help_and_version_succeed() {
    assert!(Bed::new().run("--help").success().contains("replay"));
    assert!(Bed::new().run("--version").success().starts_with("innerwarden "));
}

#[test]
fn unknown_subcommand_is_a_usage_error() {
    let run = Bed::new().run("reply x");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("unrecognized subcommand 'reply'"), "{}", run.stderr);
}

#[test]
fn missing_argument_is_a_usage_error() {
    assert_eq!(Bed::new().run("replay").code, 2);
    assert_eq!(Bed::new().run("").code, 2);
}

#[test]
fn missing_capture_is_named() {
    check(
        "capture info none.scap",
        &expect![[r#"
        4 error: cannot open capture `none.scap`: No such file or directory (os error 2)
    "#]],
    );
}

#[test]
fn folder_is_no_capture() {
    check(
        "capture info .",
        &expect![[r#"
        4 error: cannot open capture `.`: Is a directory (os error 21)
    "#]],
    );
}
