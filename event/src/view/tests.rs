//! Tests of the event view.

use super::*;
use crate::encode::{Encoder, Param};

/// Encodes an event with the given parameters and looks at it.
#[track_caller]
fn check<T: PartialEq + std::fmt::Debug>(
    kind: EventType,
    params: &[&[u8]],
    look: impl Fn(&Event<'_>) -> T,
    expected: &T,
) {
    let mut encoder = Encoder::new();
    let event = encoder.encode_bytes(kind, 1, 2, params).unwrap();
    assert_eq!(&look(&event), expected);
}

#[test]
fn numbers_of_every_size_are_read() {
    let kind = EventType::CloseX;
    for (bytes, int, uint) in [
        (&[255][..], Some(-1), Some(255)),
        (&[254, 255], Some(-2), Some(65_534)),
        (&[254, 255, 255, 255], Some(-2), Some(4_294_967_294)),
        (&[2, 0, 0, 0, 0, 0, 0, 128], Some(i64::MIN + 2), Some((1 << 63) + 2)),
        (&[], None, None),
        (&[1, 2, 3], None, None),
    ] {
        check(kind, &[&[0; 8], bytes], |it| (it.int(1), it.uint(1)), &(int, uint));
    }
}

#[test]
fn numbers_beyond_32_bits_are_no_32_bit_numbers() {
    check(EventType::CloseX, &[&[0, 0, 0, 0, 1, 0, 0, 0]], |it| it.u32(0), &None);
    check(EventType::CloseX, &[&[7, 0]], |it| it.u32(0), &Some(7));
}

#[test]
fn text_loses_its_nul() {
    let kind = EventType::OpenX;
    let text = |it: &Event<'_>| it.text(1).map(<[u8]>::to_vec);
    check(kind, &[b"", b"/etc\0"], text, &Some(b"/etc".to_vec()));
    check(kind, &[b"", b"/etc"], text, &Some(b"/etc".to_vec()));
    check(kind, &[b"", b"\0"], text, &Some(Vec::new()));
    check(kind, &[b"", b""], text, &None);
}

#[test]
fn absent_parameters_are_empty() {
    check(EventType::OpenX, &[b"x"], |it| (it.param_count(), it.param(5).len()), &(1, 0));
    check(EventType::OpenX, &[b"x"], |it| it.param(usize::MAX).len(), &0);
}

/// Changes the encoding of a close event and compares the error.
#[track_caller]
fn check_err(change: impl Fn(&mut Vec<u8>), expected: &DecodeError) {
    let mut encoder = Encoder::new();
    let params = [Param::Int(0), Param::Int(3)];
    let event = encoder.encode(EventType::CloseX, 1, 2, &params).unwrap();
    let mut bytes = event.bytes().to_vec();
    change(&mut bytes);
    assert_eq!(&Event::decode(&bytes, 0, 0).unwrap_err(), expected);
}

#[test]
fn malformed_events_are_errors() {
    check_err(|it| it.truncate(25), &DecodeError::Truncated { needed: 26, available: 25 });
    check_err(|it| it.truncate(45), &DecodeError::Truncated { needed: 46, available: 45 });
    check_err(|it| it[20..22].copy_from_slice(&[198, 1]), &DecodeError::UnknownType(454));
    let exceeds = |len| DecodeError::ParamsExceedEvent { code: 5, len };
    check_err(|it| it[26] = 9, &exceeds(46));
    check_err(|it| it[22..26].fill(255), &exceeds(46));
    check_err(|it| it[16] = 3, &exceeds(3));
}

#[test]
fn what_follows_the_event_is_ignored() {
    let mut encoder = Encoder::new();
    let params = [Param::Int(0), Param::Int(3)];
    let event = encoder.encode(EventType::CloseX, 1, 2, &params).unwrap();
    let longer = [event.bytes(), b"option"].concat();
    assert_eq!(Event::decode(&longer, 0, 0).unwrap().bytes(), event.bytes());
}
