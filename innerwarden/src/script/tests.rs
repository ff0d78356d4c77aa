//! Tests of scripts.

use std::fmt::Write as _;

use event::Event;
use expect_test::{Expect, expect};

use super::Script;
use crate::document::{self, Entry};

#[track_caller]
fn check(text: &str, expected: &Expect) {
    let node = document::parse(text).unwrap();
    expected.assert_eq(&match Script::read(&Entry::root(&node)) {
        Ok(script) => script
            .events
            .iter()
            .map(|it| shown(&Event::decode(&it.bytes, it.cpu, 0).unwrap()))
            .collect(),
        Err(error) => error.to_string(),
    });
}

/// Type, time since the start, thread and those parameters that are there.
fn shown(event: &Event<'_>) -> String {
    let mut text = format!(
        "{} {} +{} ms tid {}",
        if event.kind.is_enter() { ">" } else { "<" },
        event.kind.info().name,
        event.time_ns.saturating_sub(super::START_NS) / 1_000_000,
        event.tid
    );
    for (index, param) in event.kind.info().params.iter().enumerate() {
        if !event.param(index).is_empty() {
            let value = String::from_utf8_lossy(event.param(index));
            let _ = write!(text, " {}={value:?}", param.name);
        }
    }
    text + "\n"
}

#[test]
fn parameters_go_by_name() {
    check(
        "events:\n  - {type: openat, tid: 7, args: {fd: 3, dirfd: AT_FDCWD, name: /etc/shadow, \
         flags: O_RDONLY|O_CLOEXEC}}\n",
        &expect![[r#"
            < openat +1 ms tid 7 fd="\u{3}\0\0\0\0\0\0\0" dirfd="��������" name="/etc/shadow\0" flags="\u{1}\u{10}\0\0"
        "#]],
    );
}

#[test]
fn lists_are_ended_by_nul() {
    check(
        "events: [{type: execve, tid: 7, args: {args: [-l, /tmp]}}]",
        &expect![[r#"
        < execve +1 ms tid 7 args="-l\0/tmp\0"
    "#]],
    );
}

#[test]
fn addresses_are_text() {
    check(
        "events: [{type: connect, args: {addr: '1.2.3.4:80', tuple: '[::1]:1->[::2]:2'}}]",
        &expect![[r#"
            < connect +1 ms tid 1 tuple="\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{1}\u{1}\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u{2}\u{2}\0" addr="\u{2}\u{1}\u{2}\u{3}\u{4}P\0"
        "#]],
    );
    check(
        "events: [{type: connect, dir: '>', args: {addr: 'unix:/x'}}]",
        &expect![[r#"
        > connect +1 ms tid 1 addr="\u{1}/x\0"
    "#]],
    );
}

#[test]
fn clock_goes_on() {
    check(
        "events:\n- {type: close, after_ms: 5, repeat: 2}\n- {type: dup, time_ns: 1}\n",
        &expect![[r#"
            < close +5 ms tid 1
            < close +10 ms tid 1
            < dup +0 ms tid 1
        "#]],
    );
}

#[test]
fn mistakes_have_a_line() {
    check(
        "events:\n- {type: opennat}\n",
        &expect![
            "line 2: `events[0].type`: unknown event type `opennat`; `innerwarden rules events` lists them"
        ],
    );
    check(
        "events:\n- type: close\n  args:\n    fdd: 3\n",
        &expect!["line 4: `events[0].args.fdd`: unknown key; known are res, fd"],
    );
    check(
        "events:\n- type: close\n  args:\n    fd: three\n",
        &expect!["line 4: `events[0].args.fd`: expected a number, found `three`"],
    );
    check(
        "events:\n- {type: setuid, args: {uid: 0x123456789}}\n",
        &expect!["line 2: `events[0].args.uid`: expected a value of type Uid, found `0x123456789`"],
    );
    check(
        "events:\n- {type: openat, args: {flags: O_READ}}\n",
        &expect![
            "line 2: `events[0].args.flags`: expected a number, or names of the parameter joined by `|`, found `O_READ`"
        ],
    );
    check(
        "events:\n- {type: connect, args: {addr: somewhere}}\n",
        &expect![
            "line 2: `events[0].args.addr`: expected `ADDRESS:PORT` or `unix:PATH`, found `somewhere`"
        ],
    );
    check(
        "events:\n- {type: close, when: now}\n",
        &expect![
            "line 2: `events[0].when`: unknown key; known are type, dir, tid, cpu, time_ns, after_ms, args, repeat"
        ],
    );
    check("threads:\n- {comm: x}\n", &expect!["line 2: `threads[0]`: needs the key `tid`"]);
}
