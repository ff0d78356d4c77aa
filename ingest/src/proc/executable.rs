//! The executable of a process: inode, times, who may write it.

use rustix::{
    fd::AsFd,
    fs::{AtFlags, Statx, StatxAttributes, StatxFlags, StatxTimestamp, statx},
    io::Errno,
};

use super::status::Status;

/// What is known of an executable; zeros and `false` when nothing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Executable {
    pub(super) ino: u64,
    pub(super) ctime_ns: u64,
    pub(super) mtime_ns: u64,
    pub(super) writable: bool,
    pub(super) from_memfd: bool,
    /// Mount that it is in; 0 when unknown.
    pub(super) mount: u64,
}

const WANTED: StatxFlags = StatxFlags::INO
    .union(StatxFlags::CTIME)
    .union(StatxFlags::MTIME)
    .union(StatxFlags::UID)
    .union(StatxFlags::GID)
    .union(StatxFlags::MODE)
    .union(StatxFlags::MNT_ID);

/// What `name` in `dir` leads to, or `dir` itself without a name, as far as the kernel knows it: no file server is asked, whose answer might
/// never come.
pub(super) fn stat(dir: impl AsFd, name: &[u8], wanted: StatxFlags) -> Result<Statx, Errno> {
    let itself = if name.is_empty() { AtFlags::EMPTY_PATH } else { AtFlags::empty() };
    statx(dir, name, AtFlags::STATX_DONT_SYNC | itself, wanted)
}

impl Executable {
    /// That of the process in `dir`, whose path is `path`.
    ///
    /// Libs look at `path` as it is in their own mount namespace; this looks at the inode that is executed, as
    /// their probes do.
    pub(super) fn read(dir: impl AsFd, path: &[u8], status: &Status) -> Result<Self, Errno> {
        let file = stat(dir, b"exe", WANTED)?;
        Ok(Self {
            ino: file.stx_ino,
            ctime_ns: nanoseconds(file.stx_ctime),
            mtime_ns: nanoseconds(file.stx_mtime),
            writable: is_writable(&file, status),
            from_memfd: path.starts_with(b"/memfd:"),
            mount: file.stx_mnt_id,
        })
    }
}

fn nanoseconds(time: StatxTimestamp) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    seconds.wrapping_mul(1_000_000_000).wrapping_add(u64::from(time.tv_nsec))
}

/// Whether the process may write `file`: by owner, group, mode, capability. Access control lists and further
/// groups are not looked at.
fn is_writable(file: &Statx, status: &Status) -> bool {
    const DAC_OVERRIDE: u64 = 1 << 1;
    const FOWNER: u64 = 1 << 3;
    if file.stx_attributes.contains(StatxAttributes::IMMUTABLE) {
        return false;
    }
    let bit = if file.stx_gid == status.gid { 0o020 } else { 0o002 };
    file.stx_uid == status.uid
        || file.stx_mode & bit != 0
        || status.cap_effective & (DAC_OVERRIDE | FOWNER) != 0
}
