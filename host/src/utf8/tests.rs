//! Every class of sequence, and that sanitising always ends in valid UTF-8.

use proptest::prelude::*;

use super::{sanitize_into, sequence};

#[track_caller]
fn check(bytes: &[u8], expected: (usize, bool)) {
    assert_eq!(sequence(bytes), expected, "{bytes:x?}");
}

#[test]
fn printable_and_not() {
    check(b"a", (1, true));
    check(b"\n", (1, false));
    check(b"\x7f", (1, false));
    check("é".as_bytes(), (2, true));
    check(b"\xc2\x85", (2, false));
    check(b"\xc2", (1, false));
    check(b"\x80", (1, false));
    check("€".as_bytes(), (3, true));
    check(b"\xe2\x82", (2, false));
    check(b"\xed\xa0\x80", (1, false));
    check(b"\xef\xb7\x90", (3, false));
    check("😀".as_bytes(), (4, true));
    check(b"\xf0\x9f\x98", (3, false));
    check(b"\xf0\x9f\xbf\xbe", (4, false));
    check(b"\xf5", (1, false));
}

proptest! {
    #[test]
    fn sanitised_text_is_utf8_and_stays(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        let mut once = Vec::new();
        sanitize_into(&bytes, &mut once);
        prop_assert!(std::str::from_utf8(&once).is_ok());
        let mut twice = Vec::new();
        sanitize_into(&once, &mut twice);
        prop_assert_eq!(once, twice);
    }
}
