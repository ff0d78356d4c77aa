//! `clone`, `clone3`, `fork`, `vfork`.

use std::{fs, process::Command, thread};

use event::EventType;
use nix::sched::CloneFlags;
use syscalls::Sysno;

use crate::{
    harness::{Seen, record_all},
    machine::{Step, Width, call, program},
};

const CALLS: [&str; 4] = ["clone", "clone3", "fork", "vfork"];

const FILES: i64 = 1 << 0;
const FS: i64 = 1 << 1;
const SIGHAND: i64 = 1 << 11;
const THREAD: i64 = 1 << 13;
const VM: i64 = 1 << 15;
const IN_PID_NAMESPACE: i64 = 1 << 29;

/// Whether this way to attach tells the flags of a child as they were passed.
fn child_has_all_flags(child: &Seen, caller: &Seen) -> bool {
    cfg!(target_arch = "x86_64") && child.kind == caller.kind
}

fn is_clone(event: &Seen) -> bool {
    use EventType::{Clone3X, CloneV20X, ForkV20X, VforkV20X};
    matches!(event.kind, Clone3X | CloneV20X | ForkV20X | VforkV20X)
}

/// The caller's event and the child's.
#[track_caller]
fn pair(seen: &[Seen], child: i64) -> (&Seen, &Seen) {
    let clones = || seen.iter().filter(|it| is_clone(it));
    let caller = clones().find(|it| it.number("res") == child).unwrap();
    let born = clones().find(|it| it.tid == child && it.number("res") == 0);
    (caller, born.unwrap())
}

#[test]
fn a_new_process_is_told_by_caller_and_child() {
    let (_directory, path) = program(Width::Native, &[]);
    let mut child = 0;
    let action = || {
        let mut process = Command::new(&path).spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    };
    let Some(seen) = record_all(&CALLS, action) else { return };

    let (caller, born) = pair(&seen, child);
    let tid = i64::from(nix::unistd::gettid().as_raw());
    assert_eq!((caller.tid, caller.number("tid")), (tid, tid));
    assert_eq!(caller.number("pid"), i64::from(std::process::id()));
    assert_eq!((born.number("tid"), born.number("pid"), born.number("ptid")), (child, child, tid));
    assert_eq!((born.number("vtid"), born.number("vpid")), (child, child));
    for event in [caller, born] {
        let command = fs::read("/proc/self/cmdline").unwrap();
        let (exe, args) = command.split_at(command.iter().position(|it| *it == 0).unwrap() + 1);
        assert_eq!((event.bytes("exe"), event.bytes("args")), (exe, args));
        let name = fs::read_to_string(format!("/proc/self/task/{tid}/comm")).unwrap();
        assert_eq!(event.text("comm"), name.trim_end());
        assert_eq!(event.bytes("cwd"), b"");
        assert_eq!((event.number("uid"), event.number("gid")), (0, 0));
        assert_eq!(event.bytes("cgroups"), caller.bytes("cgroups"));
        assert!(event.number("vm_size") > 0);
    }
    assert_eq!(caller.number("pidns_init_start_ts"), 0, "of no interest for callers");
    assert!(seen.iter().any(|it| it.tid == child && it.kind == EventType::ProcexitV1E));
}

#[test]
fn a_new_thread_is_told_with_its_process() {
    let gettid = || i64::from(nix::unistd::gettid().as_raw());
    let mut child = 0;
    let action = || child = thread::spawn(gettid).join().unwrap();
    let Some(seen) = record_all(&CALLS, action) else { return };

    let (caller, born) = pair(&seen, child);
    let process = i64::from(std::process::id());
    assert_eq!((born.number("pid"), born.number("vpid")), (process, process));
    let shared = THREAD | SIGHAND | VM | FILES;
    assert_eq!(caller.number("flags") & (shared | FS), shared | FS);
    assert_eq!(born.number("flags") & shared, shared);
    if child_has_all_flags(born, caller) {
        assert_eq!(born.number("flags"), caller.number("flags"));
    }
}

