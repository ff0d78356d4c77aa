//! Namespaces, prctl, limits, signals, code for the kernel, ptrace, waiting.

use std::{ffi::CString, fs::File, os::fd::AsRawFd, thread};

use nix::{
    kmod::{DeleteModuleFlags, ModuleInitFlags},
    sched::CloneFlags,
    sys::{
        prctl, ptrace,
        resource::{Resource, getrlimit, setrlimit},
        signal::{Signal, kill},
    },
    unistd::Pid,
};

use crate::harness::{Seen, record};

#[track_caller]
fn check(call: &str, action: impl FnOnce(), expected: &str) {
    let Some(seen) = record(&[call], action) else { return };
    let shown: Vec<_> = seen.iter().map(Seen::show).collect();
    assert!(shown.iter().any(|it| it == expected), "{expected} is not in {shown:#?}");
}

#[test]
fn unshare_tells_the_namespaces() {
    let Some(seen) = record(&["unshare"], || {
        let flags = CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWUTS;
        // Of a thread of its own: this one keeps its namespaces.
        thread::scope(|it| it.spawn(|| nix::sched::unshare(flags).unwrap()).join()).unwrap();
        nix::sched::unshare(CloneFlags::CLONE_THREAD).unwrap_err();
    }) else {
        return;
    };
    assert_eq!(seen[0].show(), "UnshareX res=-22 flags=8192");
}

#[test]
fn setns_tells_the_descriptor() {
    let file = File::open("/dev/null").unwrap();
    let fd = file.as_raw_fd();
    let action = || assert!(nix::sched::setns(&file, CloneFlags::CLONE_NEWNET).is_err());
    check("setns", action, &format!("SetnsX res=-22 fd={fd} nstype=16"));
}

#[test]
fn prctl_tells_names_and_numbers() {
    let name = CString::new("harmless").unwrap();
    let action = || prctl::set_name(&name).unwrap();
    check("prctl", action, r#"PrctlX res=0 option=15 arg2_str="harmless\x00" arg2_int=0"#);
    let action = || assert!(!prctl::get_child_subreaper().unwrap());
    check("prctl", action, "PrctlX res=0 option=37 arg2_str=- arg2_int=0");
    let action = || prctl::set_timerslack(77_000).unwrap();
    check("prctl", action, "PrctlX res=0 option=29 arg2_str=- arg2_int=77000");
}

#[test]
fn limits_are_told_as_they_were_and_become() {
    let (soft, hard) = getrlimit(Resource::RLIMIT_CORE).unwrap();
    let numbers = format!("{} {}", soft.cast_signed(), hard.cast_signed());
    let (soft_text, hard_text) = numbers.split_once(' ').unwrap();
    let action = || setrlimit(Resource::RLIMIT_CORE, soft, hard).unwrap();
    let expected = format!(
        "PrlimitX res=0 newcur={soft_text} newmax={hard_text} oldcur=0 oldmax=0 pid=0 resource=4"
    );
    check("prlimit64", action, &expected);
}

#[test]
fn signals_are_told_with_their_target() {
    let nobody = Pid::from_raw(i32::MAX);
    let action = || assert!(kill(nobody, Signal::SIGUSR1).is_err());
    check("kill", action, "KillX res=-3 pid=2147483647 sig=10");
}

#[test]
fn modules_are_told_with_their_arguments() {
    // Which error it is depends on whether the kernel takes modules at all.
    let arguments = CString::new("a=1 b").unwrap();
    let action = || nix::kmod::init_module(b"no module", &arguments);
    check_failure("init_module", action, r#" img="no module" length=9 uargs="a=1 b\x00""#);

    let file = File::open("/dev/null").unwrap();
    let flags = ModuleInitFlags::MODULE_INIT_IGNORE_VERMAGIC;
    let action = || nix::kmod::finit_module(&file, &arguments, flags);
    let expected = format!(r#" fd={} uargs="a=1 b\x00" flags=2"#, file.as_raw_fd());
    check_failure("finit_module", action, &expected);

    let name = CString::new("no_such_module").unwrap();
    let action = || nix::kmod::delete_module(&name, DeleteModuleFlags::O_NONBLOCK);
    check_failure("delete_module", action, r#" name="no_such_module\x00" flags=2"#);
}

#[track_caller]
fn check_failure(call: &str, action: impl FnOnce() -> nix::Result<()>, expected: &str) {
    let mut error = 0;
    let Some(seen) = record(&[call], || error = action().unwrap_err() as i32) else { return };
    let shown: Vec<_> = seen.iter().map(Seen::show).collect();
    let expected = format!("=-{error}{expected}");
    assert!(shown.iter().any(|it| it.ends_with(&expected)), "{expected} is not in {shown:#?}");
}

#[test]
fn ptrace_tells_request_and_target() {
    let nobody = Pid::from_raw(i32::MAX);
    let action = || assert!(ptrace::attach(nobody).is_err());
    let number = r"\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    let expected =
        format!("PtraceX res=-3 addr=\"{number}\" data=\"{number}\" request=11 pid=2147483647");
    check("ptrace", action, &expected);
}

#[test]
fn bpf_tells_the_command() {
    let action = || drop(aya::programs::loaded_programs().next());
    let Some(seen) = record(&["bpf"], action) else { return };
    // BPF_PROG_GET_NEXT_ID, beside what loading and reading did itself.
    assert!(seen.iter().any(|it| it.number("cmd") == 11), "{seen:?}");
}
