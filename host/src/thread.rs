//! One thread, as `sinsp-state` section 2.1 describes it.

use crate::{container::ContainerId, flags::thread as flags, text::Text};

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
}

impl Thread {
    /// A thread that nothing but its id is known of; every text is `empty`.
    pub(crate) fn new(tid: i64, empty: &Text) -> Self {
        let text = || empty.clone();
        Self {
            tid,
            pid: -1,
            ptid: -1,
            vtid: -1,
            vpid: -1,
            sid: -1,
            vpgid: -1,
            pgid: -1,
            comm: text(),
            exe: text(),
            exepath: text(),
            args: text(),
            arg_count: 0,
            env: text(),
            env_count: 0,
            cwd: text(),
            root: text(),
            cmdline: text(),
            cgroups: text(),
            uid: u32::MAX,
            gid: u32::MAX,
            loginuid: u32::MAX,
            tty: 0,
            flags: flags::NAME_CHANGED,
            fdlimit: -1,
            cap_inheritable: 0,
            cap_permitted: 0,
            cap_effective: 0,
            exe_writable: false,
            exe_upper_layer: false,
            exe_lower_layer: false,
            exe_from_memfd: false,
            exe_ino: 0,
            exe_ino_ctime_ns: 0,
            exe_ino_mtime_ns: 0,
            ctime_duration_clone_ns: 0,
            ctime_duration_pidns_start_ns: 0,
            clone_time_ns: 0,
            last_exec_time_ns: 0,
            pidns_init_start_time_ns: 0,
            vm_size_kb: 0,
            vm_rss_kb: 0,
            vm_swap_kb: 0,
            pf_major: 0,
            pf_minor: 0,
            container: ContainerId::HOST,
        }
    }

    /// Whether it leads its group.
    pub fn is_main(&self) -> bool {
        self.tid == self.pid || self.flags & flags::IS_MAIN_THREAD != 0
    }

    /// Whether it is a placeholder of a thread that nothing is known of.
    pub fn is_placeholder(&self) -> bool {
        self.tid < 0 || self.pid < 0 || self.ptid < 0
    }

    /// Whether it has exited and only its group keeps it.
    pub fn is_dead(&self) -> bool {
        self.flags & flags::CLOSED != 0
    }

    /// Whether it is in a pid namespace other than the initial one.
    pub fn is_in_pid_namespace(&self) -> bool {
        self.flags & flags::CHILD_IN_PIDNS != 0 || (self.tid != self.vtid && self.vtid >= 0)
    }

    /// Takes over what a child has from the thread it comes from.
    pub(crate) fn inherit(&mut self, from: &Self) {
        self.exepath = from.exepath.clone();
        self.exe_writable = from.exe_writable;
        self.exe_upper_layer = from.exe_upper_layer;
        self.exe_lower_layer = from.exe_lower_layer;
        self.exe_from_memfd = from.exe_from_memfd;
        self.root = from.root.clone();
        self.sid = from.sid;
        self.vpgid = from.vpgid;
        self.pgid = from.pgid;
        self.tty = from.tty;
        self.loginuid = from.loginuid;
        self.cap_permitted = from.cap_permitted;
        self.cap_inheritable = from.cap_inheritable;
        self.cap_effective = from.cap_effective;
        self.exe_ino = from.exe_ino;
        self.exe_ino_ctime_ns = from.exe_ino_ctime_ns;
        self.exe_ino_mtime_ns = from.exe_ino_mtime_ns;
        self.ctime_duration_clone_ns = from.ctime_duration_clone_ns;
    }
}
