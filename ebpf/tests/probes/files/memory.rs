//! `mmap`, `munmap`, `brk`, `mprotect`, `mlock` and their relatives.

use event::EventType;

use super::check;
use crate::{
    harness::{Seen, record_all},
    program::{Interface::Native, call, run},
};

#[test]
fn protection_and_locks_are_told() {
    check(
        Native,
        &[
            (
                call!("mprotect", 4096, 4096, 0x0300_000f),
                "MprotectX res=-22 addr=4096 length=4096 prot=63",
            ),
            (call!("mlock", 4096, 1), "MlockX res=-12 addr=4096 len=1"),
            (call!("mlock2", 4096, 1, 3), "Mlock2X res=-22 addr=4096 len=1 flags=1"),
            (call!("munlock", 4096, 1), "MunlockX res=-12 addr=4096 len=1"),
            (call!("mlockall", 0xf), "MlockallX res=-22 flags=7"),
            (call!("munlockall"), "MunlockallX res=0"),
        ],
    );
}

/// Calls whose results and sizes are the kernel's: they are asked to be plausible.
#[test]
fn maps_tell_addresses_and_the_size_of_the_process() {
    let calls = [
        call!("mmap", 0x2000_0000, 8192, 3, 0x8032, -1, 0),
        call!("munmap", 0x2000_0000, 8192),
        call!("brk", 0),
    ];
    let directory = tempfile::tempdir().unwrap();
    let mut pid = 0;
    let action = || pid = run(Native, &calls, directory.path());
    let Some(mut seen) = record_all(&["mmap", "munmap", "brk"], action) else { return };

    seen.retain(|it| it.tid == pid && it.kind != EventType::ProcexitV1E);
    let [.., map, unmap, brk] = &seen[..] else { panic!("{seen:#?}") };
    for event in [map, unmap, brk] {
        // A page of code and data, the stack, and what the kernel maps. What is resident the kernel counts on each
        // CPU and sums up from time to time: here it may be none yet.
        let [size, resident, swapped] =
            ["vm_size", "vm_rss", "vm_swap"].map(|name| event.number(name));
        assert!((4..100_000).contains(&size), "{}", event.show());
        assert!((0..=size).contains(&resident), "{}", event.show());
        assert_eq!(swapped, 0, "{}", event.show());
    }
    let sizes = |it: &Seen| {
        let [size, resident] = ["vm_size", "vm_rss"].map(|name| it.number(name));
        format!("vm_size={size} vm_rss={resident} vm_swap=0")
    };
    assert_eq!(
        map.show(),
        format!(
            "MmapX res=536870912 {} addr=536870912 length=8192 prot=3 flags=142 fd=-1 offset=0",
            sizes(map)
        )
    );
    assert_eq!(unmap.show(), format!("MunmapX res=0 {} addr=536870912 length=8192", sizes(unmap)));
    assert!(brk.number("res") > 0, "{}", brk.show());
    assert_eq!(brk.number("addr"), 0);
    assert_eq!(map.number("vm_size") - unmap.number("vm_size"), 8);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn maps_of_32_bit_programs_are_told_by_either_call() {
    use crate::program::Interface::Compat;
    let args = [0x2000_0000_u32, 4096, 1, 0x32, 0xffff_ffff, 8192];
    let args = args.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>();
    let calls = [call!("mmap", args), call!("mmap2", 0x2000_0000, 4096, 1, 0x32, -1, 2)];
    let directory = tempfile::tempdir().unwrap();
    let mut pid = 0;
    let action = || pid = run(Compat, &calls, directory.path());
    let Some(mut seen) = record_all(&["mmap"], action) else { return };

    seen.retain(|it| it.tid == pid && it.kind != EventType::ProcexitV1E);
    let [.., old, new] = &seen[..] else { panic!("{seen:#?}") };
    assert_eq!((old.kind, new.kind), (EventType::MmapX, EventType::Mmap2X));
    assert_eq!((old.number("offset"), new.number("pgoffset")), (8192, 2));
    for event in [old, new] {
        let numbers = ["res", "addr", "length", "prot", "flags", "fd"];
        assert_eq!(
            numbers.map(|name| event.number(name)),
            [0x2000_0000, 0x2000_0000, 4096, 1, 14, 0xffff_ffff_u32.cast_signed().into()],
            "{}",
            event.show()
        );
    }
}
