//! Joined paths, from libsinsp's own behaviour.

use proptest::prelude::*;

use super::concatenate;

#[track_caller]
fn check(base: &str, path: &str, expected: &str) {
    let mut out = b"rubbish".to_vec();
    concatenate(base.as_bytes(), path.as_bytes(), &mut out);
    assert_eq!(String::from_utf8_lossy(&out), expected, "{base:?} + {path:?}");
}

#[test]
fn relative_paths_join_and_absolute_ones_win() {
    check("/a/", "b/c", "/a/b/c");
    check("/a/", "/b", "/b");
    check("/a/", "", "");
    check("", "b", "b");
}

#[test]
fn dots_and_slashes_are_resolved() {
    check("/a/", "./b/../c//d/", "/a/c/d");
    check("/a/b/", "..", "/a");
    check("/a/b/", "../../../x", "/x");
    check("/a/", "...", "/a/...");
    check("/a/", ".hidden", "/a/.hidden");
    check("/", "/", "/");
    check("/", "//", "/");
    check("", "/foo/../a", "/a");
    check("", "foo/../a", "a");
    check("/a/", ".", "/a");
}

#[test]
fn the_base_is_not_tidied() {
    check("/a//./b/", "c", "/a//./b/c");
    check("<UNKNOWN>", "u", "<UNKNOWN>u");
}

#[test]
fn control_characters_are_replaced() {
    check("/", "a\nb", "/a\u{FFFD}b");
}

#[test]
fn paths_that_do_not_fit_have_a_name_of_their_own() {
    check("/", &"x".repeat(1022), &format!("/{}", "x".repeat(1022)));
    check("/", &"x".repeat(1023), "/DIR_TOO_LONG/FILENAME_TOO_LONG");
    check("/", &"\n".repeat(1022), &format!("/{}", "\u{FFFD}".repeat(340)));
}

proptest! {
    #[test]
    fn any_bytes_give_a_bounded_path(
        base in proptest::collection::vec(any::<u8>(), 0..40),
        path in proptest::collection::vec(prop_oneof![Just(b'/'), Just(b'.'), any::<u8>()], 0..60),
    ) {
        let mut out = Vec::new();
        concatenate(&base, &path, &mut out);
        prop_assert!(out.len() < 1024);
        let mut slow = if path.is_empty() || path[0] == b'/' { Vec::new() } else { base };
        super::append_tidied(&path, &mut slow);
        prop_assert_eq!(out, slow);
    }
}
