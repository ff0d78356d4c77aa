//! Texts of a thread.

use super::*;
use crate::scene::lossy;

fn thread() -> (Interner, Thread) {
    let interner = Interner::default();
    let thread = Thread::new(1, &interner.empty());
    (interner, thread)
}

#[track_caller]
fn check_args(comm: &str, bytes: &[u8], count: u32, cmdline: &str) {
    let (mut interner, mut thread) = thread();
    thread.comm = interner.intern(comm.as_bytes());
    let empty = interner.empty();
    interner.set_args(&mut thread, bytes, (&empty, &empty));
    assert_eq!((thread.arg_count, lossy(&thread.cmdline).as_str()), (count, cmdline));
}

#[track_caller]
fn check_cgroups(bytes: &[u8], expected: &str) {
    let (mut interner, mut thread) = thread();
    thread.cgroups = interner.intern(b"before");
    let empty = interner.empty();
    interner.set_cgroups(&mut thread, bytes, &empty);
    assert_eq!(lossy(&thread.cgroups).replace('\0', "|"), expected);
}

#[test]
fn one_final_nul_is_no_argument() {
    check_args("ls", b"", 0, "ls");
    check_args("ls", b"\0", 0, "ls");
    check_args("ls", b"-l\0/tmp\0", 2, "ls -l /tmp");
    check_args("ls", b"-l\0/tmp", 2, "ls -l /tmp");
    check_args("ls", b"\0\0", 2, "ls  ");
}

#[test]
fn without_a_name_there_is_no_command_line_yet() {
    check_args("", b"-l\0", 1, "");
}

#[test]
fn cgroups_have_common_names() {
    check_cgroups(
        b"cpuset_cgroup=/a\0perf=/b\0mem=/c\0io=/d\0pids=/e=f\0",
        "cpuset=/a|perf_event=/b|memory=/c|blkio=/d|pids=/e=f",
    );
    check_cgroups(b"", "");
}

#[test]
fn cgroups_with_an_entry_of_another_form_are_ignored() {
    check_cgroups(b"cpu=/a\0nonsense\0", "before");
}
