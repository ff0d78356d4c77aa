//! Event blocks of every sort.

use expect_test::expect;

use super::{
    bytes::{block, close_bytes, close_event, old_event, section},
    read,
};
use crate::{
    encode::{Encoder, Param},
    table::EventType,
};

const CPU: [u8; 2] = [7, 0];
const FLAGS: [u8; 4] = [1, 0, 0, 0];

#[test]
fn flags_follow_the_cpu() {
    let body = [&CPU[..], &FLAGS, &close_bytes()].concat();
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 1: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&[section(), block(0x217, &body)]));
}

#[test]
fn large_blocks_hold_large_events() {
    let long = vec![b'x'; 70_000];
    let mut encoder = Encoder::new();
    let params = [Param::Uint(0), Param::Text(b"container"), Param::Raw(&long)];
    let event = encoder.encode(EventType::AsynceventE, 1, -1, &params).unwrap();
    let plain = [&CPU[..], event.bytes()].concat();
    let flagged = [&CPU[..], &FLAGS, event.bytes()].concat();
    let text = read(&[section(), block(0x221, &plain), block(0x222, &flagged), close_event()]);
    let text = text.replace("120, ", "");
    expect![[r#"
        Section
        AsynceventE at 1 of -1 on 7 flags 0: [[0, 0, 0, 0], [99, 111, 110, 116, 97, 105, 110, 101, 114, 0], [120]]
        AsynceventE at 1 of -1 on 7 flags 1: [[0, 0, 0, 0], [99, 111, 110, 116, 97, 105, 110, 101, 114, 0], [120]]
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]].assert_eq(&text);
}

#[test]
fn other_blocks_must_not_be_large() {
    let body = vec![0; 70_000];
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        block of type 0x216 has a length of 70012 bytes, more than 65536 at byte 88
    "#]]
    .assert_eq(&read(&[section(), close_event(), block(0x216, &body)]));
}

#[test]
fn options_after_an_event_are_ignored() {
    let body = [&CPU[..], &close_bytes(), b"\x01\x00\x07\x00comment\x00\x00\x00\x00\x00"].concat();
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&[section(), block(0x216, &body)]));
}

#[test]
fn types_of_newer_tables_are_skipped() {
    let mut newer = close_bytes();
    newer[20..22].copy_from_slice(&454u16.to_le_bytes());
    let body = [&CPU[..], &newer].concat();
    let blocks = [section(), block(0x216, &body), close_event(), block(0x216, &body)];
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&blocks));
    let bytes = blocks.concat();
    let mut reader = super::Reader::new(&bytes[..]).unwrap();
    while reader.next().unwrap().is_some() {}
    assert_eq!(reader.skipped_events(), 2);
}

#[test]
fn old_header_gets_its_number_of_parameters() {
    let close = [&CPU[..], &old_event(5, 0, &[&[0; 8]])].concat();
    let open = old_event(3, 0, &[&[3, 0, 0, 0, 0, 0, 0, 0], b"/x\0", &[1, 0, 0, 0], &[0; 4]]);
    let open = [&CPU[..], &FLAGS, &open].concat();
    let alias = [&CPU[..], &old_event(5, 0, &[&[9; 8]])].concat();
    let blocks = [section(), block(0x204, &close), block(0x208, &open), block(0x8010_ABCD, &alias)];
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0]]
        OpenX at 1 of 2 on 7 flags 1: [[3, 0, 0, 0, 0, 0, 0, 0], [47, 120, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
        CloseX at 1 of 2 on 7 flags 0: [[9, 9, 9, 9, 9, 9, 9, 9]]
    "#]].assert_eq(&read(&blocks));
}

#[test]
fn old_notifications_count_three_bytes_too_many() {
    let body = [&CPU[..], &old_event(280, 3, &[b"id\0", b"text\0"]), &[0; 3]].concat();
    expect![[r#"
        Section
        NotificationE at 1 of 2 on 7 flags 0: [[105, 100, 0], [116, 101, 120, 116, 0]]
    "#]]
    .assert_eq(&read(&[section(), block(0x204, &body)]));
}

#[test]
fn old_event_whose_lengths_do_not_fit_is_an_error() {
    let body = [&CPU[..], &old_event(5, 1, &[&[0; 8]]), &[0; 1]].concat();
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        number of parameters of event type 5 does not follow from its length at byte 88
    "#]]
    .assert_eq(&read(&[section(), close_event(), block(0x204, &body)]));
}

#[test]
fn event_whose_lengths_exceed_it_is_an_error() {
    let mut event = close_bytes();
    event[26] = 200;
    let body = [&CPU[..], &event].concat();
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        malformed event at byte 88: parameters of event type 5 exceed the event's 46 bytes
    "#]]
    .assert_eq(&read(&[section(), close_event(), block(0x216, &body)]));
}

#[test]
fn event_that_exceeds_its_block_is_an_error() {
    let mut event = close_bytes();
    event[16] = 60;
    let body = [&CPU[..], &event].concat();
    expect![[r#"
        Section
        malformed event at byte 28: event needs 60 bytes, 46 are there
    "#]]
    .assert_eq(&read(&[section(), block(0x216, &body)]));
}

#[test]
fn parameters_beyond_the_table_are_kept() {
    let mut encoder = Encoder::new();
    let params: [&[u8]; 3] = [&[0; 8], &[3; 8], b"new"];
    let event = encoder.encode_bytes(EventType::CloseX, 1, 2, &params).unwrap();
    let body = [&CPU[..], event.bytes()].concat();
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 3, 3, 3, 3, 3, 3, 3], [110, 101, 119]]
    "#]].assert_eq(&read(&[section(), block(0x216, &body)]));
}
