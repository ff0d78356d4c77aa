//! System calls with any arguments at all, native and 32-bit: bad pointers, structs of 32-bit programs.
//!
//! Rust offers no safe way to make them, so they are data: an ELF program of a few instructions walks a list of
//! calls. It is linked low, where 32-bit pointers reach.

use std::{
    fs::File,
    io::Write as _,
    os::fd::AsRawFd as _,
    process::{Command, Stdio},
};

use event::EventType;
use nix::sys::memfd::{MFdFlags, memfd_create};

use crate::harness::{Seen, record_all};

/// Where the program begins; the list of calls and the data of the test follow at fixed distances.
const BASE: u64 = 0x1000_0000;
const CALLS: usize = 0x1000;
const DATA: usize = 0x2000;
const HEADERS: usize = 64 + 56;

/// An address that nothing can be read from.
pub(crate) const BAD: u64 = 0x10;

/// Walks entries of eight numbers (kind, number, arguments): 1 is a native call, 2 a 32-bit one, 0 the end.
///
/// ```text
///     mov r12, BASE + CALLS
/// 1:  mov rax, [r12]; test rax, rax; je 9f
///     cmp rax, 2; mov rax, [r12 + 8]; je 2f
///     mov rdi, [r12 + 16]; mov rsi, [r12 + 24]; mov rdx, [r12 + 32]
///     mov r10, [r12 + 40]; mov r8, [r12 + 48]; mov r9, [r12 + 56]; syscall; jmp 3f
/// 2:  mov rbx, [r12 + 16]; mov rcx, [r12 + 24]; mov rdx, [r12 + 32]
///     mov rsi, [r12 + 40]; mov rdi, [r12 + 48]; mov rbp, [r12 + 56]; int 0x80
/// 3:  add r12, 64; jmp 1b
/// 9:  mov eax, 60; xor edi, edi; syscall
/// ```
#[cfg(target_arch = "x86_64")]
const CODE: &[u8] =
    b"\x41\xbc\x00\x10\x00\x10\x49\x8b\x04\x24\x48\x85\xc0\x74\x53\x48\x83\xf8\x02\x49\
    \x8b\x44\x24\x08\x74\x22\x49\x8b\x7c\x24\x10\x49\x8b\x74\x24\x18\x49\x8b\x54\x24\
    \x20\x4d\x8b\x54\x24\x28\x4d\x8b\x44\x24\x30\x4d\x8b\x4c\x24\x38\x0f\x05\xeb\x20\
    \x49\x8b\x5c\x24\x10\x49\x8b\x4c\x24\x18\x49\x8b\x54\x24\x20\x49\x8b\x74\x24\x28\
    \x49\x8b\x7c\x24\x30\x49\x8b\x6c\x24\x38\xcd\x80\x49\x83\xc4\x40\xeb\xa4\xb8\x3c\
    \x00\x00\x00\x31\xff\x0f\x05";

/// ```text
///     mov x20, BASE + CALLS
/// 1:  ldr x9, [x20]; cbz x9, 9f
///     ldp x8, x0, [x20, 8]; ldp x1, x2, [x20, 24]; ldp x3, x4, [x20, 40]; ldr x5, [x20, 56]; svc 0
///     add x20, x20, 64; b 1b
/// 9:  mov x8, 93; mov x0, 0; svc 0
/// ```
#[cfg(target_arch = "aarch64")]
const CODE: &[u8] =
    b"\x14\x00\xa2\xd2\x14\x00\x82\xf2\x89\x02\x40\xf9\x09\x01\x00\xb4\x88\x82\x40\xa9\
    \x81\x8a\x41\xa9\x83\x92\x42\xa9\x85\x1e\x40\xf9\x01\x00\x00\xd4\x94\x02\x01\x91\
    \xf8\xff\xff\x17\xa8\x0b\x80\xd2\x00\x00\x80\xd2\x01\x00\x00\xd4";

/// Calls to make and data that they point to.
#[derive(Debug, Default)]
pub(crate) struct Raw {
    calls: Vec<u8>,
    data: Vec<u8>,
}

impl Raw {
    /// No calls.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Puts data where the calls can read and write it, and returns its address.
    pub(crate) fn place(&mut self, bytes: &[u8]) -> u64 {
        self.data.resize(self.data.len().next_multiple_of(16), 0);
        let address = BASE + (DATA + self.data.len()) as u64;
        self.data.extend(bytes);
        address
    }

    /// Puts numbers of four bytes.
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
    pub(crate) fn call(&mut self, name: &str, args: &[u64]) {
        let number: syscalls::Sysno = name.parse().unwrap();
        self.push(1, number as u64, args);
    }

    /// A call as 32-bit programs make it.
    #[cfg(target_arch = "x86_64")]
    pub(crate) fn compat_call(&mut self, name: &str, args: &[u64]) {
        let number: syscalls::x86::Sysno = name.parse().unwrap();
        self.push(2, number as u64, args);
    }

    fn push(&mut self, kind: u64, number: u64, args: &[u64]) {
        let mut entry = [0; 8];
        entry[0] = kind;
        entry[1] = number;
        entry[2..2 + args.len()].copy_from_slice(args);
        self.calls.extend(entry.iter().flat_map(|it| it.to_le_bytes()));
        assert!(self.calls.len() < DATA - CALLS, "too many calls");
    }

    /// Makes the calls in a process of their own and returns their events, without that of its end; see
    /// [`record_all`].
    ///
    /// That process has the file descriptors of this one that stay open when a program is executed.
    #[track_caller]
    pub(crate) fn record(&self, syscalls: &[&str]) -> Option<Vec<Seen>> {
        let mut file = File::from(memfd_create("raw", MFdFlags::MFD_CLOEXEC).unwrap());
        file.write_all(&self.elf()).unwrap();
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

    /// One segment that can be read, written and executed.
    fn elf(&self) -> Vec<u8> {
        let machine: u16 = if cfg!(target_arch = "x86_64") { 62 } else { 183 };
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0".to_vec();
        file.extend(machine.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
        let entry = BASE + HEADERS as u64;
        file.extend([entry, 64, 0].iter().flat_map(|it: &u64| it.to_le_bytes()));
        file.extend([0, 0, 64, 56, 1, 0, 0, 0].iter().flat_map(|it: &u16| it.to_le_bytes()));
        let bytes = (DATA + self.data.len()) as u64;
        file.extend([1_u32, 7].iter().flat_map(|it| it.to_le_bytes()));
        let segment = [0, BASE, BASE, bytes, bytes, 0x1_0000];
        file.extend(segment.iter().flat_map(|it: &u64| it.to_le_bytes()));
        assert_eq!(file.len(), HEADERS);
        file.extend(CODE);
        file.resize(CALLS, 0);
        file.extend(&self.calls);
        file.resize(DATA, 0);
        file.extend(&self.data);
        file
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
