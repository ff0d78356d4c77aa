//! `open`, `openat`, `openat2`, `creat`, `close`, `close_range`, and the current directory.

use super::{NOWHERE, check};
use crate::program::{Arg, Interface::Native, call};

/// `struct open_how`.
fn how(flags: u64, mode: u64, resolve: u64) -> Vec<u8> {
    [flags, mode, resolve].iter().flat_map(|it| it.to_le_bytes()).collect()
}

#[test]
fn open_tells_path_flags_and_file() {
    check(
        Native,
        &[
            (
                call!("open", "file", 0),
                "OpenX fd=3 name=\"file\\x00\" flags={upper:1} mode=0 dev={dev} ino={ino:file}",
            ),
            (
                call!("open", "new", 0o101, 0o106_640), // also bits that are no permissions
                "OpenX fd=4 name=\"new\\x00\" flags={upper:16390} mode=3488 dev={dev} ino={ino:new}",
            ),
            (
                call!("open", "gone", 0, 0o640),
                "OpenX fd=-2 name=\"gone\\x00\" flags=1 mode=0 dev=0 ino=0",
            ),
            (call!("open", NOWHERE, 0), "OpenX fd=-14 name=- flags=1 mode=0 dev=0 ino=0"),
            (call!("open", 0, 0), "OpenX fd=-14 name=- flags=1 mode=0 dev=0 ino=0"),
            (call!("open", "", 0), "OpenX fd=-2 name={empty} flags=1 mode=0 dev=0 ino=0"),
        ],
    );
}

#[test]
fn creat_tells_mode_and_layer() {
    check(
        Native,
        &[
            (
                call!("creat", "/proc/gone", 0o17_644),
                "CreatX fd=-2 name=\"/proc/gone\\x00\" mode=4004 dev=0 ino=0 creat_flags=0",
            ),
            (call!("creat", NOWHERE, 0), "CreatX fd=-14 name=- mode=0 dev=0 ino=0 creat_flags=0"),
        ],
    );
}

#[test]
fn openat2_tells_how() {
    check(
        Native,
        &[
            (
                call!("openat2", -100, "new", how(0o2_000_102, 0o600, 0x08 | 0x04), 24),
                "Openat2X fd=3 dirfd=-100 name=\"new\\x00\" flags={upper:20487} mode=384 resolve=9 dev={dev} ino={ino:new}",
            ),
            (
                call!("openat2", 7, "file", how(0, 0, 0x3f), 24),
                "Openat2X fd=-22 dirfd=7 name=\"file\\x00\" flags=1 mode=0 resolve=63 dev=0 ino=0",
            ),
            (
                call!("openat2", -100, "file", NOWHERE, 24),
                "Openat2X fd=-14 dirfd=-100 name=\"file\\x00\" flags=1 mode=0 resolve=0 dev=0 ino=0",
            ),
        ],
    );
}

#[test]
fn descriptor_0_has_no_identity() {
    check(
        Native,
        &[
            (call!("close", 0), ""),
            (
                call!("openat", -100, "new", 0o102, 0o600),
                "OpenatV2X fd=0 dirfd=-100 name=\"new\\x00\" flags=16391 mode=384 dev=0 ino=0",
            ),
        ],
    );
}

