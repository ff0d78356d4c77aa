//! Calls that begin: their events come before those of their end and say the same.

use ebpf::Selection;
use event::EventType;

use crate::{
    harness::{load, record_with_enters},
    program::{Interface, Invocation, call, run},
};

/// What of the program's call is told when it begins. `None` after saying so where this kernel does not tell it.
#[track_caller]
fn begins(interface: Interface, probe: &str, call: &Invocation) -> Option<String> {
    let mut selection = Selection::new();
    assert!(selection.add(call.name));
    let probes = load(&selection)?;
    if let Some((_, reason)) = probes.missing().find(|(name, _)| *name == probe) {
        println!("skipped: {probe}: {reason}");
        return None;
    }
    drop(probes);
    let directory = tempfile::tempdir().unwrap();
    let mut pid = 0;
    let action = || pid = run(interface, std::slice::from_ref(call), directory.path());
    let mut seen = record_with_enters(&[call.name], action)?;
    seen.retain(|it| it.tid == pid && it.kind != EventType::ProcexitV1E);
    let [.., begin, end] = &seen[..] else { panic!("{seen:#?}") };
    assert_eq!(end.kind.code(), begin.kind.code() + 1);
    Some(begin.show())
}

#[track_caller]
fn check(call: &Invocation, expected: &str) {
    if Interface::Native.number(call.name).is_some() {
        let probe = format!("enter_{}", call.name);
        if let Some(found) = begins(Interface::Native, &probe, call) {
            assert_eq!(found, expected);
        }
    }
    #[cfg(target_arch = "x86_64")]
    {
        let probe = format!("enter_compat_{}", call.name);
        if let Some(found) = begins(Interface::Compat, &probe, call) {
            assert_eq!(found, expected, "32-bit");
        }
    }
}

#[test]
fn opening_tells_what_is_asked_for() {
    check(&call!("open", "a", 0o102, 0o640), "OpenE name=\"a\\x00\" flags=7 mode=416");
    check(&call!("creat", "a", 0o640), "CreatE name=\"a\\x00\" mode=416");
    check(
        &call!("openat", -100, "gone", 0o1, 0o777),
        "OpenatV2E dirfd=-100 name=\"gone\\x00\" flags=2 mode=0",
    );
    let how: Vec<u8> = [0o101_u64, 0o600, 8].iter().flat_map(|it| it.to_le_bytes()).collect();
    check(
        &call!("openat2", -100, "a", how, 24),
        "Openat2E dirfd=-100 name=\"a\\x00\" flags=6 mode=384 resolve=1",
    );
}

#[test]
fn connecting_tells_the_address() {
    let address = vec![2, 0, 0x1f, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    check(
        &call!("connect", 99, address, 16),
        "ConnectE fd=99 addr=\"\\x02\\x7f\\x00\\x00\\x01\\x90\\x1f\"",
    );
}
