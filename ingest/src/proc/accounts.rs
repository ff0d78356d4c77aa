//! The files with users and groups, of the host and of containers.

use event::capture::Record;
use rustix::{
    fd::{AsFd, OwnedFd},
    fs::{CWD, FileType, Mode, OFlags, ResolveFlags, StatxFlags, openat2},
    io::Errno,
};

use super::{
    account::{parse_group, parse_user},
    cursor::lines,
    executable::stat,
    reader::{open_dir, read_file, read_rest},
};

/// Longest `passwd` or `group` of the host that is read.
const MAX_BYTES: usize = 16 << 20;
/// The same of a container, which may have put there what it likes.
const MAX_CONTAINER_BYTES: usize = 1 << 20;
/// Most users, and most groups, of a container.
const MAX_CONTAINER_ENTRIES: usize = 4096;

const FILES: [&[u8]; 2] = [b"etc/passwd", b"etc/group"];

/// Inode, seconds and nanoseconds of the last change, size.
type Version = (u64, i64, u32, u64);

/// The host's users and groups.
#[derive(Debug)]
pub(super) struct Accounts {
    /// Of `passwd` and `group`.
    paths: [Vec<u8>; 2],
    seen: [Option<Version>; 2],
}

impl Accounts {
    pub(super) fn new(host_root: &[u8]) -> Self {
        Self { paths: FILES.map(|name| [host_root, b"/", name].concat()), seen: [None; 2] }
    }

    /// Tells `sink` the users and groups; how many of each.
    pub(super) fn read(&mut self, sink: &mut dyn FnMut(&Record<'_>)) -> (u64, u64) {
        self.seen = self.versions();
        let [users, groups] = self.paths.each_ref().map(|path| {
            let mut text = Vec::new();
            // Without the file there are none, as for Falco.
            let _ = read_file(CWD, path, &mut text, MAX_BYTES);
            text
        });
        tell(&users, &groups, usize::MAX, sink)
    }

    /// As [`Self::read`], if the files are not the ones read before.
    pub(super) fn read_again(&mut self, sink: &mut dyn FnMut(&Record<'_>)) {
        if self.versions() != self.seen {
            self.read(sink);
        }
    }

    fn versions(&self) -> [Option<Version>; 2] {
        let wanted = StatxFlags::INO | StatxFlags::MTIME | StatxFlags::SIZE;
        self.paths.each_ref().map(|path| {
            let file = stat(CWD, path, wanted).ok()?;
            Some((file.stx_ino, file.stx_mtime.tv_sec, file.stx_mtime.tv_nsec, file.stx_size))
        })
    }
}

/// Tells `sink` the users and groups in the files below the root directory of the process in `dir`.
///
/// Only regular files of the root's own filesystem are read, found without leaving that root: whatever a
/// container puts there, this neither reads files of others nor waits for a server.
pub(super) fn read_container(dir: impl AsFd, sink: &mut dyn FnMut(&Record<'_>)) {
    let Ok(root) = open_dir(dir, b"root") else { return };
    let [users, groups] = FILES.map(|name| read_inside(&root, name).unwrap_or_default());
    tell(&users, &groups, MAX_CONTAINER_ENTRIES, sink);
}

fn read_inside(root: &OwnedFd, name: &[u8]) -> Result<Vec<u8>, Errno> {
    let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS | ResolveFlags::NO_XDEV;
    let find = OFlags::PATH | OFlags::CLOEXEC;
    let found = openat2(root, name, find, Mode::empty(), resolve)?;
    let kind = stat(&found, b"", StatxFlags::TYPE | StatxFlags::SIZE);
    drop(found);
    if FileType::from_raw_mode(kind?.stx_mode.into()) != FileType::RegularFile {
        return Err(Errno::INVAL);
    }
    // Should it have become a FIFO since, this does not wait for a writer.
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY | OFlags::NONBLOCK;
    let file = openat2(root, name, flags, Mode::empty(), resolve)?;
    let mut text = Vec::new();
    read_rest(file, &mut text, MAX_CONTAINER_BYTES)?;
    Ok(text)
}

fn tell(
    users: &[u8],
    groups: &[u8],
    limit: usize,
    sink: &mut dyn FnMut(&Record<'_>),
) -> (u64, u64) {
    let (mut user_count, mut group_count) = (0, 0);
    for user in lines(users).filter_map(parse_user).take(limit) {
        user_count += 1;
        sink(&Record::User(user));
    }
    for group in lines(groups).filter_map(parse_group).take(limit) {
        group_count += 1;
        sink(&Record::Group(group));
    }
    (user_count, group_count)
}
