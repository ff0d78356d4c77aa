//! Damaged captures: what is before the damage is read, then comes an error that says where.

use std::io::Write as _;

use expect_test::expect;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;

use super::{
    bytes::{block, close_bytes, close_event, section, section_body, sized, string},
    read, read_bytes,
};
use crate::{capture::Reader, convert::Converter};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn empty_file_is_truncated() {
    expect![[r#"
        expecting 8 bytes, found 0 (is the file truncated?) at byte 0
    "#]]
    .assert_eq(&read(&[]));
}

#[test]
fn other_files_are_no_captures() {
    expect![[r#"
        this is no capture: block type 0x622f2123 where a section header has to be at byte 0
    "#]]
    .assert_eq(&read_bytes(b"#!/bin/sh\nexit 0\n"));
}

#[test]
fn section_headers_are_checked() {
    let mut magic = section_body();
    magic[..4].reverse();
    expect![[r#"
        invalid magic number 0x4d3c2b1a in the section header at byte 0
    "#]]
    .assert_eq(&read(&[block(0x0A0D_0D0A, &magic)]));
    let mut version = section_body();
    version[4] = 2;
    expect![[r#"
        capture version 2 is newer than this program at byte 0
    "#]]
    .assert_eq(&read(&[block(0x0A0D_0D0A, &version)]));
    expect![[r#"
        block of type 0xa0d0d0a has a length of only 12 bytes at byte 0
    "#]]
    .assert_eq(&read(&[block(0x0A0D_0D0A, &[])]));
}

#[test]
fn section_without_events_is_an_error() {
    expect![[r#"
        Section
        no events in the capture at byte 40
    "#]]
    .assert_eq(&read(&[section(), block(0x999, &[])]));
}

#[test]
fn other_blocks_after_an_event_are_errors() {
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        this is no capture: block type 0x201 where a section header has to be at byte 88
    "#]]
    .assert_eq(&read(&[section(), close_event(), block(0x201, &[0; 180])]));
}

#[test]
fn truncation_is_told_after_what_is_whole() {
    let bytes = [section(), close_event(), close_event()].concat();
    let whole = bytes.len();
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        expecting 60 bytes, found 59 (is the file truncated?) at byte 88
    "#]]
    .assert_eq(&read_bytes(&bytes[..whole - 1]));
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        expecting 8 bytes, found 5 (is the file truncated?) at byte 88
    "#]]
    .assert_eq(&read_bytes(&bytes[..whole - close_event().len() + 5]));
}

#[test]
fn trailers_of_metadata_are_checked() {
    let mut unknown = block(0x999, &[0; 8]);
    unknown[16] = 99;
    expect![[r#"
        Section
        block length is 20 at its start and 99 at its end at byte 44
    "#]]
    .assert_eq(&read(&[section(), unknown, close_event()]));
}

#[test]
fn trailers_of_events_are_not_checked() {
    let mut event = close_event();
    let last = event.len() - 1;
    event[last] = 99;
    assert_eq!(read(&[section(), event]), read(&[section(), close_event()]));
}

#[test]
fn blocks_shorter_than_their_kind_are_errors() {
    expect![[r#"
        Section
        block of type 0x201 has a length of only 112 bytes at byte 28
    "#]]
    .assert_eq(&read(&[section(), block(0x201, &[0; 100]), close_event()]));
    expect![[r#"
        Section
        block of type 0x203 has a length of only 16 bytes at byte 28
    "#]]
    .assert_eq(&read(&[section(), block(0x203, &[0; 4]), close_event()]));
    expect![[r#"
        Section
        block of type 0x216 has a length of only 32 bytes at byte 28
    "#]]
    .assert_eq(&read(&[section(), block(0x216, &[0; 20])]));
}

#[test]
fn entries_beyond_their_block_are_errors() {
    let group = [&[1u8, 2, 0, 0, 0][..], &string(b"adm")].concat();
    expect![[r#"
        Section
        user entry exceeds its block at byte 36
    "#]]
    .assert_eq(&read(&[section(), block(0x206, &group[..8]), close_event()]));
    let mut lying = sized(&group);
    lying[0] = 200;
    expect![[r#"
        Section
        user entry exceeds its block at byte 36
    "#]]
    .assert_eq(&read(&[section(), block(0x220, &lying), close_event()]));
    lying[0] = 6;
    expect![[r#"
        Section
        user entry of 6 bytes holds 14 at byte 36
    "#]]
    .assert_eq(&read(&[section(), block(0x220, &lying), close_event()]));
}

#[test]
fn strings_beyond_the_limits_are_errors() {
    let group = [&[1u8, 2, 0, 0, 0][..], &string(&[b'x'; 256])].concat();
    expect![[r#"
        Section
        group name of 256 bytes is too long at byte 36
    "#]]
    .assert_eq(&read(&[section(), block(0x206, &group), close_event()]));
}

#[test]
fn length_that_lies_does_not_fill_the_memory() {
    let mut lying = block(0x221, &[0; 40]);
    lying[4..8].copy_from_slice(&(60u32 << 20).to_le_bytes());
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        expecting 62914560 bytes, found 52 (is the file truncated?) at byte 88
    "#]]
    .assert_eq(&read(&[section(), close_event(), lying.clone()]));
    lying[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        block of type 0x221 has a length of 4294967295 bytes, more than 67108864 at byte 88
    "#]]
    .assert_eq(&read(&[section(), close_event(), lying]));
}

#[test]
fn compressed_captures_may_have_several_members() {
    let plain = [section(), close_event(), close_event()].concat();
    let (first, second) = plain.split_at(50);
    let members = [gzip(first), gzip(second)].concat();
    assert_eq!(read_bytes(&members), read_bytes(&plain));
    let with_garbage = [&members[..], b"garbage"].concat();
    assert_eq!(read_bytes(&with_garbage), read_bytes(&plain));
}

#[test]
fn compressed_captures_that_end_early_are_truncated() {
    let plain = [section(), close_event(), close_event()].concat();
    let compressed = gzip(&plain);
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        expecting 8 bytes, found 0 (is the file truncated?) at byte 148
    "#]]
    .assert_eq(&read_bytes(&compressed[..compressed.len() - 4]));
    let mut damaged = compressed;
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        unreadable data at byte 148: corrupt gzip stream does not have a matching checksum
    "#]]
    .assert_eq(&read_bytes(&damaged));
}

/// Reads and converts whatever there is; only a panic or a hang is a failure.
fn drain(bytes: &[u8]) {
    let mut reader = Reader::new(bytes).unwrap();
    let mut converter = Converter::new();
    while let Ok(Some(record)) = reader.next() {
        if let super::Record::Event(event) = record {
            let _ = converter.convert(event);
        }
    }
    assert!(matches!(reader.next(), Ok(None)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        drain(&bytes);
        drain(&[section(), bytes].concat());
    }

    #[test]
    fn arbitrary_bodies_do_not_panic(
        block_type in 0x200u32..0x225,
        body in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        drain(&[section(), block(block_type, &body), close_event()].concat());
    }

    #[test]
    fn arbitrary_events_do_not_panic(
        block_type in prop_oneof![Just(0x204u32), Just(0x208), Just(0x216), Just(0x217), Just(0x221), Just(0x222)],
        code in 0u16..460,
        len in 20u32..120,
        count in 0u32..40,
        rest in proptest::collection::vec(prop_oneof![Just(0u8), any::<u8>()], 0..120),
    ) {
        let mut event = close_bytes()[..16].to_vec();
        event.extend_from_slice(&len.to_le_bytes());
        event.extend_from_slice(&code.to_le_bytes());
        event.extend_from_slice(&count.to_le_bytes());
        let body = [&[7, 0][..], &event, &rest].concat();
        drain(&[section(), block(block_type, &body), close_event()].concat());
    }
}