#[test]
fn failure_has_no_program() {
    // CLONE_SIGHAND without CLONE_VM.
    let Some((child, seen)) = run(&[call(Sysno::clone as u32, [0x800, 0, 0, 0, 0])]) else {
        return;
    };
    let event = seen.iter().find(|it| it.tid == child && is_clone(it) && it.number("res") < 0);
    let event = event.unwrap();
    assert_eq!((event.number("res"), event.number("flags")), (-22, SIGHAND));
    assert_eq!((event.bytes("exe"), event.bytes("args")), (&b""[..], &b""[..]));
}

#[cfg(target_arch = "x86_64")]
#[test]
fn each_call_has_its_own_event() {
    for (number, kind) in [
        (Sysno::fork, EventType::ForkV20X),
        (Sysno::vfork, EventType::VforkV20X),
        (Sysno::clone, EventType::CloneV20X),
    ] {
        // The new process may run after its parent has ended, unless that waits for it.
        let wait = call(Sysno::wait4 as u32, [-1, 0, 0, 0]);
        let steps = [call(number as u32, [17, 0, 0, 0, 0]), wait];
        let Some((child, seen)) = run(&steps) else { return };
        let caller = seen.iter().find(|it| it.tid == child && it.kind == kind).unwrap();
        let (_, born) = pair(&seen, caller.number("res"));
        if child_has_all_flags(born, caller) {
            assert_eq!(born.number("flags"), caller.number("flags"));
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn calls_of_32_bit_programs_are_told() {
    use syscalls::x86::Sysno;
    let wait = call(Sysno::wait4 as u32, [-1, 0, 0, 0]);
    let steps = [call(Sysno::fork as u32, []), call(Sysno::setuid32 as u32, [5]), wait];
    let (_directory, path) = program(Width::Narrow, &steps);
    let mut child = 0;
    let action = || match Command::new(&path).spawn() {
        Ok(mut process) => {
            child = i64::from(process.id());
            process.wait().unwrap();
        }
        Err(error) => println!("skipped: this kernel runs no 32-bit programs: {error}"),
    };
    let Some(seen) = record_all(&["fork", "setuid"], action) else { return };
    if child == 0 {
        return;
    }
    let caller = seen.iter().find(|it| it.tid == child && it.kind == EventType::ForkV20X);
    let grandchild = caller.unwrap().number("res");
    pair(&seen, grandchild);
    for tid in [child, grandchild] {
        let change = seen.iter().find(|it| it.tid == tid && it.kind == EventType::SetuidX);
        assert_eq!(change.unwrap().show(), "SetuidX res=0 uid=5");
    }
}

#[test]
fn processes_of_a_new_pid_namespace_are_told_as_such() {
    let (_directory, path) = program(Width::Native, &[]);
    let mut child = 0;
    let spawn = move || {
        nix::sched::unshare(CloneFlags::CLONE_NEWPID).unwrap();
        let mut process = Command::new(&path).spawn().unwrap();
        process.wait().unwrap();
        i64::from(process.id())
    };
    // Of a thread of its own: it can make no further processes.
    let action = || child = thread::spawn(spawn).join().unwrap();
    let Some(seen) = record_all(&CALLS, action) else { return };

    let (caller, born) = pair(&seen, child);
    assert_eq!((born.number("tid"), born.number("vtid"), born.number("vpid")), (child, 1, 1));
    for event in [caller, born] {
        assert_eq!(event.number("flags") & IN_PID_NAMESPACE, IN_PID_NAMESPACE);
    }
    assert!(born.number("pidns_init_start_ts") > 0);
}

/// Has a program run and returns its pid and all events.
#[track_caller]
fn run(steps: &[Step]) -> Option<(i64, Vec<Seen>)> {
    let (_directory, path) = program(Width::Native, steps);
    let mut child = 0;
    let seen = record_all(&CALLS, || {
        let mut process = Command::new(&path).spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    })?;
    Some((child, seen))
}
