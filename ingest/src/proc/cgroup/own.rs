//! Our own cgroup, for when a cgroup namespace hides it: then `/proc` shows all others relative to it.

use std::mem::MaybeUninit;

use rustix::{
    fd::AsFd,
    fs::{FileType, Mode, OFlags, RawDir, StatxFlags, openat},
};

use super::super::{
    cursor::lines,
    executable::stat,
    reader::{read_file, read_link},
};

/// Groups that are looked at before the search is given up.
const MAX_GROUPS: usize = 1 << 16;
const MAX_BYTES: usize = 1 << 20;

/// The path of our own group below `mount`, the host's v2 hierarchy; `None` if we are in the host's namespace
/// or cannot find out.
pub(super) fn group(proc: impl AsFd, mount: impl AsFd) -> Option<Vec<u8>> {
    let (mut own, mut host) = (Vec::new(), Vec::new());
    read_link(&proc, b"self/ns/cgroup", &mut own).ok()?;
    read_link(&proc, b"1/ns/cgroup", &mut host).ok()?;
    if own == host {
        return None;
    }
    // What we see as the hierarchy's root is our group.
    let mut text = Vec::new();
    read_file(&proc, b"self/mounts", &mut text, MAX_BYTES).ok()?;
    let point = lines(&text).find_map(super::mount_point)?;
    let ino = stat(rustix::fs::CWD, &point, StatxFlags::INO).ok()?.stx_ino;
    find(mount, ino)
}

/// The directory below `mount` whose inode is `ino`.
fn find(mount: impl AsFd, ino: u64) -> Option<Vec<u8>> {
    let mut waiting = vec![Vec::new()];
    let mut left = MAX_GROUPS;
    while let Some(path) = waiting.pop() {
        let name = if path.is_empty() { &b"."[..] } else { path.get(1..).unwrap_or_default() };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let Ok(dir) = openat(&mount, name, flags, Mode::empty()) else { continue };
        let mut space = [MaybeUninit::uninit(); 8192];
        let mut entries = RawDir::new(dir, &mut space);
        while let Some(Ok(entry)) = entries.next() {
            let name = entry.file_name().to_bytes();
            if entry.file_type() != FileType::Directory || matches!(name, b"." | b"..") {
                continue;
            }
            let child = [&path, &b"/"[..], name].concat();
            if entry.ino() == ino {
                return Some(child);
            }
            left = left.checked_sub(1)?;
            waiting.push(child);
        }
    }
    None
}
