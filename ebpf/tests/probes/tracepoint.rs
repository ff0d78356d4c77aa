//! Signals that arrive, page faults, switches of threads: what only rules that name them want.

use std::{
    fs::{self, File},
    io::Read as _,
    ops::ControlFlow,
    process::Command,
    thread,
    time::Duration,
};

use ebpf::Selection;
use event::{Event, EventType};
use nix::{
    sys::{
        ptrace,
        signal::{Signal, kill},
        wait::{WaitStatus, waitpid},
    },
    unistd::Pid,
};

use crate::{
    harness::{Seen, load},
    machine::{Width, call, program},
};

/// The events of one type that happen during `action`. They never end by themselves, so the probe goes first.
#[track_caller]
fn record(tracepoint: &str, kind: EventType, action: impl FnOnce()) -> Option<Vec<Seen>> {
    let mut selection = Selection::new();
    assert!(selection.add(tracepoint));
    let mut probes = load(&selection)?;
    action();
    probes.select(&Selection::new()).unwrap();
    let mut seen = Vec::new();
    let mut take = |event: &Event<'_>| {
        if event.kind == kind {
            seen.push(Seen::of(event));
        }
        ControlFlow::Continue(())
    };
    while probes.drain(&mut take) > 0 {
        probes.wait(Duration::from_millis(1));
    }
    Some(seen)
}

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
    let Some(seen) = record("signal_deliver", EventType::SignaldeliverE, action) else { return };
    let of_child: Vec<_> = seen.iter().filter(|it| it.tid == pid).map(Seen::show).collect();
    let spid = sender(i64::from(std::process::id()));
    let expected = format!("SignaldeliverE spid={spid} dpid={pid} sig={}", signal as i32);
    assert_eq!(of_child, [expected]);
}

#[test]
fn signals_tell_who_sent_them() {
    check_signal(Signal::SIGTERM, |own| own);
    check_signal(Signal::SIGHUP, |own| own);
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
    let (tid, range) = (nix::unistd::gettid().as_raw(), buffer.as_ptr_range());
    let range = range.start.addr()..range.end.addr();
    let Some(seen) = record(tracepoint, EventType::PageFaultE, || touch(&mut buffer)) else {
        return;
    };
    let inside = |it: &&Seen| {
        let address = usize::try_from(it.number("addr").cast_unsigned()).unwrap();
        it.tid == i64::from(tid) && range.contains(&address)
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
    let own = i64::from(nix::unistd::gettid().as_raw());
    let pages = || {
        let text = fs::read_to_string("/proc/self/statm").unwrap();
        text.split(' ').next().unwrap().parse::<i64>().unwrap()
    };
    let mut before = 0;
    let action = || {
        before = pages();
        thread::sleep(Duration::from_millis(2));
    };
    let Some(seen) = record("sched_switch", EventType::SchedswitchV6E, action) else { return };
    let switch = seen.iter().find(|it| it.tid == own).expect("it slept");
    assert_ne!(switch.number("next"), own);
    assert!(switch.number("pgft_min") > 0);
    let size = switch.number("vm_size") / 4;
    // Reading the size may have taken a few pages itself.
    assert!((size - before).abs() < 64, "{before} {size}");
    assert!(switch.number("vm_rss") > 0);
}
