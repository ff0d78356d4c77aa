//! Numbers of system calls by name.

use std::str::FromStr;

/// The number on this architecture; `None` if it does not have the call.
pub(super) fn native_number(name: &str) -> Option<u32> {
    #[cfg(target_arch = "x86_64")]
    return syscalls::x86_64::Sysno::from_str(name).ok().map(|it| it as u32);
    #[cfg(target_arch = "aarch64")]
    return syscalls::aarch64::Sysno::from_str(name).ok().map(|it| it as u32);
}

/// The numbers of the 32-bit call: it may have got a successor that takes the same parameters.
pub(super) fn compat_numbers(name: &str) -> impl Iterator<Item = u32> {
    let successors = SUCCESSORS.iter().filter(move |(_, of)| *of == name).map(|(it, _)| *it);
    let names = [name].into_iter().chain(successors);
    names.filter_map(|it| syscalls::x86::Sysno::from_str(it).ok()).map(|it| it as u32)
}

/// Calls of 32-bit programs that are called otherwise in 64-bit ones, mostly since ids got 32 bits.
const SUCCESSORS: [(&str, &str); 13] = [
    ("ugetrlimit", "getrlimit"),
    ("getuid32", "getuid"),
    ("geteuid32", "geteuid"),
    ("getgid32", "getgid"),
    ("getegid32", "getegid"),
    ("getresuid32", "getresuid"),
    ("getresgid32", "getresgid"),
    ("setuid32", "setuid"),
    ("setgid32", "setgid"),
    ("setreuid32", "setreuid"),
    ("setregid32", "setregid"),
    ("setresuid32", "setresuid"),
    ("setresgid32", "setresgid"),
];
