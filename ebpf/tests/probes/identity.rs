//! Users, groups, sessions, capabilities, and asking for ids.

use nix::unistd::{Gid, Pid, Uid};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::harness::record;

#[track_caller]
fn check(call: &str, action: impl FnOnce(), expected: &str) {
    let Some(seen) = record(&[call], action) else { return };
    let shown: Vec<_> = seen.iter().map(crate::harness::Seen::show).collect();
    assert!(shown.iter().any(|it| it == expected), "{expected} is not in {shown:#?}");
}

#[test]
fn becoming_a_user_tells_which() {
    check("setuid", || nix::unistd::setuid(Uid::from_raw(0)).unwrap(), "SetuidX res=0 uid=0");
    check("setgid", || nix::unistd::setgid(Gid::from_raw(0)).unwrap(), "SetgidX res=0 gid=0");
}

#[test]
fn real_effective_and_saved_ids_are_told() {
    let (uid, gid) = (Uid::from_raw(0), Gid::from_raw(0));
    let action = || nix::unistd::setresuid(uid, Uid::from_raw(u32::MAX), uid).unwrap();
    check("setresuid", action, "SetresuidX res=0 ruid=0 euid=4294967295 suid=0");
    let action = || nix::unistd::setresgid(gid, Gid::from_raw(u32::MAX), gid).unwrap();
    check("setresgid", action, "SetresgidX res=0 rgid=0 egid=4294967295 sgid=0");
}

#[test]
fn failure_tells_what_was_asked_for() {
    let nobody = Pid::from_raw(-5);
    let action = || assert!(nix::unistd::setpgid(nobody, Pid::from_raw(7)).is_err());
    check("setpgid", action, "SetpgidX res=-3 pid=-5 pgid=7");
}

#[test]
fn capset_tells_the_outcome() {
    let before = rustix::thread::capabilities(None).unwrap();
    let effective = before.effective - CapabilitySet::WAKE_ALARM;
    let action = || {
        rustix::thread::set_capabilities(None, CapabilitySets { effective, ..before }).unwrap();
        rustix::thread::set_capabilities(None, before).unwrap();
    };
    let expected = format!(
        "CapsetX res=0 cap_inheritable={} cap_permitted={} cap_effective={}",
        before.inheritable.bits(),
        before.permitted.bits(),
        effective.bits()
    );
    check("capset", action, &expected);
}

#[test]
fn asking_tells_the_answer() {
    check("getuid", || assert!(Uid::current().is_root()), "GetuidX uid=0");
    check("geteuid", || assert!(Uid::effective().is_root()), "GeteuidX euid=0");
    check("getgid", || assert_eq!(Gid::current().as_raw(), 0), "GetgidX gid=0");
    check("getegid", || assert_eq!(Gid::effective().as_raw(), 0), "GetegidX egid=0");
    let action = || assert!(nix::unistd::getresuid().is_ok());
    check("getresuid", action, "GetresuidX res=0 ruid=0 euid=0 suid=0");
    let action = || assert!(nix::unistd::getresgid().is_ok());
    check("getresgid", action, "GetresgidX res=0 rgid=0 egid=0 sgid=0");
}
