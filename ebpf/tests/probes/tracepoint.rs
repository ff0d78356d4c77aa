//! Signals that arrive, page faults, switches of threads: what only rules that name them want.

use std::{
    fs::{self, File},
    io::Read as _,
    process::Command,
    thread,
    time::Duration,
};

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

/// Faults of this thread in a buffer that `touch` uses first.
#[track_caller]
fn check_fault(tracepoint: &str, touch: impl FnOnce(&mut [u8]), error: i64) {
    // More than any allocator keeps, so that its pages are not there yet.
    let mut buffer = vec![0_u8; 64 << 20];
    let range = buffer.as_ptr_range();
    let range = range.start.addr()..range.end.addr();
    let Some(seen) = record(&[tracepoint], || touch(&mut buffer)) else { return };
    let inside = |it: &&Seen| {
        let address = usize::try_from(it.number("addr").cast_unsigned()).unwrap();
        range.contains(&address)
    };
    let faults: Vec<_> = seen.iter().filter(inside).collect();
    assert!(!faults.is_empty(), "{tracepoint}: {} others", seen.len());
    for fault in faults {
        assert_eq!(fault.number("error"), error);
        assert_ne!(fault.number("ip"), 0);
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn page_faults_tell_where_and_why() {
    // Not present, written, by a program or by the kernel for it.
    check_fault("page_fault_user", |buffer| buffer[..1 << 20].fill(1), 2 | 4 | 16);
    let read = |buffer: &mut [u8]| {
        File::open("/dev/zero").unwrap().read_exact(&mut buffer[..1 << 20]).unwrap();
    };
    check_fault("page_fault_kernel", read, 2 | 4 | 32);
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
