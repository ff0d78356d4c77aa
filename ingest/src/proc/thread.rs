//! One thread: its files in `/proc` as an entry of a capture's thread list.

use event::capture::ThreadEntry;
use rustix::{
    fd::{AsFd, OwnedFd},
    io::{Errno, pread},
};

use super::{
    cursor::{Cursor, lines},
    executable::Executable,
    reader::{open_file, read_file, read_link, read_small, read_start},
    report::{ScanReport, Skip, is_denied},
    stat::{self, Stat},
    status::{self, Status},
};

/// Arguments and environment are read up to here.
const MAX_LIST: usize = 4096;
/// Longest status: its line of groups has 65,536 ids at most.
const MAX_STATUS: usize = 1 << 20;
const MAX_SMALL: usize = 4096;
/// Longest `argv[0]`.
const MAX_EXE: usize = 1023;

/// What the threads of a process have in common.
#[derive(Debug, Default)]
pub(super) struct Process {
    pub(super) exepath: Vec<u8>,
    pub(super) executable: Executable,
    pub(super) upper_layer: bool,
    pub(super) lower_layer: bool,
    pub(super) pidns_init_start_time_ns: u64,
    cmdline: Vec<u8>,
    environ: Vec<u8>,
    cwd: Vec<u8>,
    fdlimit: u64,
    text: Vec<u8>,
}

/// What a thread has of its own.
#[derive(Debug, Default)]
pub(super) struct Task {
    pub(super) status: Status,
    pub(super) stat: Stat,
    pub(super) cgroups: Vec<u8>,
    comm: Vec<u8>,
    root: Vec<u8>,
    loginuid: u32,
    tid: u32,
    text: Vec<u8>,
}

impl Process {
    /// Reads the process in `dir`; `task` is its main thread, or whichever thread `dir` is of.
    pub(super) fn read(
        &mut self,
        dir: impl AsFd,
        task: &Task,
        report: &mut ScanReport,
    ) -> Result<(), Skip> {
        self.pidns_init_start_time_ns = 0;
        (self.upper_layer, self.lower_layer) = (false, false);
        read_list(&dir, b"cmdline", &mut self.cmdline).map_err(Skip::of)?;
        match read_link(&dir, b"exe", &mut self.exepath) {
            Err(error) if is_denied(error) => report.denied.executables += 1,
            // libs take it for a thread of the kernel or a zombie.
            Err(_) if self.cmdline.is_empty() => return Err(Skip::Zombie),
            Ok(()) | Err(_) => {}
        }
        match read_list(&dir, b"environ", &mut self.environ) {
            Ok(()) => {}
            Err(error) if is_denied(error) => report.denied.environments += 1,
            Err(error) => return Err(Skip::of(error)),
        }
        match read_link(&dir, b"cwd", &mut self.cwd) {
            Ok(()) => {}
            Err(error) if is_denied(error) => report.denied.directories += 1,
            Err(error) => return Err(Skip::of(error)),
        }
        self.fdlimit = match read_small(&dir, b"limits", &mut self.text, MAX_SMALL) {
            Ok(()) => open_files(&self.text),
            Err(_) => u64::MAX,
        };
        self.executable = Executable::read(dir, &self.exepath, &task.status).unwrap_or_default();
        Ok(())
    }

    /// `argv[0]` and what follows it.
    fn arguments(&self) -> (&[u8], &[u8]) {
        let end = self.cmdline.iter().position(|&it| it == 0).unwrap_or(self.cmdline.len());
        let exe = self.cmdline.get(..end.min(MAX_EXE)).unwrap_or_default();
        (exe, self.cmdline.get(end + 1..).unwrap_or_default())
    }
}

/// Reads strings that NULs end. The last byte becomes a NUL whatever it was, as in libs.
fn read_list(dir: impl AsFd, name: &[u8], buffer: &mut Vec<u8>) -> Result<(), Errno> {
    match read_file(dir, name, buffer, MAX_LIST) {
        // What an exiting process answers.
        Err(Errno::SRCH) => buffer.clear(),
        other => other?,
    }
    if let Some(last) = buffer.last_mut() {
        *last = 0;
    }
    Ok(())
}

/// The soft limit of open files in `/proc/PID/limits`; `u64::MAX` when unlimited or unknown.
pub(super) fn open_files(text: &[u8]) -> u64 {
    let limit = lines(text).find_map(|line| line.strip_prefix(b"Max open files"));
    limit.and_then(|rest| Cursor::new(rest).decimal()).unwrap_or(u64::MAX)
}

