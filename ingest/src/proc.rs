//! The scan of `/proc`: what runs on this host, as the entries with which a capture begins.
//!
//! The same entries fill a `Host` and the head of a capture. They are what libs 0.25.4 report of threads, fds,
//! users, groups and interfaces; where libs' scan of `/proc` and their probes differ (numbers in pid namespaces,
//! the executable's inode, layer and permission), they are what the probes say.
//!
//! Everything races with this: a process is read through its directory, which leads nowhere once the process is
//! gone, and its start is compared at the end, so two processes are never joined. Files may hold anything; every
//! read is bounded. Nothing is asked of a filesystem whose server might not answer.

mod account;
mod accounts;
mod cgroup;
mod cursor;
mod descriptor;
mod every_parser;
mod executable;
mod interface;
mod layer;
mod machine;
mod mount;
mod pid_namespace;
mod platform;
mod reader;
mod report;
mod socket;
mod stat;
mod status;
#[cfg(test)]
mod tests;
mod thread;

use std::{os::unix::ffi::OsStrExt, path::PathBuf};

use event::capture::{MachineInfo, Record};
use host::FdScope;
use rustix::{
    fd::{AsFd, OwnedFd},
    fs::CWD,
    io::Errno,
    param::clock_ticks_per_second,
};

use self::{
    accounts::Accounts,
    cgroup::Cgroups,
    descriptor::{Descriptors, Owner},
    machine::Machine,
    pid_namespace::PidNamespaces,
    reader::{list_numbers, numbered, open_dir},
    thread::{Clock, Process, Task},
};

pub use every_parser::parse as parse_proc_text;
pub use report::{Denied, ScanReport, Skip};

/// Bounds of a scan, and where the host is.
#[derive(Clone, Debug)]
pub struct ProcConfig {
    /// What is in front of the host's `/proc` and `/etc`: Falco's `HOST_ROOT`, empty on the host itself.
    pub host_root: PathBuf,
    /// Most threads reported; Falco's table has 262,144.
    pub max_threads: usize,
    /// Most fds reported of a process; Falco's table has 4,096.
    pub max_fds: usize,
    /// When the machine was started, nanoseconds since the epoch, as exactly as known; 0 takes what
    /// `/proc/stat` says, to the second.
    pub boot_time_ns: u64,
    /// Name of the host; `None` takes the kernel's.
    pub hostname: Option<Vec<u8>>,
}

impl Default for ProcConfig {
    fn default() -> Self {
        Self {
            host_root: PathBuf::new(),
            max_threads: 262_144,
            max_fds: 4096,
            boot_time_ns: 0,
            hostname: None,
        }
    }
}

/// Why `/proc` cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcError {
    /// There is no `/proc` where the configuration says.
    #[error("no /proc in `{}`", host_root.display())]
    NoProc {
        /// What was put in front of it.
        host_root: PathBuf,
        /// The system's answer.
        #[source]
        error: std::io::Error,
    },
}

/// Most pids that a kernel gives.
const MAX_PIDS: usize = 1 << 22;

/// Reads `/proc`. Buffers are kept from one process to the next.
#[derive(Debug)]
pub struct Proc {
    config: ProcConfig,
    /// `/proc`.
    files: OwnedFd,
    machine: Machine,
    clock: Clock,
    accounts: Accounts,
    cgroups: Cgroups,
    descriptors: Descriptors,
    pid_namespaces: PidNamespaces,
    process: Process,
    task: Task,
    tids: Vec<u32>,
    name: Vec<u8>,
}

