//! What a scan of `/proc` found, and what it could not read.

use std::fmt;

use rustix::io::Errno;

/// What a scan found and what it missed, in numbers.
///
/// Processes come and go while they are read, so `vanished` is rarely 0 on a busy machine; their events
/// tell the rest. What is `denied` stays unknown: it needs `CAP_SYS_PTRACE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanReport {
    /// Processes reported.
    pub processes: u64,
    /// Threads reported, main threads among them.
    pub threads: u64,
    /// Open fds reported.
    pub fds: u64,
    /// Users reported.
    pub users: u64,
    /// Groups reported.
    pub groups: u64,
    /// Addresses of interfaces reported.
    pub interfaces: u64,
    /// Threads of the kernel, which are not reported.
    pub kernel_threads: u64,
    /// Processes that have exited and wait for their parent, not reported either.
    pub zombies: u64,
    /// Threads that were gone, or another one, before all of them was read.
    pub vanished: u64,
    /// Threads whose files are not as a kernel writes them, or cannot be read for a reason of its own.
    pub unreadable: u64,
    /// Processes and threads not looked at, beyond [`ProcConfig::max_threads`](super::ProcConfig::max_threads).
    pub threads_left_out: u64,
    /// Fds beyond [`ProcConfig::max_fds`](super::ProcConfig::max_fds).
    pub fds_left_out: u64,
    /// Sockets that no table of their network namespace mentions.
    pub sockets_unknown: u64,
    /// What we may not read.
    pub denied: Denied,
}

/// Processes of which a part may not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Denied {
    /// Executable.
    pub executables: u64,
    /// Environment.
    pub environments: u64,
    /// Current or root directory.
    pub directories: u64,
    /// Open fds.
    pub fds: u64,
}

impl Denied {
    /// Whether everything may be read.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for ScanReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} processes, {} threads, {} fds, {} users, {} groups",
            self.processes, self.threads, self.fds, self.users, self.groups
        )?;
        let Denied { executables, environments, directories, fds } = self.denied;
        let parts = [
            ("vanished meanwhile", self.vanished),
            ("unreadable", self.unreadable),
            ("threads left out", self.threads_left_out),
            ("fds left out", self.fds_left_out),
            ("sockets unknown", self.sockets_unknown),
            ("executables denied", executables),
            ("environments denied", environments),
            ("directories denied", directories),
            ("fd tables denied", fds),
        ];
        parts
            .iter()
            .filter(|(_, count)| *count > 0)
            .try_for_each(|(what, count)| write!(f, ", {count} {what}"))
    }
}

/// Why a thread is not reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// It is a thread of the kernel.
    KernelThread,
    /// It has exited and waits for its parent.
    Zombie,
    /// It is gone, or another one has its id.
    Vanished,
    /// Its files are not as a kernel writes them, or cannot be read for a reason of its own.
    Unreadable,
}

impl Skip {
    /// What an error of a file that every thread has means.
    pub(super) const fn of(error: Errno) -> Self {
        match error {
            Errno::NOENT | Errno::SRCH | Errno::NOTDIR => Self::Vanished,
            _ => Self::Unreadable,
        }
    }
}

impl ScanReport {
    pub(super) fn count(&mut self, skip: Skip) {
        *match skip {
            Skip::KernelThread => &mut self.kernel_threads,
            Skip::Zombie => &mut self.zombies,
            Skip::Vanished => &mut self.vanished,
            Skip::Unreadable => &mut self.unreadable,
        } += 1;
    }
}

/// Whether `error` says that we may not.
pub(super) const fn is_denied(error: Errno) -> bool {
    matches!(error, Errno::ACCESS | Errno::PERM)
}
