//! Calls of numbers and small structs: ids, limits, signals, waiting, seccomp.

use crate::{
    files,
    harness::{Seen, record},
    program::{Interface, Invocation, call},
};

#[track_caller]
fn check(lines: &[(Invocation, &str)]) {
    files::check(Interface::Native, lines);
}

/// Two numbers of 64 bits: `struct rlimit`, `struct timespec`, `struct timeval`.
fn pair(first: i64, second: i64) -> Vec<u8> {
    [first.to_ne_bytes(), second.to_ne_bytes()].concat()
}

#[test]
fn real_and_effective_ids_are_told() {
    check(&[
        (call!("setreuid", 0, -1), "SetreuidX res=0 ruid=0 euid=4294967295"),
        (call!("setregid", 7, -1), "SetregidX res=0 rgid=7 egid=4294967295"),
    ]);
}

#[test]
fn new_session_tells_its_number() {
    let mut result = 0;
    let action = || {
        result =
            nix::unistd::setsid().map_or_else(|error| -(error as i32), nix::unistd::Pid::as_raw);
    };
    let Some(seen) = record(&["setsid"], action) else { return };
    let shown: Vec<_> = seen.iter().map(Seen::show).collect();
    assert!(shown.contains(&format!("SetsidX res={result}")), "{result} is not in {shown:#?}");
}

#[test]
fn limits_are_told_once_they_are_read() {
    check(&[
        (call!("setrlimit", 4, pair(1000, 2000)), "SetrlimitX res=0 cur=1000 max=2000 resource=4"),
        (call!("getrlimit", 4, pair(0, 0)), "GetrlimitX res=0 cur=1000 max=2000 resource=4"),
    ]);
    check(&[
        (call!("setrlimit", 99, pair(1, -1)), "SetrlimitX res=-22 cur=1 max=-1 resource=255"),
        (call!("setrlimit", 4, 16), "SetrlimitX res=-14 cur=0 max=0 resource=4"),
        (call!("getrlimit", 7, 16), "GetrlimitX res=-14 cur=-1 max=-1 resource=7"),
    ]);
}

#[test]
fn signals_of_threads_are_told_with_their_target() {
    let nobody = i64::from(i32::MAX);
    check(&[
        (call!("tkill", nobody, 10), "TkillX res=-3 tid=2147483647 sig=10"),
        (call!("tkill", -5, 9), "TkillX res=-22 tid=-5 sig=9"),
        (call!("tgkill", 1, nobody, 12), "TgkillX res=-3 pid=1 tid=2147483647 sig=12"),
    ]);
}

#[test]
fn waiting_is_told_with_its_time_and_place() {
    check(&[
        (call!("nanosleep", pair(0, 1000), 0), "NanosleepX res=0 interval=1000"),
        (call!("nanosleep", pair(2, -1), 0), "NanosleepX res=-22 interval=1999999999"),
        (call!("nanosleep", 16, 0), "NanosleepX res=-14 interval=0"),
        (call!("futex", 16, 129, 3), "FutexX res=0 addr=16 op=129 val=3"),
        (call!("futex", 17, 1, 3), "FutexX res=-22 addr=17 op=1 val=3"),
        (call!("select", 0, 0, 0, 0, pair(0, 0)), "SelectX res=0"),
        (call!("select", -1, 0, 0, 0, pair(0, 0)), "SelectX res=-22"),
    ]);
}

#[test]
fn seccomp_tells_what_is_asked_for() {
    let allow = 0x7fff_0000_u32.to_ne_bytes().to_vec();
    check(&[
        (call!("seccomp", 2, 0, allow), "SeccompX res=0 op=2 flags=0"),
        (call!("seccomp", 99, 5, 16), "SeccompX res=-22 op=99 flags=5"),
    ]);
}
