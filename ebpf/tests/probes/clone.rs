//! `clone`, `clone3`, `fork`, `vfork`.

use std::process::Command;

use event::EventType;

use crate::harness::record_all;

#[test]
fn a_new_process_is_told_by_caller_and_child() {
    let caller = i64::from(nix::unistd::gettid().as_raw());
    let mut child = 0;
    let action = || {
        let mut process = Command::new("/proc/self/exe").arg("--list").spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    };
    let calls = ["clone", "clone3", "fork", "vfork"];
    let Some(seen) = record_all(&calls, action) else { return };

    let parent = seen.iter().find(|it| it.tid == caller && it.kind != EventType::ProcexitV1E);
    assert_eq!(parent.unwrap().number("res"), child);
    let born = seen.iter().find(|it| it.tid == child).unwrap();
    assert_eq!((born.number("res"), born.number("ptid")), (0, caller));
    assert_eq!((born.number("tid"), born.number("pid")), (child, child));
    assert!(seen.iter().any(|it| it.tid == child && it.kind == EventType::ProcexitV1E));
}
