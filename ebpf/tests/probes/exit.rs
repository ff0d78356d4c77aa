//! Ends of threads.

use std::{process::Command, sync::mpsc, thread, time::Duration};

use event::EventType;
use syscalls::Sysno;

use crate::{
    harness::{Seen, record_all},
    machine::{Step, Width, call, program},
};

fn ends(seen: &[Seen], tid: i64) -> Vec<String> {
    let ends = seen.iter().filter(|it| it.tid == tid && it.kind == EventType::ProcexitV1E);
    ends.map(Seen::show).collect()
}

#[test]
fn the_exit_code_is_told() {
    let (_directory, path) = program(Width::Native, &[call(Sysno::exit_group as u32, [7])]);
    let mut child = 0;
    let Some(seen) = record_all(&[], || {
        let mut process = Command::new(&path).spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    }) else {
        return;
    };
    assert_eq!(ends(&seen, child), ["ProcexitV1E status=1792 ret=7 sig=0 core=0 reaper_tid=0"]);
}

#[test]
fn the_signal_is_told() {
    let (_directory, path) = program(Width::Native, &[sleep()]);
    let mut child = 0;
    let Some(seen) = record_all(&[], || {
        let mut process = Command::new(&path).spawn().unwrap();
        child = i64::from(process.id());
        process.kill().unwrap();
        process.wait().unwrap();
    }) else {
        return;
    };
    assert_eq!(ends(&seen, child), ["ProcexitV1E status=9 ret=0 sig=9 core=0 reaper_tid=0"]);
}

/// Until a signal comes.
fn sleep() -> Step {
    call(Sysno::ppoll as u32, [0, 0, 0, 0])
}

#[test]
fn children_of_a_thread_go_to_another_one() {
    let (_directory, path) = program(Width::Native, &[sleep()]);
    let mut dying = 0;
    let Some(seen) = record_all(&[], || {
        let parent = move || {
            let child = Command::new(&path).spawn().unwrap();
            (i64::from(nix::unistd::gettid().as_raw()), child)
        };
        let (tid, mut child) = thread::spawn(parent).join().unwrap();
        dying = tid;
        child.kill().unwrap();
        child.wait().unwrap();
    }) else {
        return;
    };
    let main = i64::from(std::process::id());
    let expected = format!("ProcexitV1E status=0 ret=0 sig=0 core=0 reaper_tid={main}");
    assert_eq!(ends(&seen, dying), [expected]);
}

#[test]
fn orphans_go_to_the_ancestor_that_wants_them() {
    // The first process ends, the second, its child, goes on.
    let fork = call(Sysno::clone as u32, [17, 0, 0, 0, 0]);
    let (_directory, path) = program(Width::Native, &[fork, Step::ExitUnlessZero, sleep()]);
    nix::sys::prctl::set_child_subreaper(true).unwrap();
    let mut dying = 0;
    let seen = record_all(&[], || {
        let mut process = Command::new(&path).spawn().unwrap();
        dying = i64::from(process.id());
        process.wait().unwrap();
    });
    nix::sys::prctl::set_child_subreaper(false).unwrap();
    end_children();
    let Some(seen) = seen else { return };
    let main = i64::from(std::process::id());
    let expected = format!("ProcexitV1E status=0 ret=0 sig=0 core=0 reaper_tid={main}");
    assert_eq!(ends(&seen, dying), [expected]);
}

/// Ends the orphans that this process has got.
fn end_children() {
    let (done, ended) = mpsc::channel();
    let path = format!("/proc/self/task/{}/children", std::process::id());
    let children = std::fs::read_to_string(path).unwrap_or_default();
    for pid in children.split_whitespace() {
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        if name.trim() != "machine" {
            continue;
        }
        let pid = nix::unistd::Pid::from_raw(pid.parse().unwrap());
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
        let done = done.clone();
        thread::spawn(move || {
            let _ = nix::sys::wait::waitpid(pid, None);
            let _ = done.send(());
        });
    }
    drop(done);
    while ended.recv_timeout(Duration::from_secs(10)).is_ok() {}
}
