//! `open`, `openat`, `openat2`, `creat`.

use std::{
    fs::{self, File},
    os::{
        fd::{AsFd, AsRawFd},
        linux::fs::MetadataExt,
    },
};

use nix::{
    fcntl::{AT_FDCWD, OFlag, OpenHow, ResolveFlag, openat, openat2},
    sys::stat::Mode,
};

use crate::harness::{Seen, record};

/// Device, as the kernel's new encoding of 32 bits, and inode number of an open file.
fn identity(file: impl AsFd) -> (i64, i64) {
    let it = fs::metadata(format!("/proc/self/fd/{}", file.as_fd().as_raw_fd())).unwrap();
    (i64::try_from(it.st_dev()).unwrap(), i64::try_from(it.st_ino()).unwrap())
}

#[track_caller]
fn only(seen: &[Seen]) -> &Seen {
    let [event] = seen else { panic!("one event, not {seen:#?}") };
    event
}

/// What the C library adds to flags: musl wants large files on each architecture.
const ADDED: i64 = if cfg!(target_env = "musl") { 1 << 11 } else { 0 };

#[test]
fn openat_tells_the_file_that_was_opened() {
    let mut file = None;
    let action = || {
        let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
        file = Some(openat(AT_FDCWD, "/proc/self/status", flags, Mode::empty()).unwrap());
    };
    let Some(seen) = record(&["openat"], action) else { return };

    let file = file.unwrap();
    let (dev, ino) = identity(&file);
    assert_eq!(
        only(&seen).show(),
        format!(
            "OpenatV2X fd={} dirfd=-100 name=\"/proc/self/status\\x00\" flags={} mode=0 dev={dev} ino={ino}",
            file.as_raw_fd(),
            (1 << 12 | 1) | ADDED
        )
    );
}

#[test]
fn openat_tells_the_directory_and_that_the_file_is_new() {
    let directory = tempfile::tempdir().unwrap();
    let at = File::open(directory.path()).unwrap();
    let mut files = Vec::new();
    let mut action = || {
        let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_APPEND | OFlag::O_NONBLOCK;
        files.push(openat(&at, "new", flags, Mode::from_bits_truncate(0o640)).unwrap());
    };
    let Some(seen) = record(&["openat"], || {
        action();
        action();
    }) else {
        return;
    };

    let (dev, ino) = identity(&files[0]);
    let [created, opened] = &seen[..] else { panic!("{seen:#?}") };
    let rest = format!("mode=416 dev={dev} ino={ino}");
    for (event, file, created) in [(created, &files[0], 1 << 14), (opened, &files[1], 0)] {
        let flags = event.number("flags");
        // Overlay bits are as the file system of the temporary directory is.
        assert_eq!(flags & !(3 << 15), 0b100_1111 | created | ADDED, "{}", event.show());
        assert_eq!(
            event.show(),
            format!(
                "OpenatV2X fd={} dirfd={} name=\"new\\x00\" flags={flags} {rest}",
                file.as_raw_fd(),
                at.as_raw_fd()
            )
        );
    }
}

#[test]
fn failure_tells_what_was_asked_for() {
    let action = || {
        let flags = OFlag::O_WRONLY | OFlag::O_DIRECTORY | OFlag::O_DSYNC | OFlag::O_TRUNC;
        assert!(openat(AT_FDCWD, "/no/such/file", flags, Mode::empty()).is_err());
    };
    let Some(seen) = record(&["openat"], action) else { return };

    // O_DIRECTORY is a bit of O_TMPFILE, O_DSYNC one of O_SYNC; Falco takes them for those.
    let flags = 2 | 1 << 13 | 1 << 4 | 1 << 7 | 1 << 8 | 1 << 10 | ADDED;
    assert_eq!(
        only(&seen).show(),
        format!(
            "OpenatV2X fd=-2 dirfd=-100 name=\"/no/such/file\\x00\" flags={flags} mode=0 dev=0 ino=0"
        )
    );
}

#[test]
fn path_is_cut_at_its_longest() {
    let long = "x".repeat(5000);
    let action = || assert!(openat(AT_FDCWD, &*long, OFlag::O_RDONLY, Mode::empty()).is_err());
    let Some(seen) = record(&["openat"], action) else { return };

    assert_eq!(only(&seen).number("fd"), -36, "ENAMETOOLONG");
    assert_eq!(only(&seen).text("name"), "x".repeat(4095));
}

#[test]
fn openat2_tells_how() {
    let root = File::open("/").unwrap();
    let mut file = None;
    let action = || {
        let how = OpenHow::new()
            .flags(OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC)
            .resolve(ResolveFlag::RESOLVE_NO_MAGICLINKS | ResolveFlag::RESOLVE_IN_ROOT);
        file = Some(openat2(&root, "/proc", how).unwrap());
    };
    let Some(seen) = record(&["openat2"], action) else { return };

    let file = file.unwrap();
    let (dev, ino) = identity(&file);
    let flags = 1 | 1 << 13 | 1 << 10 | 1 << 12;
    assert_eq!(
        only(&seen).show(),
        format!(
            "Openat2X fd={} dirfd={} name=\"/proc\\x00\" flags={flags} mode=0 resolve=6 dev={dev} ino={ino}",
            file.as_raw_fd(),
            root.as_raw_fd()
        )
    );
}
