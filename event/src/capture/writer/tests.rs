//! Tests of the writer.

use std::net::Ipv4Addr;

use super::*;
use crate::{
    capture::{
        FdDetail, FdEntry, GroupEntry, InterfaceAddress, InterfaceEntry, Reader, ThreadEntry,
        UserEntry,
    },
    encode::{Encoder, Param},
    table::EventType,
};

fn event(encoder: &mut Encoder) -> Event<'_> {
    encoder.encode(EventType::CloseX, 1, 2, &[Param::Int(0), Param::Int(3)]).unwrap()
}

/// Writes one record about the host, reads it back and compares.
#[track_caller]
fn check(record: &Record<'_>, expected: &Record<'_>) {
    let mut writer = Writer::plain(Vec::new());
    writer.write(&Record::Section).unwrap();
    writer.write(record).unwrap();
    let mut encoder = Encoder::new();
    writer.event(&event(&mut encoder)).unwrap();
    let bytes = writer.finish().unwrap();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    assert!(matches!(reader.next(), Ok(Some(Record::Section))));
    assert_eq!(format!("{:?}", reader.next().unwrap().unwrap()), format!("{expected:?}"));
    assert!(matches!(reader.next(), Ok(Some(Record::Event(_)))));
    assert!(matches!(reader.next(), Ok(None)));
}

#[test]
fn machine_comes_back() {
    let machine = MachineInfo {
        cpus: 4,
        memory_bytes: 1 << 34,
        max_pid: 4_194_304,
        hostname: b"node-1",
        boot_time_ns: 5,
        flags: 6,
    };
    check(&Record::Machine(machine), &Record::Machine(machine));
}

#[test]
fn interface_comes_back() {
    let address = InterfaceAddress::V4 {
        address: Ipv4Addr::LOCALHOST,
        netmask: Ipv4Addr::new(255, 0, 0, 0),
        broadcast: Ipv4Addr::UNSPECIFIED,
    };
    let entry = InterfaceEntry { name: b"lo", address, link_speed: 9 };
    check(&Record::Interface(entry), &Record::Interface(entry));
}

#[test]
fn long_user_names_are_cut() {
    let long = [b'x'; 300];
    let user = UserEntry { uid: 1, gid: 2, name: &long, home: b"/home/x", shell: b"" };
    let cut = UserEntry { name: &long[..255], ..user };
    check(&Record::User(user), &Record::User(cut));
    let group = GroupEntry { gid: 2, name: b"staff" };
    check(&Record::Group(group), &Record::Group(group));
}

#[test]
fn long_strings_of_threads_are_cut() {
    let long = [b'x'; 5_000];
    let thread = ThreadEntry {
        tid: 10,
        pid: 10,
        pgid: 3,
        comm: &long,
        args: &long,
        cwd: b"/tmp",
        exe_lower_layer: true,
        tty: 34_816,
        ..ThreadEntry::default()
    };
    let cut = ThreadEntry { comm: &long[..1024], args: &long[..4096], ..thread };
    check(&Record::Thread(thread), &Record::Thread(cut));
}

#[test]
fn threads_always_have_a_current_directory() {
    let thread = ThreadEntry { tid: 1, ..ThreadEntry::default() };
    check(&Record::Thread(thread), &Record::Thread(ThreadEntry { cwd: b"/", ..thread }));
}

#[test]
fn fds_of_newer_kinds_are_named_by_their_number() {
    let fd = FdEntry { tid: 1, fd: 3, ino: 4, kind: 99, detail: FdDetail::Unrecognized };
    let named = FdEntry { kind: 10, detail: FdDetail::Named(b"unknown-type:[99]"), ..fd };
    check(&Record::Fd(fd), &Record::Fd(named));
}

#[test]
fn long_lists_are_continued_in_another_block() {
    let long = [b'x'; 4_096];
    let mut writer = Writer::plain(Vec::new());
    writer.write(&Record::Section).unwrap();
    for tid in 0..1_000 {
        let thread = ThreadEntry { tid, env: &long, ..ThreadEntry::default() };
        writer.write(&Record::Thread(thread)).unwrap();
    }
    let mut encoder = Encoder::new();
    writer.event(&event(&mut encoder)).unwrap();
    let bytes = writer.finish().unwrap();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    let mut tids = Vec::new();
    while let Some(record) = reader.next().unwrap() {
        if let Record::Thread(thread) = record {
            tids.push(thread.tid);
        }
    }
    assert_eq!(tids, (0..1_000).collect::<Vec<_>>());
}

#[test]
fn host_after_an_event_is_refused() {
    let mut writer = Writer::plain(Vec::new());
    let mut encoder = Encoder::new();
    let event = event(&mut encoder);
    assert!(matches!(writer.event(&event), Err(WriteError::OutOfOrder)));
    writer.write(&Record::Section).unwrap();
    writer.event(&event).unwrap();
    let thread = Record::Thread(ThreadEntry::default());
    assert!(matches!(writer.write(&thread), Err(WriteError::OutOfOrder)));
}

#[test]
fn section_without_events_is_refused() {
    let mut writer = Writer::plain(Vec::new());
    writer.write(&Record::Section).unwrap();
    assert!(matches!(writer.write(&Record::Section), Err(WriteError::NoEvents)));
    assert!(matches!(writer.finish(), Err(WriteError::NoEvents)));
}

#[test]
fn events_beyond_the_limit_of_readers_are_refused() {
    let long = vec![0; 65_535];
    let mut encoder = Encoder::new();
    let params = [Param::Int(0), Param::Text(&long)];
    let event = encoder.encode(EventType::ReadX, 1, 2, &params).unwrap();
    let mut writer = Writer::plain(Vec::new());
    writer.write(&Record::Section).unwrap();
    assert!(matches!(writer.event(&event), Err(WriteError::EventTooLong(_))));
}

#[test]
fn events_keep_cpu_and_flags() {
    let mut encoder = Encoder::new();
    let mut event = event(&mut encoder);
    (event.cpu, event.flags) = (5, 1);
    let mut writer = Writer::gzip(Vec::new());
    writer.write(&Record::Section).unwrap();
    writer.event(&event).unwrap();
    let bytes = writer.finish().unwrap();
    let mut reader = Reader::new(&bytes[..]).unwrap();
    reader.next().unwrap();
    let Ok(Some(Record::Event(back))) = reader.next() else { panic!("no event") };
    assert_eq!((back.cpu, back.flags, back.bytes()), (5, 1, event.bytes()));
}
