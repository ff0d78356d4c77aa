//! Signals that arrive, switches of threads: what only rules that name them want.

use std::{fs, process::Command, thread, time::Duration};

use event::EventType;
use nix::{
    sys::{
        ptrace,
        signal::{Signal, kill},
        wait::{WaitStatus, waitpid},
    },
    unistd::Pid,
};

use crate::{
    harness::{Seen, record, record_all},
    machine::{Width, call, program},
};

/// Sends `signal` to a process that waits. It is traced: else the kernel makes a SIGKILL of whatever would end it.
#[track_caller]
fn check_signal(signal: Signal, sender: impl Fn(i64) -> i64) {
    let wait = call(syscalls::Sysno::ppoll as u32, [0, 0, 0, 0, 0]);
    let (_directory, path) = program(Width::Native, &[wait]);
    let mut pid = 0;
    let action = || {
        let mut child = Command::new(&path).spawn().unwrap();
        let target = Pid::from_raw(child.id().try_into().unwrap());
        ptrace::seize(target, ptrace::Options::empty()).unwrap();
        kill(target, signal).unwrap();
        if signal != Signal::SIGKILL {
            assert_eq!(waitpid(target, None).unwrap(), WaitStatus::Stopped(target, signal));
            ptrace::cont(target, signal).unwrap();
        }
        child.wait().unwrap();
        pid = i64::from(target.as_raw());
    };
    let Some(seen) = record_all(&["signal_deliver"], action) else { return };
    let of_child = |it: &&Seen| it.kind == EventType::SignaldeliverE && it.tid == pid;
    let of_child: Vec<_> = seen.iter().filter(of_child).map(Seen::show).collect();
    let spid = sender(i64::from(std::process::id()));
    let expected = format!("SignaldeliverE spid={spid} dpid={pid} sig={}", signal as i32);
    assert_eq!(of_child, [expected]);
}

#[test]
fn signals_tell_who_sent_them() {
    check_signal(Signal::SIGTERM, |own| own);
}

#[test]
fn of_other_signals_nobody_is_the_sender() {
    check_signal(Signal::SIGUSR1, |_| 0);
    // The kernel keeps no sender of it.
    check_signal(Signal::SIGKILL, |_| 0);
}

#[test]
fn switches_tell_of_the_thread_that_has_to_wait() {
    let (mut before, mut after) = ([0; 2], [0; 2]);
    let action = || {
        before = faults_and_pages();
        thread::park_timeout(Duration::from_millis(2));
        after = faults_and_pages();
    };
    let Some(seen) = record(&["sched_switch"], action) else { return };
    let own = i64::from(nix::unistd::gettid().as_raw());
    let fits = |it: &Seen| {
        let told = [it.number("pgft_min"), it.number("vm_size") / 4];
        // Another thread may have got more memory, or given some back.
        let pages = before[1].min(after[1]) - 64..=before[1].max(after[1]) + 64;
        (before[0]..=after[0]).contains(&told[0])
            && pages.contains(&told[1])
            && it.number("vm_rss") > 0
            && it.number("next") != own
    };
    let shown: Vec<_> = seen.iter().map(Seen::show).collect();
    assert!(seen.iter().any(fits), "{before:?} {after:?} {shown:#?}");
}

/// Minor page faults of this thread, and pages of this process.
fn faults_and_pages() -> [i64; 2] {
    let stat = fs::read_to_string("/proc/thread-self/stat").unwrap();
    // Behind the name come the fields from the third on.
    let faults = stat.rsplit(')').next().unwrap().split_whitespace().nth(7).unwrap();
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    let pages = statm.split(' ').next().unwrap();
    [faults.parse().unwrap(), pages.parse().unwrap()]
}