impl Proc {
    /// Opens `/proc` and looks at what does not change.
    pub fn open(config: &ProcConfig) -> Result<Self, ProcError> {
        let path = [config.host_root.as_os_str().as_bytes(), b"/proc"].concat();
        let proc = open_dir(CWD, &path).map_err(|error| ProcError::NoProc {
            host_root: config.host_root.clone(),
            error: error.into(),
        })?;
        let machine = Machine::read(&proc, config.hostname.as_deref());
        let boot_time_ns = match config.boot_time_ns {
            0 => machine.boot_time_ns,
            known => known,
        };
        let tick_ns = 1_000_000_000 / clock_ticks_per_second().max(1);
        let clock = Clock { boot_time_ns, tick_ns };
        Ok(Self {
            config: config.clone(),
            accounts: Accounts::new(config.host_root.as_os_str().as_bytes()),
            cgroups: Cgroups::open(&proc, config.host_root.as_os_str().as_bytes()),
            files: proc,
            machine,
            clock,
            descriptors: Descriptors::default(),
            pid_namespaces: PidNamespaces::new(clock),
            process: Process::default(),
            task: Task::default(),
            tids: Vec::new(),
            name: Vec::new(),
        })
    }

    /// When the machine was started, nanoseconds since the epoch; 0 when unknown. To the second, as Falco has
    /// it, unless the configuration says more.
    pub fn boot_time_ns(&self) -> u64 {
        self.clock.boot_time_ns
    }

