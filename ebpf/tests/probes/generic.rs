//! Calls without an event type of their own.

use event::syscall_names;

use crate::{
    files::check,
    program::{Interface, Invocation, call},
};

/// The event of a call: Falco's code and the number in 64-bit programs.
fn generic(call: &Invocation) -> String {
    let code = syscall_names().iter().position(|it| *it == call.name).unwrap();
    let number = Interface::Native.number(call.name).unwrap();
    format!("GenericX ID={code} nativeID={number}")
}

#[track_caller]
fn check_all(interface: Interface, calls: &[Invocation]) {
    let texts: Vec<_> = calls.iter().map(generic).collect();
    let lines: Vec<_> =
        calls.iter().zip(&texts).map(|(call, text)| (call.clone(), &**text)).collect();
    check(interface, &lines);
}

fn calls() -> Vec<Invocation> {
    vec![
        call!("pivot_root", "gone", "gone"),
        call!("move_mount", 99, "", 99, "", 0),
        call!("fsopen", "gone", 0),
        call!("fsmount", 99, 0, 0),
        call!("uname", vec![0; 512]),
        call!("getpid"),
    ]
}

#[test]
fn generic_calls_tell_which_they_are() {
    check_all(Interface::Native, &calls());
}

#[test]
fn more_generic_calls_than_programs_are_told_too() {
    let more = [
        call!("sethostname", 1, -1),
        call!("setdomainname", 1, -1),
        call!("syslog", -1, 0, 0),
        call!("sysinfo", 1),
        call!("times", 1),
        call!("personality", 0xffff_ffff),
        call!("acct", "gone"),
        call!("swapon", "gone", 0),
        call!("swapoff", "gone"),
        call!("settimeofday", 1, 1),
        call!("msync", 1, 1, 0),
        call!("mincore", 1, 1, 1),
        call!("madvise", 1, 1, 1),
        call!("sched_yield"),
        call!("getpriority", 99, 0),
        call!("umask", 0o22),
    ];
    check_all(Interface::Native, &[&calls()[..], &more].concat());
}

#[cfg(target_arch = "x86_64")]
#[test]
fn generic_calls_of_32_bit_programs_tell_the_number_of_64_bit_ones() {
    check_all(Interface::Compat, &calls());
}
