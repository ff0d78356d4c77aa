//! `/proc/PID/fd`: the open fds of a process as entries of a capture's fd list.

use event::capture::{FdDetail, FdEntry};
use host::FdScope;
use rustix::{
    fd::BorrowedFd,
    fs::{FileType, OFlags, StatxFlags},
};

use super::{
    cursor::{Cursor, lines},
    executable::stat,
    mount::Mounts,
    reader::{list_numbers, numbered, read_link, read_small},
    report::{ScanReport, Skip, is_denied},
    socket::Sockets,
};

/// Kinds of fds, as captures number them.
mod kind {
    pub(super) const DIRECTORY: u8 = 2;
    pub(super) const PIPE: u8 = 7;
    pub(super) const UNSUPPORTED: u8 = 10;
    pub(super) const FILE: u8 = 16;
    pub(super) const MEMFD: u8 = 20;
}

const WANTED: StatxFlags = StatxFlags::TYPE.union(StatxFlags::INO);
/// What is read of a file in fdinfo: flags and mount are among its first lines.
const MAX_FDINFO: usize = 512;

/// Reads fds; what was learnt of mounts and sockets is kept for the next process.
#[derive(Debug, Default)]
pub(super) struct Descriptors {
    pub(super) mounts: Mounts,
    pub(super) sockets: Sockets,
    numbers: Vec<u32>,
    name: Vec<u8>,
    link: Vec<u8>,
    text: Vec<u8>,
}

/// Whose fds are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner<'d> {
    /// The directory of the process.
    pub(super) dir: BorrowedFd<'d>,
    pub(super) pid: i64,
    pub(super) fds: FdScope,
}