impl Task {
    /// Reads thread `tid` in `dir`, but for its cgroups. The file that is returned is for [`Self::check`].
    pub(super) fn read(
        &mut self,
        dir: impl AsFd,
        tid: u32,
        report: &mut ScanReport,
    ) -> Result<OwnedFd, Skip> {
        self.tid = tid;
        let file = open_file(&dir, b"stat").map_err(Skip::of)?;
        read_start(&file, &mut self.text, MAX_SMALL).map_err(Skip::of)?;
        let (comm, stat) = stat::parse(&self.text).ok_or(Skip::Unreadable)?;
        if stat.is_kernel_thread() {
            return Err(Skip::KernelThread);
        }
        if stat.is_zombie() {
            return Err(Skip::Zombie);
        }
        self.comm.clear();
        self.comm.extend_from_slice(comm);
        self.stat = stat;
        read_file(&dir, b"status", &mut self.text, MAX_STATUS).map_err(Skip::of)?;
        self.status = status::parse(&self.text).ok_or(Skip::Unreadable)?;
        // Kernels without audit have no such file.
        self.loginuid = match read_small(&dir, b"loginuid", &mut self.text, MAX_SMALL) {
            Ok(()) => Cursor::new(&self.text).decimal().unwrap_or(u32::MAX),
            Err(_) => u32::MAX,
        };
        match read_link(&dir, b"root", &mut self.root) {
            Ok(()) => {}
            Err(error) if is_denied(error) => report.denied.directories += 1,
            Err(error) => return Err(Skip::of(error)),
        }
        Ok(file)
    }

    /// Whether the thread is still the one that was read first: it lives and was started at the same time.
    pub(super) fn check(&mut self, file: impl AsFd) -> Result<(), Skip> {
        let mut again = [0; MAX_SMALL];
        let length = pread(file, &mut again, 0).map_err(Skip::of)?;
        let (_, stat) =
            stat::parse(again.get(..length).unwrap_or_default()).ok_or(Skip::Vanished)?;
        let same = stat.start_ticks == self.stat.start_ticks && !stat.is_zombie();
        same.then_some(()).ok_or(Skip::Vanished)
    }

    /// The entry; `boot_time_ns` is when the machine was started, `tick_ns` how long a clock tick is.
    pub(super) fn entry<'a>(&'a self, process: &'a Process, clock: Clock) -> ThreadEntry<'a> {
        const CLONE_FILES: u32 = 1;
        const CLONE_THREAD: u32 = 1 << 13;
        let Status { pid, ppid, uid, gid, vtid, vpid, vpgid, .. } = self.status;
        let (exe, args) = process.arguments();
        let main = i64::from(self.tid) == pid;
        ThreadEntry {
            tid: i64::from(self.tid),
            pid,
            ptid: ppid,
            sid: self.stat.sid,
            vpgid,
            pgid: self.status.pgid.unwrap_or(self.stat.pgid),
            vtid,
            vpid,
            comm: &self.comm,
            exe,
            exepath: &process.exepath,
            args,
            // The main thread's counts for all.
            env: if main { &process.environ } else { &[] },
            cgroups: &self.cgroups,
            cwd: &process.cwd,
            root: &self.root,
            fdlimit: process.fdlimit,
            flags: if main { 0 } else { CLONE_THREAD | CLONE_FILES },
            uid,
            gid,
            loginuid: self.loginuid,
            tty: self.stat.tty,
            vm_size_kb: self.status.vm_size_kb,
            vm_rss_kb: self.status.vm_rss_kb,
            vm_swap_kb: self.status.vm_swap_kb,
            pf_major: self.stat.pf_major,
            pf_minor: self.stat.pf_minor,
            pidns_init_start_time_ns: process.pidns_init_start_time_ns,
            clone_time_ns: clock.time_ns(self.stat.start_ticks),
            cap_inheritable: self.status.cap_inheritable,
            cap_permitted: self.status.cap_permitted,
            cap_effective: self.status.cap_effective,
            exe_ino: process.executable.ino,
            exe_ino_ctime_ns: process.executable.ctime_ns,
            exe_ino_mtime_ns: process.executable.mtime_ns,
            exe_writable: process.executable.writable,
            exe_upper_layer: process.upper_layer,
            exe_lower_layer: process.lower_layer,
            exe_from_memfd: process.executable.from_memfd,
        }
    }
}

/// What turns clock ticks since the machine was started into times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// When the machine was started, nanoseconds since the Unix epoch.
    pub(super) boot_time_ns: u64,
    /// Length of a tick.
    pub(super) tick_ns: u64,
}

impl Clock {
    pub(super) const fn time_ns(self, ticks: u64) -> u64 {
        self.boot_time_ns.wrapping_add(ticks.wrapping_mul(self.tick_ns))
    }
}
