//! The table of probes: which program serves which system call, and where it hangs.
//!
//! A system call that Falco knows under a name of its own is one row of [`CALLS`]; what is no system call
//! is one row of [`HOOKS`].

mod call;
mod enter;
mod generic;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::attach::AttachMode;

pub(crate) use call::Call;
pub(crate) use generic::{GenericCall, generic_calls};

/// The kernel's function by which 32-bit programs of old make all calls of sockets.
pub(crate) const SOCKETCALL: &str = "__ia32_compat_sys_socketcall";

/// Something else than the end of a system call that makes events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hook {
    /// Name of the program.
    pub(crate) program: &'static str,
    /// Where it hangs.
    pub(crate) place: Place,
    /// It is active when one of these system calls is wanted; empty: always.
    pub(crate) calls: &'static [&'static str],
    /// In which mode it is needed; `None`: in each.
    pub(crate) mode: Option<AttachMode>,
    /// The probes work without it, if with less.
    pub(crate) optional: bool,
}

/// Where a program hangs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A tracepoint with typed arguments.
    BtfTracepoint(&'static str),
    /// `syscalls:sys_enter_*`; needs tracefs.
    EnterTracepoint(&'static str),
    /// The entry of the function of a system call.
    Entry(&'static str),
    /// The entry of the function that 32-bit programs come through.
    CompatEntry(&'static str),
    /// The same by a kprobe, which needs less of the kernel and costs more.
    CompatKprobe(&'static str),
}

/// All system calls that have a probe of their own, by families.
pub(crate) const CALLS: &[Call] = &[
    // bpf/probe/close.c
    Call::new("close"),
    Call::new("close_range"),
    // bpf/probe/directory.c
    Call::new("chdir"),
    Call::new("fchdir"),
    Call::new("chroot"),
    Call::new("getcwd"),
    // bpf/probe/open.c
    Call::new("open"),
    Call::new("openat"),
    Call::new("openat2"),
    Call::new("creat"),
    Call::new("open_by_handle_at"),
    // bpf/probe/duplicate.c
    Call::new("dup"),
    Call::new("dup2"),
    Call::new("dup3"),
    Call::new("fcntl"),
    Call::new("fcntl64").instead_of("fcntl"),
    // bpf/probe/descriptor.c
    Call::new("eventfd"),
    Call::new("eventfd2"),
    Call::new("inotify_init"),
    Call::new("inotify_init1"),
    Call::new("epoll_create"),
    Call::new("epoll_create1"),
    Call::new("signalfd"),
    Call::new("signalfd4"),
    Call::new("timerfd_create"),
    Call::new("memfd_create"),
    Call::new("userfaultfd"),
    Call::new("pidfd_open"),
    Call::new("pidfd_getfd"),
    // bpf/probe/pipe.c
    Call::new("pipe"),
    Call::new("pipe2"),
    // bpf/probe/permission.c
    Call::new("chmod"),
    Call::new("fchmod"),
    Call::new("fchmodat"),
    Call::new("chown").and_compat("chown16"),
    Call::new("lchown").and_compat("lchown16"),
    Call::new("fchown").and_compat("fchown16"),
    Call::new("fchownat"),
    Call::of_function("chown32", "chown").instead_of("chown"),
    Call::of_function("lchown32", "lchown").instead_of("lchown"),
    Call::of_function("fchown32", "fchown").instead_of("fchown"),
    // bpf/probe/name.c
    Call::new("mkdir"),
    Call::new("mkdirat"),
    Call::new("rmdir"),
    Call::new("unlink"),
    Call::new("unlinkat"),
    Call::new("rename"),
    Call::new("renameat"),
    Call::new("renameat2"),
    // bpf/probe/link.c
    Call::new("link"),
    Call::new("linkat"),
    Call::new("symlink"),
    Call::new("symlinkat"),
    Call::new("mknod"),
    Call::new("mknodat"),
    // bpf/probe/mount.c
    Call::new("mount"),
    Call::of_function("umount", "oldumount").instead_of("umount2"),
    Call::of_function("umount2", "umount"),
    Call::new("fsconfig"),
    // bpf/probe/quota.c
    Call::new("quotactl"),
    // bpf/probe/key.c
    Call::new("keyctl"),
    // bpf/probe/position.c
    Call::new("lseek"),
    Call::of_function("_llseek", "llseek").instead_of("lseek"),
    Call::new("ioctl"),
    Call::new("flock"),
    Call::new("getdents"),
    Call::new("getdents64"),
    // bpf/probe/look.c
    Call::of_function("stat", "newstat"),
    Call::of_function("lstat", "newlstat"),
    Call::of_function("fstat", "newfstat"),
    Call::of_function("stat64", "ia32_stat64").instead_of("stat"),
    Call::of_function("lstat64", "ia32_lstat64").instead_of("lstat"),
    Call::of_function("fstat64", "ia32_fstat64").instead_of("fstat"),
    Call::new("newfstatat"),
    Call::of_function("fstatat64", "ia32_fstatat64").instead_of("newfstatat"),
    Call::new("access"),
    // bpf/probe/copy.c
    Call::of_function("sendfile", "sendfile64").and_compat("sendfile"),
    Call::new("sendfile64").instead_of("sendfile").shared(),
    Call::new("splice"),
    Call::new("copy_file_range"),
    // bpf/probe/memory.c
    Call::new("mmap").and_compat("ia32_mmap"),
    Call::of_function("mmap2", "mmap_pgoff").instead_of("mmap"),
    Call::new("munmap"),
    Call::new("brk"),
    Call::new("mprotect"),
    Call::new("mlock"),
    Call::new("mlock2"),
    Call::new("munlock"),
    Call::new("mlockall"),
    Call::new("munlockall"),
    // bpf/probe/io_uring.c
    Call::new("io_uring_setup"),
    Call::new("io_uring_enter"),
    Call::new("io_uring_register"),
    // bpf/probe/read_write.c
    Call::new("read"),
    Call::new("write"),
    Call::new("pread64").and_compat("ia32_pread64"),
    Call::new("pwrite64").and_compat("ia32_pwrite64"),
    // bpf/probe/vector.c
    Call::new("readv"),
    Call::new("writev"),
    Call::new("preadv"),
    Call::new("pwritev"),
    Call::new("process_vm_readv").shared(),
    Call::new("process_vm_writev").shared(),
    // bpf/probe/socket.c
    Call::new("socket"),
    Call::new("socketpair"),
    Call::new("listen"),
    Call::new("shutdown"),
    Call::new("getsockname"),
    Call::new("getpeername"),
    // bpf/probe/connection.c
    Call::new("bind"),
    Call::new("connect"),
    Call::new("accept"),
    Call::new("accept4"),
    // bpf/probe/clone.c
    Call::new("clone").and_compat("ia32_clone"),
    Call::new("clone3"),
    Call::new("fork"),
    Call::new("vfork"),
    // bpf/probe/exec.c
    Call::new("execve"),
    Call::new("execveat"),
    // bpf/probe/transfer.c
    Call::new("sendto"),
    Call::new("send"),
    Call::new("recvfrom"),
    Call::new("recv"),
    // bpf/probe/message.c
    Call::new("sendmsg"),
    Call::new("recvmsg"),
    Call::new("sendmmsg"),
    Call::new("recvmmsg").and_compat("recvmmsg_time32"),
    // bpf/probe/sockopt.c
    Call::new("setsockopt").shared(),
    Call::new("getsockopt").shared(),
    // bpf/probe/poll.c
    Call::new("poll"),
    Call::new("ppoll").and_compat("ppoll_time32"),
    Call::new("select").and_compat("old_select"),
    Call::new("epoll_wait"),
    // bpf/probe/identity.c
    Call::new("setuid").and_old("setuid16"),
    Call::new("setgid").and_old("setgid16"),
    Call::new("setreuid").and_old("setreuid16"),
    Call::new("setregid").and_old("setregid16"),
    Call::new("setresuid").and_old("setresuid16"),
    Call::new("setresgid").and_old("setresgid16"),
    Call::new("setsid"),
    Call::new("setpgid"),
    Call::new("capset"),
    // bpf/probe/asking_ids.c
    Call::new("getuid").and_old("getuid16"),
    Call::new("geteuid").and_old("geteuid16"),
    Call::new("getgid").and_old("getgid16"),
    Call::new("getegid").and_old("getegid16"),
    Call::new("getresuid").and_old("getresuid16"),
    Call::new("getresgid").and_old("getresgid16"),
    // bpf/probe/namespace.c
    Call::new("unshare"),
    Call::new("setns"),
    // bpf/probe/prctl.c
    Call::new("prctl"),
    // bpf/probe/limit.c
    Call::new("setrlimit"),
    Call::new("getrlimit").and_old("old_getrlimit"),
    Call::new("prlimit64"),
    // bpf/probe/signal.c
    Call::new("kill"),
    Call::new("tkill"),
    Call::new("tgkill"),
    // bpf/probe/kernel_code.c
    Call::new("init_module"),
    Call::new("finit_module"),
    Call::new("delete_module"),
    Call::new("bpf"),
    Call::new("seccomp"),
    // bpf/probe/ptrace.c
    Call::new("ptrace"),
    // bpf/probe/waiting.c
    Call::new("nanosleep").and_compat("nanosleep_time32"),
    Call::new("futex").and_compat("futex_time32"),
    // bpf/probe/semaphore.c
    Call::new("semget"),
    Call::new("semctl"),
    Call::new("semop"),
];

/// Probes of processes and of what is rarely asked for.
const HOOKS: &[Hook] = &[
    // bpf/probe/clone.c
    Hook {
        program: "process_forked",
        place: Place::BtfTracepoint("sched_process_fork"),
        calls: &["clone", "clone3", "fork", "vfork"],
        mode: if cfg!(target_arch = "x86_64") { Some(AttachMode::Fexit) } else { None },
        optional: false,
    },
    // bpf/probe/exec.c
    Hook {
        program: "program_started",
        place: Place::BtfTracepoint("sched_process_exec"),
        calls: &["execve", "execveat"],
        mode: None,
        optional: false,
    },
    // bpf/probe/ring_operation.c
    Hook {
        program: "ring_operation",
        place: Place::BtfTracepoint("io_uring_submit_req"),
        calls: &["io_uring_setup", "io_uring_enter"],
        mode: None,
        optional: true,
    },
    Hook {
        program: "ring_operation_old",
        place: Place::BtfTracepoint("io_uring_submit_sqe"),
        calls: &["io_uring_setup", "io_uring_enter"],
        mode: None,
        optional: true,
    },
    // bpf/probe/exit.c
    Hook {
        program: "thread_ended",
        place: Place::BtfTracepoint("sched_process_exit"),
        calls: &[],
        mode: None,
        optional: false,
    },
    // bpf/probe/delivery.c
    Hook {
        program: "signal_delivered",
        place: Place::BtfTracepoint("signal_deliver"),
        calls: &["signal_deliver"],
        mode: None,
        optional: true,
    },
    // bpf/probe/switch.c
    Hook {
        program: "thread_switched",
        place: Place::BtfTracepoint("sched_switch"),
        calls: &["sched_switch"],
        mode: None,
        optional: true,
    },
    // bpf/probe/page_fault.c
    Hook {
        program: "page_fault_of_program",
        place: Place::BtfTracepoint("page_fault_user"),
        calls: &["page_fault_user"],
        mode: None,
        optional: true,
    },
    Hook {
        program: "page_fault_of_kernel",
        place: Place::BtfTracepoint("page_fault_kernel"),
        calls: &["page_fault_kernel"],
        mode: None,
        optional: true,
    },
];

/// All other probes.
pub(crate) fn hooks() -> impl Iterator<Item = &'static Hook> {
    HOOKS.iter().chain(enter::enter_hooks())
}

/// Where programs may hang, by the names that the types of a kernel have for it.
pub(crate) fn attach_names() -> BTreeSet<String> {
    let mut names = BTreeSet::from(["btf_trace_sys_exit".to_owned()]);
    names.insert(SOCKETCALL.to_owned());
    for call in CALLS.iter().copied().chain(generic_calls().map(|it| it.call())) {
        names.extend(call.kernel_functions());
        names.extend(call.compat_functions());
        names.extend(call.old_program().into_iter().flat_map(|(_, functions)| functions));
    }
    for hook in hooks() {
        if let Place::BtfTracepoint(name) = hook.place {
            names.insert(format!("btf_trace_{name}"));
        }
    }
    names
}