impl Descriptors {
    /// Tells `sink` the fds of `owner`, at most `limit`, small numbers first.
    pub(super) fn read(
        &mut self,
        owner: Owner<'_>,
        limit: usize,
        report: &mut ScanReport,
        sink: &mut dyn FnMut(&FdEntry<'_>),
    ) -> Result<(), Skip> {
        let mut numbers = std::mem::take(&mut self.numbers);
        let listed = list_numbers(owner.dir, b"fd", &mut numbers, limit);
        for &number in &numbers {
            self.read_one(owner, number, report, sink);
        }
        self.numbers = numbers;
        match listed {
            Ok(left_out) => report.fds_left_out += left_out,
            Err(error) if is_denied(error) => report.denied.fds += 1,
            Err(error) => return Err(Skip::of(error)),
        }
        Ok(())
    }

    /// Tells `sink` fd `number` of `owner`, unless it has been closed.
    pub(super) fn read_one(
        &mut self,
        owner: Owner<'_>,
        number: u32,
        report: &mut ScanReport,
        sink: &mut dyn FnMut(&FdEntry<'_>),
    ) {
        let name = numbered(&mut self.name, b"fd/", number);
        if read_link(owner.dir, name, &mut self.link).is_err() {
            return;
        }
        let found = if let Some(ino) = number_in(&self.link, b"pipe:[") {
            Some((kind::PIPE, ino, FdDetail::Named(&self.link)))
        } else if let Some(ino) = number_in(&self.link, b"socket:[") {
            if owner.fds == FdScope::NoSockets {
                return;
            }
            let socket = self.sockets.find(owner.dir, ino);
            report.sockets_unknown += u64::from(socket.is_none());
            socket.map(|(kind, detail)| (kind, ino, detail))
        } else {
            self.describe_file(owner, number)
        };
        if let Some((kind, ino, detail)) = found {
            report.fds += 1;
            sink(&FdEntry { tid: owner.pid, fd: i64::from(number), ino, kind, detail });
        }
    }

    /// Kind, inode and detail of fd `number`, which the link at hand leads to: neither a pipe nor a socket.
    fn describe_file(&mut self, owner: Owner<'_>, number: u32) -> Option<(u8, u64, FdDetail<'_>)> {
        let file = stat(owner.dir, numbered(&mut self.name, b"fd/", number), WANTED).ok()?;
        let named = FdDetail::Named(&self.link);
        let (kind, detail) = if let Some(name) = self.link.strip_prefix(b"anon_inode:") {
            (anonymous(name), FdDetail::Named(b""))
        } else {
            match FileType::from_raw_mode(file.stx_mode.into()) {
                FileType::Fifo => (kind::PIPE, named),
                FileType::Directory => (kind::DIRECTORY, named),
                FileType::Socket => (kind::UNSUPPORTED, named),
                FileType::Unknown => (kind::UNSUPPORTED, FdDetail::Named(b"")),
                _ if self.link.starts_with(b"/memfd:") => (kind::MEMFD, named),
                FileType::RegularFile
                | FileType::BlockDevice
                | FileType::CharacterDevice
                | FileType::Symlink => {
                    let name = numbered(&mut self.name, b"fdinfo/", number);
                    let text = &mut self.text;
                    let Info { open_flags, mount } =
                        match read_small(owner.dir, name, text, MAX_FDINFO) {
                            Ok(()) => parse_info(text),
                            Err(_) => Info::default(),
                        };
                    let device = self.mounts.find(owner.dir, mount).map_or(0, |it| it.device);
                    (kind::FILE, FdDetail::File { open_flags, name: &self.link, device })
                }
            }
        };
        Some((kind, file.stx_ino, detail))
    }
}

/// The number of a name such as `pipe:[7]`.
fn number_in(link: &[u8], prefix: &[u8]) -> Option<u64> {
    Cursor::new(link.strip_prefix(prefix)?).decimal()
}

/// Kind of the anonymous inode of this name.
fn anonymous(name: &[u8]) -> u8 {
    match name {
        b"[eventfd]" => 9,
        b"[signalfd]" => 11,
        b"[eventpoll]" => 12,
        b"inotify" => 13,
        b"[timerfd]" => 14,
        b"bpf-map" | b"bpf-prog" | b"bpf-link" | b"bpf_iter" | b"bpf_link" => 17,
        b"[userfaultfd]" => 18,
        b"[io_uring]" => 19,
        b"[pidfd]" => 21,
        _ => kind::UNSUPPORTED,
    }
}

/// What fdinfo says of an open file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Info {
    /// `PPM_O_*`.
    pub(super) open_flags: u32,
    pub(super) mount: u64,
}

/// Reads flags and mount of a file in fdinfo.
pub(super) fn parse_info(text: &[u8]) -> Info {
    let mut info = Info::default();
    for line in lines(text) {
        if let Some(flags) = line.strip_prefix(b"flags:") {
            info.open_flags = Cursor::new(flags).octal().map_or(0, portable_flags);
        } else if let Some(mount) = line.strip_prefix(b"mnt_id:") {
            info.mount = Cursor::new(mount).decimal().unwrap_or(0);
        }
    }
    info
}

/// `PPM_O_*` of a kernel's open flags. As in libs, flags of several bits count when one of them is set.
fn portable_flags(flags: u64) -> u32 {
    const FLAGS: [(OFlags, u32); 11] = [
        (OFlags::CREATE, 1 << 2),
        (OFlags::APPEND, 1 << 3),
        (OFlags::DSYNC, 1 << 4),
        (OFlags::EXCL, 1 << 5),
        (OFlags::NONBLOCK, 1 << 6),
        (OFlags::SYNC, 1 << 7),
        (OFlags::TRUNC, 1 << 8),
        (OFlags::DIRECT, 1 << 9),
        (OFlags::DIRECTORY, 1 << 10),
        (OFlags::CLOEXEC, 1 << 12),
        (OFlags::TMPFILE, 1 << 13),
    ];
    let access = match flags & 3 {
        1 => 1 << 1,
        2 => 3,
        _ => 1,
    };
    let flags = OFlags::from_bits_retain(u32::try_from(flags & 0xffff_ffff).unwrap_or(0));
    FLAGS
        .iter()
        .filter(|(flag, _)| flags.intersects(*flag))
        .fold(access, |sum, (_, portable)| sum | portable)
}
