//! `close`.

use std::{fs::File, os::fd::IntoRawFd};

use event::EventType;

use crate::harness::record;

#[test]
fn closing_tells_the_fd_and_the_result() {
    let mut number = -1;
    let action = || {
        number = File::open("/dev/null").unwrap().into_raw_fd();
        nix::unistd::close(number).unwrap();
    };
    let Some(seen) = record(&["close"], action) else { return };

    let closed = |it: &&crate::harness::Seen| {
        it.kind == EventType::CloseX && it.number("fd") == i64::from(number)
    };
    let event = seen.iter().find(closed).expect("an event of the close");
    assert_eq!(event.number("res"), 0);
}

#[test]
fn failure_tells_the_error() {
    let Some(seen) = record(&["close"], || assert!(nix::unistd::close(-5).is_err())) else {
        return;
    };

    let event = seen.iter().find(|it| it.number("fd") == -5).expect("an event of the close");
    assert_eq!(event.number("res"), -9, "EBADF");
}
