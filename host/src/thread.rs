//! One thread, as `sinsp-state` section 2.1 describes it.

use crate::{container::ContainerId, text::Text};

/// Slot of a thread in the table; valid until the thread is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(pub(crate) u32);

/// A thread. Ids are host numbering unless they begin with `v`; −1 means unknown.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they mirror independent bits of the exec event")]
pub struct Thread {
    /// Thread id.
    pub tid: i64,
    /// Thread group id; −1 for a placeholder of a thread that nothing is known of.
    pub pid: i64,
    /// Thread id of the parent.
    pub ptid: i64,
    /// Thread id in its own pid namespace.
    pub vtid: i64,
    /// Thread group id in its own pid namespace.
    pub vpid: i64,
    /// Session id in its pid namespace.
    pub sid: i64,
    /// Process group in its pid namespace.
    pub vpgid: i64,
    /// Process group, host numbering.
    pub pgid: i64,
    /// `proc.name`.
    pub comm: Text,
    /// `argv[0]`.
    pub exe: Text,
    /// Resolved path of the executable.
    pub exepath: Text,
    /// Arguments after `argv[0]`, separated by NUL, without a final NUL.
    pub args: Text,
    /// How many arguments `args` holds (an empty `args` may be one empty argument).
    pub arg_count: u32,
    /// Environment, separated by NUL, without a final NUL; read it through the main thread.
    pub env: Text,
    /// How many variables `env` holds.
    pub env_count: u32,
    /// Current directory with trailing slash; read it through the main thread.
    pub cwd: Text,
    /// Root directory.
    pub root: Text,
    /// `comm` as it was then, a blank, and the arguments joined by blanks (the cache of `proc.cmdline`);
    /// empty when it has to be built from the current `comm`.
    pub cmdline: Text,
    /// `subsystem=path` entries, normalised names, separated by NUL.
    pub cgroups: Text,
    /// Effective user id.
    pub uid: u32,
    /// Effective group id.
    pub gid: u32,
    /// Audit user id; `u32::MAX` when unset.
    pub loginuid: u32,
    /// Controlling terminal, kernel encoding; 0 for none.
    pub tty: u32,
    /// `PPM_CL_*`.
    pub flags: u32,
    /// `RLIMIT_NOFILE`, soft.
    pub fdlimit: i64,
    /// Capabilities.
    pub cap_inheritable: u64,
    /// Capabilities.
    pub cap_permitted: u64,
    /// Capabilities.
    pub cap_effective: u64,
    /// The executable is writable by the user who ran it.
    pub exe_writable: bool,
    /// The executable is in an overlay's upper layer.
    pub exe_upper_layer: bool,
    /// The executable is in an overlay's lower layer.
    pub exe_lower_layer: bool,
    /// The executable is a memfd.
    pub exe_from_memfd: bool,
    /// Inode of the executable; 0 when unknown.
    pub exe_ino: u64,
    /// Its ctime, ns.
    pub exe_ino_ctime_ns: u64,
    /// Its mtime, ns.
    pub exe_ino_mtime_ns: u64,
    /// Clone time minus ctime, ns; 0 when unknown.
    pub ctime_duration_clone_ns: u64,
    /// Ctime minus start of the pid namespace, ns; 0 when unknown.
    pub ctime_duration_pidns_start_ns: u64,
    /// When it was cloned; 0 when it was there before.
    pub clone_time_ns: u64,
    /// When it last called execve; 0 when it never did.
    pub last_exec_time_ns: u64,
    /// Start of its pid namespace's init.
    pub pidns_init_start_time_ns: u64,
    /// `kB`.
    pub vm_size_kb: u32,
    /// `kB`.
    pub vm_rss_kb: u32,
    /// `kB`.
    pub vm_swap_kb: u32,
    /// Major page faults.
    pub pf_major: u64,
    /// Minor page faults.
    pub pf_minor: u64,
    /// Container; [`ContainerId::HOST`] for none.
    pub container: ContainerId,
    /// It has exited and only its group keeps it.
    pub dead: bool,
}
