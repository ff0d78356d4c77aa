//! `execve`, `execveat`.

use std::process::Command;

use crate::harness::record_all;

#[test]
fn a_new_program_is_told_with_arguments_and_path() {
    let mut child = 0;
    let action = || {
        let mut process = Command::new("/proc/self/exe").args(["--list", "a b"]).spawn().unwrap();
        child = i64::from(process.id());
        process.wait().unwrap();
    };
    let Some(seen) = record_all(&["execve"], action) else { return };

    let event = seen.iter().find(|it| it.tid == child).unwrap();
    let exe = std::fs::read_link("/proc/self/exe").unwrap();
    assert_eq!(event.bytes("args"), b"--list\0a b\0");
    assert_eq!(event.text("exe"), "/proc/self/exe");
    assert_eq!(event.text("filename"), "/proc/self/exe");
    assert_eq!(event.text("trusted_exepath"), exe.to_str().unwrap());
}
