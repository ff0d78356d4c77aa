//! What is recorded while alerting: the order of containers and events.

use event::{
    EventType::{self, AsynceventE as Container, ProcexitV1E as Exit},
    capture::Reader,
    encode::Encoder,
};

use super::*;
use crate::recording::Compression;

const LONG: Duration = Duration::from_hours(1);

/// Lets `write` write to a tape; the times and types of the events in the capture that comes out.
#[track_caller]
fn check(limit_bytes: u64, write: impl FnOnce(&mut Tape), expected: &[(u64, EventType)]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.scap");
    let output = Recording::create(&path, Compression::None).unwrap();
    let mut tape = Tape::new(output, limit_bytes, LONG);
    tape.record(&Record::Section);
    write(&mut tape);
    tape.finish().unwrap();
    let mut reader = Reader::open(&path).unwrap();
    let mut events = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        if let Record::Event(event) = record {
            events.push((event.time_ns, event.kind));
        }
    }
    assert_eq!(events, expected);
}

fn with_event<T>(kind: EventType, time_ns: u64, act: impl FnOnce(&Event<'_>) -> T) -> T {
    let mut encoder = Encoder::new();
    let params: Vec<&[u8]> = vec![&[]; kind.info().params.len()];
    act(&encoder.encode_bytes(kind, time_ns, 1, &params).unwrap())
}

fn happens(tape: &mut Tape, time_ns: u64) {
    with_event(EventType::ProcexitV1E, time_ns, |event| tape.event(event));
}

fn told(tape: &mut Tape, short_id: &str, time_ns: u64) {
    with_event(EventType::AsynceventE, time_ns, |event| tape.told(short_id, Some(event)));
}

#[test]
fn a_description_goes_in_front_of_the_first_event_of_its_container() {
    let write = |tape: &mut Tape| {
        happens(tape, 1);
        tape.asked("a", 2);
        happens(tape, 2);
        tape.asked("b", 3);
        happens(tape, 3);
        told(tape, "b", 8);
        happens(tape, 4);
        told(tape, "a", 9);
        happens(tape, 5);
    };
    let expected =
        [(1, Exit), (2, Container), (2, Exit), (3, Container), (3, Exit), (4, Exit), (5, Exit)];
    check(u64::MAX, write, &expected);
}

#[test]
fn what_nobody_describes_is_written_without() {
    let write = |tape: &mut Tape| {
        tape.asked("a", 1);
        happens(tape, 1);
        tape.told("a", None);
        happens(tape, 2);
        tape.asked("b", 3);
        happens(tape, 3);
        tape.expire(Instant::now() + 2 * LONG);
        told(tape, "b", 9);
        tape.asked("c", 10);
        happens(tape, 10);
    };
    check(u64::MAX, write, &[(1, Exit), (2, Exit), (3, Exit), (9, Container), (10, Exit)]);
}

#[test]
fn a_busy_host_is_not_kept_back_without_end() {
    let folder = tempfile::tempdir().unwrap();
    let output = Recording::create(&folder.path().join("x"), Compression::None).unwrap();
    let mut tape = Tape::new(output, u64::MAX, LONG);
    tape.record(&Record::Section);
    tape.asked("a", 0);
    let full = (1..1_000_000).find(|&time_ns| {
        happens(&mut tape, time_ns);
        tape.kept.is_empty()
    });
    assert!(full.is_some(), "{} bytes are kept back", tape.kept_bytes);
    assert!(tape.take_failure().is_none());
}

#[test]
fn it_ends_at_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.scap");
    let mut tape = Tape::new(Recording::create(&path, Compression::None).unwrap(), 100_000, LONG);
    tape.record(&Record::Section);
    for time_ns in 0.. {
        happens(&mut tape, time_ns);
        if tape.is_over() {
            break;
        }
    }
    let size = std::fs::metadata(&path).unwrap().len();
    assert!((100_000..200_000).contains(&size), "{size} bytes");
    happens(&mut tape, 0);
    tape.finish().unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().len(), size);
}