    /// Tells `sink` what runs on this host: a section, the machine, interfaces, users, groups, then each thread,
    /// a main thread followed by its fds and the other threads.
    pub fn scan(&mut self, sink: &mut dyn FnMut(&Record<'_>)) -> ScanReport {
        let mut report = ScanReport::default();
        sink(&Record::Section);
        sink(&Record::Machine(MachineInfo {
            cpus: self.machine.cpus,
            memory_bytes: self.machine.memory_bytes,
            max_pid: 0,
            hostname: &self.machine.hostname,
            boot_time_ns: self.machine.boot_time_ns,
            flags: 0,
        }));
        report.interfaces = interface::read(&mut |it| sink(&Record::Interface(*it)));
        (report.users, report.groups) = self.accounts.read(sink);
        self.forget();
        self.processes(&mut report, sink);
        self.forget();
        report
    }

    /// Tells `sink` thread `tid`, and its fds if it is a main one, as [`Self::scan`] would; whether it is there.
    pub fn lookup(
        &mut self,
        tid: i64,
        fds: FdScope,
        sink: &mut dyn FnMut(&Record<'_>),
    ) -> Result<(), Skip> {
        let tid = u32::try_from(tid).map_err(|_| Skip::Vanished)?;
        let dir = self.dir(tid).map_err(Skip::of)?;
        self.forget();
        let report = &mut ScanReport::default();
        let found = self.read_process(&dir, tid, None, report);
        if found.is_ok() {
            self.tell_process(&dir, fds, report, sink);
        }
        self.forget();
        found
    }

    /// Forgets what was true of an earlier moment.
    fn forget(&mut self) {
        self.cgroups.clear();
        self.pid_namespaces.clear();
        self.descriptors.mounts.clear();
        self.descriptors.sockets.shrink();
    }

    fn processes(&mut self, report: &mut ScanReport, sink: &mut dyn FnMut(&Record<'_>)) {
        let mut pids = Vec::new();
        let max = self.config.max_threads;
        match list_numbers(&self.files, b".", &mut pids, MAX_PIDS) {
            Ok(left_out) => report.threads_left_out += left_out,
            Err(_) => report.unreadable += 1,
        }
        for &pid in &pids {
            if report.threads >= max as u64 {
                report.threads_left_out += 1;
                continue;
            }
            let dir = match self.dir(pid) {
                Ok(dir) => dir,
                Err(error) => {
                    report.count(Skip::of(error));
                    continue;
                }
            };
            match self.read_process(&dir, pid, Some(&pids), report) {
                Ok(()) => {
                    self.tell_process(&dir, FdScope::All, report, sink);
                    report.processes += 1;
                    report.threads += 1;
                }
                Err(skip) => {
                    report.count(skip);
                    continue;
                }
            }
            self.other_threads(&dir, pid, report, sink);
        }
    }

    fn dir(&mut self, tid: u32) -> Result<OwnedFd, Errno> {
        open_dir(&self.files, numbered(&mut self.name, b"", tid))
    }

    /// Reads thread `tid` in `dir`, a directory of its own in `/proc`, and its process.
    fn read_process(
        &mut self,
        dir: impl AsFd,
        tid: u32,
        pids: Option<&[u32]>,
        report: &mut ScanReport,
    ) -> Result<(), Skip> {
        let file = self.task.read(&dir, tid, report)?;
        self.process.read(&dir, &self.task, report)?;
        self.cgroups.read(&dir, &mut self.task.cgroups).map_err(Skip::of)?;
        self.process.pidns_init_start_time_ns = match self.task.status.pid_levels {
            1 => self.clock.boot_time_ns,
            _ => self.pid_namespaces.start(&self.files, &dir, &self.task, pids),
        };
        self.complete_executable(&dir);
        self.task.check(&file)
    }

    /// Tells `sink` the thread in `dir` that was read, and its fds if it is a main one.
    fn tell_process(
        &mut self,
        dir: impl AsFd,
        fds: FdScope,
        report: &mut ScanReport,
        sink: &mut dyn FnMut(&Record<'_>),
    ) {
        let thread = self.task.entry(&self.process, self.clock);
        let (tid, pid) = (thread.tid, thread.pid);
        sink(&Record::Thread(thread));
        if tid == pid {
            let owner = Owner { dir: dir.as_fd(), pid, fds };
            // Its fds are what it has beside itself: without them it is still there.
            let _ = self.descriptors.read(owner, self.config.max_fds, report, &mut |fd| {
                sink(&Record::Fd(*fd));
            });
        }
    }

    /// Finds out what the mount of the executable says of it.
    fn complete_executable(&mut self, dir: impl AsFd) {
        let executable = &mut self.process.executable;
        if executable.mount == 0 {
            return;
        }
        let Some(mount) = self.descriptors.mounts.find(dir, executable.mount) else { return };
        executable.writable &= !mount.read_only;
        if let Some(overlay) = &mount.overlay {
            let host_root = self.config.host_root.as_os_str().as_bytes();
            let path = &self.process.exepath;
            (self.process.upper_layer, self.process.lower_layer) =
                match layer::find(overlay, host_root, path) {
                    Some(layer::Layer::Upper) => (true, false),
                    Some(layer::Layer::Lower) => (false, true),
                    None => (false, false),
                };
        }
    }

    fn other_threads(
        &mut self,
        dir: impl AsFd,
        pid: u32,
        report: &mut ScanReport,
        sink: &mut dyn FnMut(&Record<'_>),
    ) {
        let left = usize::try_from(report.threads).unwrap_or(usize::MAX);
        let left = self.config.max_threads.saturating_sub(left).saturating_add(1);
        let mut tids = std::mem::take(&mut self.tids);
        match list_numbers(&dir, b"task", &mut tids, left) {
            Ok(left_out) => report.threads_left_out += left_out,
            Err(error) => report.count(Skip::of(error)),
        }
        for &tid in tids.iter().filter(|&&tid| tid != pid) {
            match self.other_thread(&dir, tid, report) {
                Ok(()) => {
                    report.threads += 1;
                    sink(&Record::Thread(self.task.entry(&self.process, self.clock)));
                }
                Err(skip) => report.count(skip),
            }
        }
        self.tids = tids;
    }

    /// Reads thread `tid` of the process in `dir`, which was read before.
    fn other_thread(
        &mut self,
        dir: impl AsFd,
        tid: u32,
        report: &mut ScanReport,
    ) -> Result<(), Skip> {
        let name = numbered(&mut self.name, b"task/", tid);
        let dir = open_dir(dir, name).map_err(Skip::of)?;
        let file = self.task.read(&dir, tid, report)?;
        self.cgroups.read(&dir, &mut self.task.cgroups).map_err(Skip::of)?;
        self.task.check(file)
    }
}
