//! The table of probes: which program serves which system call, and where it hangs.
//!
//! A system call that Falco knows under a name of its own is one row of [`CALLS`]; what is no system call
//! is one row of [`HOOKS`].

use std::collections::BTreeSet;

use crate::attach::AttachMode;

/// The probe of one system call; its program is `call_<name>`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    /// Falco's name, which is the kernel's but for a few.
    pub(crate) name: &'static str,
    /// The kernel's function without its prefix, where it differs from the name.
    function: Option<&'static str>,
}

impl Call {
    const fn new(name: &'static str) -> Self {
        Self { name, function: None }
    }

    /// A call that the kernel defines under another name, `SYSCALL_DEFINE(function, …)`.
    #[expect(dead_code, reason = "the first such call comes with its family")]
    const fn of_function(name: &'static str, function: &'static str) -> Self {
        Self { name, function: Some(function) }
    }

    /// Name of the program.
    pub(crate) fn program(&self) -> String {
        format!("call_{}", self.name)
    }

    /// Name of the program for 32-bit calls, in the fexit object.
    pub(crate) fn compat_program(&self) -> String {
        format!("compat_{}", self.name)
    }

    /// The kernel's function.
    pub(crate) fn kernel_function(&self) -> String {
        let prefix = if cfg!(target_arch = "aarch64") { "__arm64_sys_" } else { "__x64_sys_" };
        format!("{prefix}{}", self.function.unwrap_or(self.name))
    }

    /// The kernel's functions for 32-bit calls; the first that exists is the one.
    pub(crate) fn compat_functions(&self) -> [String; 2] {
        let function = self.function.unwrap_or(self.name);
        [format!("__ia32_compat_sys_{function}"), format!("__ia32_sys_{function}")]
    }
}

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
#[expect(dead_code, reason = "the first enter probe comes with its family")]
pub(crate) enum Place {
    /// A tracepoint with typed arguments.
    BtfTracepoint(&'static str),
    /// `syscalls:sys_enter_*`; needs tracefs.
    EnterTracepoint(&'static str),
}

/// All system calls that have a probe of their own, by families.
pub(crate) const CALLS: &[Call] = &[
    // bpf/probe/close.c
    Call::new("close"),
    // bpf/probe/directory.c
    Call::new("chdir"),
    // bpf/probe/open.c
    Call::new("open"),
    Call::new("openat"),
    Call::new("openat2"),
    Call::new("creat"),
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
    Call::new("clone"),
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
    Call::new("recvmmsg"),
    // bpf/probe/sockopt.c
    Call::new("setsockopt"),
    Call::new("getsockopt"),
    // bpf/probe/poll.c
    Call::new("poll"),
    Call::new("ppoll"),
    Call::new("select"),
    Call::new("epoll_wait"),
    // bpf/probe/identity.c
    Call::new("setuid"),
    Call::new("setgid"),
    Call::new("setreuid"),
    Call::new("setregid"),
    Call::new("setresuid"),
    Call::new("setresgid"),
    Call::new("setsid"),
    Call::new("setpgid"),
    Call::new("capset"),
    // bpf/probe/asking_ids.c
    Call::new("getuid"),
    Call::new("geteuid"),
    Call::new("getgid"),
    Call::new("getegid"),
    Call::new("getresuid"),
    Call::new("getresgid"),
    // bpf/probe/namespace.c
    Call::new("unshare"),
    Call::new("setns"),
    // bpf/probe/prctl.c
    Call::new("prctl"),
    // bpf/probe/limit.c
    Call::new("setrlimit"),
    Call::new("getrlimit"),
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
    Call::new("nanosleep"),
    Call::new("futex"),
];

/// All other probes.
pub(crate) const HOOKS: &[Hook] = &[
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
    // bpf/probe/exit.c
    Hook {
        program: "thread_ended",
        place: Place::BtfTracepoint("sched_process_exit"),
        calls: &[],
        mode: None,
        optional: false,
    },
];

/// Where programs may hang, by the names that the types of a kernel have for it.
pub(crate) fn attach_names() -> BTreeSet<String> {
    let mut names = BTreeSet::from(["btf_trace_sys_exit".to_owned()]);
    for call in CALLS {
        names.insert(call.kernel_function());
        names.extend(call.compat_functions());
    }
    for hook in HOOKS {
        if let Place::BtfTracepoint(name) = hook.place {
            names.insert(format!("btf_trace_{name}"));
        }
    }
    names
}
