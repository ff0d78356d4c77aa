//! What `/proc` answers when events left a `Host` in doubt.

use event::capture::Record;
use host::{FdScope, Platform};
use rustix::{
    fd::{AsFd, OwnedFd},
    fs::{Statx, StatxFlags},
};

use super::{
    Proc, ScanReport, accounts,
    descriptor::Owner,
    executable::stat,
    reader::{open_dir, read_file},
    stat as stat_file,
};

/// `/proc/stat` tells to the second when the machine was started: two starts that differ by less may be one.
const SAME_START_NS: u64 = 2_000_000_000;
const MAX_STAT: usize = 4096;
/// Longest mountinfo that is read.
const MAX_MOUNTS: usize = 8 << 20;

impl Platform for Proc {
    fn everything(&mut self, found: &mut dyn FnMut(&Record<'_>)) {
        self.scan(found);
    }

    fn thread(&mut self, tid: i64, fds: FdScope, found: &mut dyn FnMut(&Record<'_>)) {
        // Whether it was there shows in what was found.
        let _ = self.lookup(tid, fds, found);
    }

    fn fd(&mut self, pid: i64, number: i64, fds: FdScope, found: &mut dyn FnMut(&Record<'_>)) {
        let (Some(dir), Ok(number)) = (self.dir_of(pid), u32::try_from(number)) else { return };
        self.forget();
        let report = &mut ScanReport::default();
        let owner = Owner { dir: dir.as_fd(), pid, fds };
        self.descriptors.read_one(owner, number, report, &mut |fd| {
            found(&Record::Fd(*fd));
        });
        self.forget();
    }

    fn is_alive(&mut self, pid: i64, tid: i64, clone_time_ns: u64) -> bool {
        let name = format!("{pid}/task/{tid}");
        let Ok(dir) = open_dir(&self.files, name.as_bytes()) else { return false };
        let mut text = Vec::new();
        if read_file(dir, b"stat", &mut text, MAX_STAT).is_err() {
            return false;
        }
        let Some((_, stat)) = stat_file::parse(&text) else { return false };
        let start_ns = self.clock.time_ns(stat.start_ticks);
        let same = clone_time_ns == 0 || start_ns.abs_diff(clone_time_ns) < SAME_START_NS;
        same && !stat.is_zombie()
    }

    fn clock_was_set(&mut self, step_ns: i64) {
        let boot_time_ns = self.clock.boot_time_ns.saturating_add_signed(step_ns);
        self.clock.boot_time_ns = boot_time_ns;
    }

    fn accounts(&mut self, found: &mut dyn FnMut(&Record<'_>)) {
        self.accounts.read_again(found);
    }

    fn container_accounts(&mut self, pid: i64, found: &mut dyn FnMut(&Record<'_>)) {
        let Some(dir) = self.dir_of(pid) else { return };
        if self.has_root_of_its_own(&dir) {
            accounts::read_container(dir, found);
        }
    }
}

impl Proc {
    fn dir_of(&mut self, pid: i64) -> Option<OwnedFd> {
        let pid = u32::try_from(pid).ok()?;
        self.dir(pid).ok()
    }

    /// Whether the process in `dir` has another root than the host's first process, on a filesystem that
    /// answers without a server.
    fn has_root_of_its_own(&self, dir: &OwnedFd) -> bool {
        let mut text = Vec::new();
        if read_file(dir, b"mountinfo", &mut text, MAX_MOUNTS).is_err() {
            return false;
        }
        let waits = root_kind(&text).is_none_or(|kind| {
            [&b"fuse"[..], b"nfs", b"cifs", b"smb", b"9p", b"ceph"]
                .iter()
                .any(|network| kind.starts_with(network))
        });
        if waits {
            return false;
        }
        let wanted = StatxFlags::INO;
        let Ok(own) = stat(dir, b"root", wanted) else { return false };
        // Where the root of process 1 may not be seen, ours is the host's unless the host is elsewhere.
        let host = stat(&self.files, b"1/root", wanted).or_else(|error| {
            if self.config.host_root.as_os_str().is_empty() {
                stat(&self.files, b"self/root", wanted)
            } else {
                Err(error)
            }
        });
        let id = |it: Statx| (it.stx_ino, it.stx_dev_major, it.stx_dev_minor);
        host.is_ok_and(|host| id(own) != id(host))
    }
}

/// Type of the filesystem that is mounted last on `/` in a mountinfo.
fn root_kind(text: &[u8]) -> Option<&[u8]> {
    super::cursor::lines(text).filter_map(super::mount::root_kind).last()
}
