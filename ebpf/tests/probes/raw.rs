//! System calls with any arguments at all, native and 32-bit: bad pointers, structs of 32-bit programs.

use std::{
    os::fd::AsRawFd as _,
    process::{Command, Stdio},
};

use event::EventType;

use crate::{
    harness::{Seen, record_all},
    program::{Arg, Interface, Invocation, Program},
};

/// An address that nothing can be read from.
pub(crate) const BAD: u64 = 0x10;

/// Calls to make and data that they point to.
#[derive(Debug, Default)]
pub(crate) struct Raw(Program);

impl Raw {
    /// No calls.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Puts data where the calls can read and write it, and returns its address.
    pub(crate) fn place(&mut self, bytes: &[u8]) -> u64 {
        self.0.keep(bytes)
    }

    /// Puts numbers of four bytes.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn place_u32(&mut self, numbers: &[u64]) -> u64 {
        let bytes: Vec<u8> =
            numbers.iter().flat_map(|it| u32::try_from(*it).unwrap().to_le_bytes()).collect();
        self.place(&bytes)
    }

    /// Puts numbers of eight bytes.
    pub(crate) fn place_u64(&mut self, numbers: &[u64]) -> u64 {
        self.place(&numbers.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>())
    }

    /// A call as this machine makes it.
    pub(crate) fn call(&mut self, name: &'static str, args: &[u64]) {
        self.push(Interface::Native, name, args);
    }

    /// A call as 32-bit programs make it.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn compat_call(&mut self, name: &'static str, args: &[u64]) {
        self.push(Interface::Compat, name, args);
    }

    fn push(&mut self, interface: Interface, name: &'static str, args: &[u64]) {
        let args = args.iter().map(|it| Arg::Number(it.cast_signed())).collect();
        self.0.call(interface, &Invocation { name, args }, None);
    }

    /// Makes the calls in a process of their own and returns their events, without that of its end; see
    /// [`record_all`].
    ///
    /// That process has the file descriptors of this one that stay open when a program is executed.
    #[track_caller]
    pub(crate) fn record(self, syscalls: &[&str]) -> Option<Vec<Seen>> {
        let file = self.0.into_file();
        let mut tid = 0;
        let run = || {
            let path = format!("/proc/self/fd/{}", file.as_raw_fd());
            let mut child = Command::new(path).stdin(Stdio::null()).spawn().unwrap();
            tid = i64::from(child.id());
            assert!(child.wait().unwrap().success(), "a call ended the process");
        };
        let seen = record_all(syscalls, run)?;
        let ours = |it: &Seen| it.tid == tid && it.kind != EventType::ProcexitV1E;
        Some(seen.into_iter().filter(ours).collect())
    }
}

/// Whether this kernel knows 32-bit calls; says so if not.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_compat_calls() -> bool {
    let known = std::path::Path::new("/proc/sys/abi/vsyscall32").exists();
    if !known {
        println!("skipped: this kernel has no 32-bit calls");
    }
    known
}
