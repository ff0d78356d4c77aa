//! System calls without an event type of their own: `bpf/probe/generic.c`.

use event::EventType;

use crate::{
    probe::{CALLS, Call},
    selection::Selection,
};

/// All system calls that make events of the type `GENERIC`, whether the architecture has them or not.
pub(crate) fn generic_calls() -> impl Iterator<Item = GenericCall> {
    EventType::GenericX.syscalls().iter().filter_map(|code| {
        let name = event::syscall_name(*code)?;
        let has_probe = CALLS.iter().any(|call| call.name == name);
        (!has_probe && !NEVER_RETURN.contains(&name)).then_some(GenericCall { name, code: *code })
    })
}

/// A system call that all that is told of is that it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GenericCall {
    /// Falco's name, which is the kernel's.
    pub(crate) name: &'static str,
    /// Falco's portable code.
    pub(crate) code: u16,
}

impl GenericCall {
    /// Whether `selection` wants it.
    pub(crate) fn is_wanted(&self, selection: &Selection) -> bool {
        selection.contains(self.name)
    }

    /// Where the kernel defines it.
    pub(crate) fn call(&self) -> Call {
        let call = match self.name {
            "uname" => Call::of_function("uname", "newuname"),
            name => Call::new(name),
        };
        match COMPAT_FUNCTIONS.iter().find(|(name, _)| *name == self.name) {
            Some((_, function)) => call.and_compat(function),
            None if SHARED.contains(&self.name) => call.shared(),
            None => call,
        }
    }
}

/// Calls with a function for 32-bit programs that those do not pass by.
const SHARED: [&str; 5] = ["epoll_pwait", "mbind", "migrate_pages", "move_pages", "set_mempolicy"];

/// What never ends makes no event; the kernel does not let programs hang there either.
const NEVER_RETURN: [&str; 2] = ["exit", "exit_group"];

/// Functions of 32-bit calls that have other names: their times have 32 bits, their ids 16, or numbers come in halves.
const COMPAT_FUNCTIONS: [(&str, &str); 31] = [
    ("adjtimex", "adjtimex_time32"),
    ("clock_adjtime", "clock_adjtime32"),
    ("clock_getres", "clock_getres_time32"),
    ("clock_gettime", "clock_gettime32"),
    ("clock_nanosleep", "clock_nanosleep_time32"),
    ("clock_settime", "clock_settime32"),
    ("fadvise64", "ia32_fadvise64"),
    ("fallocate", "ia32_fallocate"),
    ("futimesat", "futimesat_time32"),
    ("getgroups", "getgroups16"),
    ("io_getevents", "io_getevents_time32"),
    ("mq_timedreceive", "mq_timedreceive_time32"),
    ("mq_timedsend", "mq_timedsend_time32"),
    ("readahead", "ia32_readahead"),
    ("rt_sigtimedwait", "rt_sigtimedwait_time32"),
    ("sched_rr_get_interval", "sched_rr_get_interval_time32"),
    ("setfsgid", "setfsgid16"),
    ("setfsuid", "setfsuid16"),
    ("setgroups", "setgroups16"),
    ("stime", "stime32"),
    ("sync_file_range", "ia32_sync_file_range"),
    ("time", "time32"),
    ("timer_gettime", "timer_gettime32"),
    ("timer_settime", "timer_settime32"),
    ("timerfd_gettime", "timerfd_gettime32"),
    ("timerfd_settime", "timerfd_settime32"),
    ("truncate64", "ia32_truncate64"),
    ("ftruncate64", "ia32_ftruncate64"),
    ("utime", "utime32"),
    ("utimensat", "utimensat_time32"),
    ("utimes", "utimes_time32"),
];
