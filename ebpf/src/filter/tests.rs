//! What filters have in common, and what they say of events.

use super::*;

#[test]
fn what_one_of_two_filters_needs_is_needed() {
    let (mut one, mut two) = (Filter::new(), Filter::new());
    one.leave_out_failed(EventType::OpenX, Failed::Needless);
    two.leave_out_failed(EventType::OpenX, Failed::NeedlessIfPlain);
    one.leave_out_failed(EventType::CloseX, Failed::Needless);
    one.leave_out_numbers_but(EventType::FcntlX, &[1, 2]);
    two.leave_out_numbers_but(EventType::FcntlX, &[2, 3]);
    let common = one.common(&two);
    assert_eq!(common, two.common(&one));
    assert_eq!(common.failed(EventType::OpenX), Failed::NeedlessIfPlain);
    assert_eq!(common.failed(EventType::CloseX), Failed::Needed);
    assert_eq!(common.raw(EventType::FcntlX), [0, !0b1110]);
    assert_eq!(one.common(&Filter::new()), Filter::new());
}

#[test]
fn what_the_probes_cannot_tell_apart_is_needed() {
    let mut filter = Filter::new();
    filter.leave_out_failed(EventType::CloseX, Failed::NeedlessIfPlain);
    filter.leave_out_numbers_but(EventType::CloseX, &[]);
    filter.leave_out_numbers_but(EventType::PrctlX, &[63]);
    assert_eq!(filter, Filter::new());
}

#[test]
fn plain_paths_have_no_two_dots_in_a_row() {
    let long = |bytes: usize| [vec![b'a'; bytes - 1], vec![0]].concat();
    for plain in [&b"\0"[..], b"/etc/a.b./.c\0", b".\0", &long(256)] {
        assert!(is_plain(plain), "{}", plain.escape_ascii());
    }
    for other in [&b""[..], b"..\0", b"/a/../b\0", b"/a..\0", b"0123456..\0", &long(257)] {
        assert!(!is_plain(other), "{}", other.escape_ascii());
    }
}
