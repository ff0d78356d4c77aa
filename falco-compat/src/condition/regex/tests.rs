//! Tests of regular expressions.

use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(pattern: &str, value: &str, expected: bool) {
    let regex = FullRegex::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
    assert_eq!(regex.matches(value.as_bytes()), expected, "{pattern} on {value:?}");
}

#[track_caller]
fn refuse(pattern: &str, expected: &str) {
    assert_eq!(FullRegex::new(pattern).unwrap_err(), expected);
}

#[test]
fn whole_values_match() {
    check("/etc", "/etc/passwd", false);
    check("^/etc/.*$", "/etc/passwd", true);
    check("a|ab", "ab", true);
    check("", "", true);
    check("()|x", "", true);
    check("(a|b)+c{2,3}", "abcc", true);
    check("(a|b)+c{2,3}", "abc", false);
}

#[test]
fn nothing_of_perl_is_known() {
    check("a+?", "", true);
    check("a{2}?", "", true);
    check("a**", "aaa", true);
    check("a{,2}", "a{,2}", true);
    check("a{02}", "a{02}", true);
    check("a\\_\\.", "a_.", true);
    refuse("(?i)a", "no argument for repetition operator: ?");
    refuse("\\d", "invalid escape sequence: \\d");
    refuse("\\pN", "invalid escape sequence: \\p");
    refuse("\\1", "invalid escape sequence: \\1");
}

#[test]
fn lines_have_ends() {
    check("a.b", "a\nb", false);
    check("a[^x]b", "a\nb", true);
    check("a\n^b", "a\nb", true);
    check("a$\nb", "a\nb", true);
}

#[test]
fn classes_hold_ranges_names_and_escapes() {
    check("[[:alpha:]_-]*", "a-Z_", true);
    check("[]a]", "]", true);
    check("[^]a]", "b", true);
    check("[\\]\\x41]", "A", true);
    check("[[:^digit:]]", "7", false);
    check("[a-]", "-", true);
    check("[é]", "é", true);
    refuse("[", "missing ]: [");
    refuse("x[a", "missing ]: [a");
    refuse("x[a-", "invalid UTF-8");
    refuse("[z-a]", "invalid character class range: z-a");
    refuse("[a-b-c]", "invalid character class range: -c");
    refuse("[[:no:]]", "invalid character class range: [:no:]");
}

#[test]
fn broken_patterns_are_refused_in_the_words_of_re2() {
    refuse("(a", "missing ): (a");
    refuse("a)", "unexpected ): a)");
    refuse("*a", "no argument for repetition operator: *");
    refuse("a|{2}", "no argument for repetition operator: {2}");
    refuse("a\\", "trailing \\");
    refuse("a{1001}", "invalid repetition size: {1001}");
    refuse("a{3,2}", "invalid repetition size: {3,2}");
    refuse("((a{100}){100}){100}", "invalid repetition size: {100}");
}

#[test]
fn invalid_utf8_never_matches() {
    let regex = FullRegex::new(".*").unwrap();
    assert!(!regex.matches(b"a\xffb"));
    assert!(regex.matches("aéb".as_bytes()));
}

#[test]
fn surrogates_and_overlong_sequences_are_characters() {
    let regex = FullRegex::new("a.b").unwrap();
    assert!(regex.matches(b"a\xed\xa0\x80b"), "a surrogate");
    assert!(regex.matches(b"a\xe0\x80\x80b"), "three bytes for U+0000");
    assert!(regex.matches(b"a\xf0\x80\x80\x80b"), "four bytes for U+0000");
    assert!(regex.matches(b"a\xf4\xbf\xbf\xbfb"), "beyond U+10FFFF");
    assert!(!regex.matches(b"a\xed\xa0b"), "cut off");
    assert!(!regex.matches(b"a\xc0\x80b"), "two bytes for U+0000");
}

proptest! {
    #[test]
    fn any_pattern_is_compiled_or_refused(pattern in r"[a-c\[\](){}|*+?^$.\\,0-3:x-]{0,24}", value in "[a-c\n]{0,8}") {
        if let Ok(regex) = FullRegex::new(&pattern) {
            regex.matches(value.as_bytes());
        }
    }
}