/// A `struct file_handle` for the root of the directory's file system cannot be guessed: the kernel makes it, in the
/// memory that the second call reads.
#[test]
fn a_handle_is_told_with_the_path_of_its_file() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "").unwrap();
    let path = directory.path().canonicalize().unwrap().join("file");
    // Room for 128 bytes.
    let handle = [128_u32.to_le_bytes().to_vec(), vec![0; 132]].concat();
    let calls = [
        call!("name_to_handle_at", -100, "file", handle, vec![0; 8], 0),
        call!("openat", -100, ".", 0),
        call!("open_by_handle_at", Arg::Result(1), Arg::Address(0, 2), 0o2_000_000),
        call!("open_by_handle_at", Arg::Result(1), NOWHERE, 1),
    ];
    let mut pid = 0;
    let action = || pid = crate::program::run(Native, &calls, directory.path());
    let names = ["open_by_handle_at", "name_to_handle_at"];
    let Some(mut seen) = crate::harness::record_all(&names, action) else { return };

    seen.retain(|it| it.tid == pid && it.kind == event::EventType::OpenByHandleAtX);
    let [opened, failed] = &seen[..] else { panic!("{seen:#?}") };
    assert_eq!(failed.show(), "OpenByHandleAtX fd=-14 mountfd=3 flags=2 path=- dev=0 ino=0");
    if opened.number("fd") == -95 || opened.number("fd") == -22 {
        println!("skipped: the file system of {} has no handles", directory.path().display());
        return;
    }
    assert_eq!(opened.number("fd"), 4, "{}", opened.show());
    assert_eq!(opened.text("path"), path.to_str().unwrap());
    let inode = std::os::linux::fs::MetadataExt::st_ino(&std::fs::metadata(&path).unwrap());
    assert_eq!(opened.number("ino"), i64::try_from(inode).unwrap());
    assert_eq!(opened.number("flags") & !(1 << 15), 4097);
}

#[test]
fn closing_tells_what_was_closed() {
    check(
        Native,
        &[
            (call!("openat", -100, "file", 0), ""),
            (call!("close", Arg::Result(0)), "CloseX res=0 fd=3"),
            (call!("close", Arg::Result(0)), "CloseX res=-9 fd=3"),
            (
                call!("close_range", 3, 0xffff_ffff, 0),
                "CloseRangeX res=0 first=3 last=4294967295 flags=0",
            ),
            (call!("close_range", 5, 4, -1), "CloseRangeX res=-22 first=5 last=4 flags=6"),
        ],
    );
}

#[test]
fn directories_are_told_as_given() {
    check(
        Native,
        &[
            (call!("openat", -100, "/proc", 0), ""),
            (call!("fchdir", Arg::Result(0)), "FchdirX res=0 fd=3"),
            (call!("fchdir", -1), "FchdirX res=-9 fd=-1"),
            (call!("chdir", "self/.."), "ChdirX res=0 path=\"self/..\\x00\""),
            (call!("chdir", NOWHERE), "ChdirX res=-14 path=-"),
            (call!("getcwd", vec![b'x'; 16], 16), "GetcwdX res=6 path=\"/proc\\x00\""),
            (call!("getcwd", vec![b'x'; 16], 2), "GetcwdX res=-34 path=-"),
            (call!("chroot", "gone"), "ChrootX res=-2 path=\"gone\\x00\""),
            (call!("chroot", "."), "ChrootX res=0 path=\".\\x00\""),
        ],
    );
}

#[cfg(target_arch = "x86_64")]
#[test]
fn programs_of_32_bits_open_files_too() {
    use crate::program::Interface::Compat;
    check(
        Compat,
        &[
            (
                call!("open", "file", 0),
                "OpenX fd=3 name=\"file\\x00\" flags={upper:1} mode=0 dev={dev} ino={ino:file}",
            ),
            (
                call!("openat", -100, "new", 0o102, 0o600),
                "OpenatV2X fd=4 dirfd=-100 name=\"new\\x00\" flags={upper:16391} mode=384 dev={dev} ino={ino:new}",
            ),
            (
                call!("openat2", -100, "file", how(0, 0, 0), 24),
                "Openat2X fd=5 dirfd=-100 name=\"file\\x00\" flags={upper:1} mode=0 resolve=0 dev={dev} ino={ino:file}",
            ),
            (
                call!("creat", "/proc/gone", 0o644),
                "CreatX fd=-2 name=\"/proc/gone\\x00\" mode=420 dev=0 ino=0 creat_flags=0",
            ),
            (call!("chdir", "/proc"), "ChdirX res=0 path=\"/proc\\x00\""),
            (call!("close", 5), "CloseX res=0 fd=5"),
        ],
    );
}
