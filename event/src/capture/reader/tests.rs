//! Tests of the reader on captures made by hand.

mod bytes;
mod damage;
mod events;
mod lists;

use bytes::{block, close_event, section};

use super::*;

/// Reads `blocks` as a capture and gives each record, or the error at the end, as one line.
pub(super) fn read(blocks: &[Vec<u8>]) -> String {
    read_bytes(&blocks.concat())
}

/// Reads a capture and gives each record, or the error at the end, as one line.
pub(super) fn read_bytes(capture: &[u8]) -> String {
    let mut reader = Reader::new(capture).unwrap();
    let mut text = String::new();
    loop {
        let line = match reader.next() {
            Ok(Some(Record::Event(event))) => {
                let params: Vec<_> = (0..event.param_count()).map(|it| event.param(it)).collect();
                let Event { kind, time_ns, tid, cpu, flags, .. } = event;
                format!("{kind:?} at {time_ns} of {tid} on {cpu} flags {flags}: {params:?}")
            }
            Ok(Some(record)) => format!("{record:?}"),
            Ok(None) => {
                assert!(matches!(reader.next(), Ok(None)));
                return text;
            }
            Err(error) => match std::error::Error::source(&error) {
                Some(cause) => format!("{error}: {cause}"),
                None => error.to_string(),
            },
        };
        text.push_str(&line);
        text.push('\n');
    }
}

#[test]
fn shortest_capture_is_a_section_with_an_event() {
    expect_test::expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&[section(), close_event()]));
}

#[test]
fn options_of_a_section_header_are_skipped() {
    let mut body = bytes::section_body();
    body.extend_from_slice(b"\x01\x00\x04\x00note\x00\x00\x00\x00");
    expect_test::expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&[block(0x0A0D_0D0A, &body), close_event()]));
}

#[test]
fn unknown_blocks_before_the_first_event_are_skipped() {
    let blocks = [section(), block(0x999, &vec![1; 100_000]), section(), close_event()];
    expect_test::expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&blocks));
}

#[test]
fn appended_captures_are_sections() {
    let blocks = [section(), close_event(), section(), close_event(), close_event()];
    expect_test::expect![[r#"
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        Section
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]]
    .assert_eq(&read(&blocks));
}

#[test]
fn machine_is_read() {
    let mut body = vec![0; 180];
    body[0] = 8;
    body[4..12].copy_from_slice(&(1u64 << 33).to_le_bytes());
    body[20..26].copy_from_slice(b"node-1");
    body[148] = 9;
    let blocks = [section(), block(0x201, &body), block(0x8002_ABCD, &body), close_event()];
    expect_test::expect![[r#"
        Section
        Machine(MachineInfo { cpus: 8, memory_bytes: 8589934592, max_pid: 0, hostname: [110, 111, 100, 101, 45, 49], boot_time_ns: 9, flags: 0 })
        Machine(MachineInfo { cpus: 8, memory_bytes: 8589934592, max_pid: 0, hostname: [110, 111, 100, 101, 45, 49], boot_time_ns: 9, flags: 0 })
        CloseX at 1 of 2 on 7 flags 0: [[0, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]]
    "#]].assert_eq(&read(&blocks));
}

#[test]
fn hostname_has_no_more_bytes_than_can_be_written() {
    let mut body = vec![0; 180];
    body[20..148].fill(b'x');
    let capture = [section(), block(0x201, &body), close_event()].concat();
    let mut reader = Reader::new(&capture[..]).unwrap();
    reader.next().unwrap();
    let Ok(Some(Record::Machine(machine))) = reader.next() else { panic!("no machine") };
    assert_eq!(machine.hostname.len(), 127);
}
