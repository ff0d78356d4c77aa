//! Operations of `io_uring`.

use std::process::Command;

use event::EventType;
use syscalls::Sysno;

use crate::{
    harness::{Seen, record_all},
    machine::{Argument, Step, Width, call, program},
};

const NOP: i64 = 0;
const CONNECT: i64 = 16;
const OPENAT: i64 = 18;

/// What is kept: where the rings and the requests are mapped.
const RINGS: usize = 0;
const REQUESTS: usize = 1;

/// A ring of the process's own that is asked for one operation.
fn ask(operation: i64) -> Vec<Step> {
    let parameters = Argument::Bytes(vec![0; 120]);
    let path = if operation == OPENAT {
        Argument::Bytes(b"/etc/no such file\0".to_vec())
    } else {
        0.into()
    };
    let map = |offset| {
        let [read_write, shared, ring] = [3, 1, 3];
        call(Sysno::mmap as u32, [0, 4096, read_write, shared, ring, offset])
    };
    let no_directory = -100_i64 << 32;
    vec![
        Step::Call(Sysno::io_uring_setup as u32, vec![8.into(), parameters]),
        map(0),
        Step::Keep(RINGS),
        map(0x1000_0000),
        Step::Keep(REQUESTS),
        Step::Store(REQUESTS, 0, (operation | no_directory).into()),
        Step::Store(REQUESTS, 16, path),
        // The tail of the ring of requests is behind its head, which stays 0: at once, or on the next cache line.
        Step::Store(RINGS, 0, (1 << 32).into()),
        Step::Store(RINGS, 64, 1.into()),
        call(Sysno::io_uring_enter as u32, [3, 1, 1, 1, 0, 0]),
    ]
}

#[track_caller]
fn check(operation: i64, expected: &[&[u8]]) {
    let (_directory, path) = program(Width::Native, &ask(operation));
    let mut child = 0;
    let Some(seen) = record_all(&["io_uring_setup", "io_uring_enter"], || {
        let mut process = Command::new(&path).spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    }) else {
        return;
    };
    let of = |kind| seen.iter().filter(move |it: &&Seen| it.tid == child && it.kind == kind);
    let setup = of(EventType::IoUringSetupX).next().unwrap();
    if setup.number("res") < 0 {
        println!("skipped: this kernel has no io_uring: {}", setup.show());
        return;
    }
    assert_eq!(setup.number("res"), 3);
    let told: Vec<_> = of(EventType::AsynceventE).collect();
    let entered = of(EventType::IoUringEnterX).next().unwrap();
    assert_eq!(entered.number("res"), 1, "{}", entered.show());
    if told.is_empty() && !expected.is_empty() && is_old() {
        println!("skipped: this kernel tells nothing of requests");
        return;
    }
    let data: Vec<_> = told.iter().map(|it| it.bytes("data")).collect();
    assert_eq!(data, expected);
    for event in told {
        assert_eq!(
            (event.number("plugin_id"), event.text("name")),
            (0, "io_uring_enter".to_owned())
        );
    }
}

/// Whether the kernel is older than 6.0.
fn is_old() -> bool {
    is_release("5.")
}

fn is_release(major: &str) -> bool {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap();
    release.starts_with(major)
}

#[test]
fn opening_through_a_ring_tells_the_path() {
    // Linux 7 keeps the name where the probe does not find it.
    let expected: &[u8] =
        if is_release("7.") { b"openat\0" } else { b"openat /etc/no such file\0" };
    check(OPENAT, &[expected]);
}

#[test]
fn connecting_through_a_ring_is_told() {
    check(CONNECT, &[b"connect\0"]);
}

#[test]
fn harmless_operations_are_not_told() {
    check(NOP, &[]);
}
