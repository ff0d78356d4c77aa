//! Calls of 32-bit programs that have several functions in the kernel, or that share the one of 64-bit programs.

use event::EventType::{self, *};

use crate::{
    harness::Seen,
    raw::{Raw, has_compat_calls},
};

/// Names of 32-bit calls with their arguments, and the events that they make; `selected` are their 64-bit names.
#[track_caller]
fn check(selected: &[&str], calls: &[(&'static str, &[u64], EventType)]) {
    if !has_compat_calls() {
        return;
    }
    let mut raw = Raw::new();
    for (name, args, _) in calls {
        raw.compat_call(name, args);
    }
    let Some(seen) = raw.record(selected) else { return };

    // What came before is how the program was started.
    let seen = seen.get(seen.len().saturating_sub(calls.len())..).unwrap_or_default();
    let kinds: Vec<_> = seen.iter().map(|it| it.kind).collect();
    let expected: Vec<_> = calls.iter().map(|(_, _, kind)| *kind).collect();
    assert_eq!(kinds, expected, "{:#?}", seen.iter().map(Seen::show).collect::<Vec<_>>());
}

#[test]
fn ids_are_set_by_old_calls_and_by_new_ones() {
    check(
        &["setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid"],
        &[
            ("setuid", &[0], SetuidX),
            ("setuid32", &[0], SetuidX),
            ("setgid", &[0], SetgidX),
            ("setgid32", &[0], SetgidX),
            ("setreuid", &[0, 0], SetreuidX),
            ("setreuid32", &[0, 0], SetreuidX),
            ("setregid", &[0, 0], SetregidX),
            ("setregid32", &[0, 0], SetregidX),
            ("setresuid", &[0, 0, 0], SetresuidX),
            ("setresuid32", &[0, 0, 0], SetresuidX),
            ("setresgid", &[0, 0, 0], SetresgidX),
            ("setresgid32", &[0, 0, 0], SetresgidX),
        ],
    );
}

#[test]
fn ids_and_limits_are_asked_for_by_old_calls_and_by_new_ones() {
    check(
        &["getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getrlimit"],
        &[
            ("getuid", &[], GetuidX),
            ("getuid32", &[], GetuidX),
            ("geteuid", &[], GeteuidX),
            ("geteuid32", &[], GeteuidX),
            ("getgid", &[], GetgidX),
            ("getgid32", &[], GetgidX),
            ("getegid", &[], GetegidX),
            ("getegid32", &[], GetegidX),
            ("getresuid", &[1, 1, 1], GetresuidX),
            ("getresuid32", &[1, 1, 1], GetresuidX),
            ("getresgid", &[1, 1, 1], GetresgidX),
            ("getresgid32", &[1, 1, 1], GetresgidX),
            ("getrlimit", &[99, 1], GetrlimitX),
            ("ugetrlimit", &[99, 1], GetrlimitX),
        ],
    );
}

#[test]
fn functions_of_64_bit_programs_serve_others_too() {
    check(
        &[
            "setsockopt",
            "getsockopt",
            "process_vm_readv",
            "process_vm_writev",
            "clone",
            "epoll_pwait",
            "mbind",
        ],
        &[
            ("setsockopt", &[99, 1, 2, 0, 0], SetsockoptX),
            ("getsockopt", &[99, 1, 2, 0, 0], GetsockoptX),
            ("process_vm_readv", &[0x7fff_ffff, 0, 0, 0, 0, 0], ProcessVmReadvX),
            ("process_vm_writev", &[0x7fff_ffff, 0, 0, 0, 0, 0], ProcessVmWritevX),
            ("clone", &[0x800, 0, 0, 0, 0], CloneV20X), // CLONE_SIGHAND without CLONE_VM fails
            ("epoll_pwait", &[99, 0, 0, 0, 0, 0], GenericX),
            ("mbind", &[0, 0, 99, 0, 0, 0], GenericX),
        ],
    );
}
