//! Tests of wildcard patterns.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(pattern: &str, text: &str, expected: bool) {
    assert_eq!(matches(pattern.as_bytes(), text.as_bytes(), Case::Exact), expected, "{pattern}");
}

#[test]
fn stars_match_slashes_and_nothing() {
    check("/lib*/*.so*", "/lib/x86/libc.so.6", true);
    check("*", "", true);
    check("", "", true);
    check("", "a", false);
    check("a*b*c", "aXbXbXc", true);
    check("a*b*c", "aXbXbX", false);
}

#[test]
fn brackets_hold_sets_ranges_and_classes() {
    check("[/]etc", "/etc", true);
    check("[!a-c]x", "dx", true);
    check("[^a-c]x", "bx", false);
    check("[]a]", "]", true);
    check("[[:digit:]_]", "7", true);
    check("[[:nosuch:]]", "n", false);
    check("[a", "[a", true);
    check("[[=a=]]", "a", true);
}

#[test]
fn backslashes_quote() {
    check("\\*", "*", true);
    check("\\*", "a", false);
    check("a\\", "a\\", false);
}

#[test]
fn case_is_folded_in_literals_and_ranges() {
    assert!(matches(b"[A-Z]x", b"qX", Case::Folded));
    assert!(!matches(b"[A-Z]x", b"qx", Case::Exact));
}

#[test]
fn many_stars_do_not_blow_up() {
    let pattern = "*a".repeat(120) + "b";
    check(&pattern, &"a".repeat(100_000), false);
}

proptest! {
    #[test]
    fn a_quoted_text_matches_itself(text in "[ -~]{0,20}") {
        let quoted: String = text.chars().flat_map(|it| ['\\', it]).collect();
        prop_assert!(matches(quoted.as_bytes(), text.as_bytes(), Case::Exact));
    }

    #[test]
    fn any_pattern_is_matched_or_not(pattern in r"[\[\]!^:*?a-c\\-]{0,12}", text in r"[\[\]!a-c-]{0,8}") {
        matches(pattern.as_bytes(), text.as_bytes(), Case::Folded);
    }
}
