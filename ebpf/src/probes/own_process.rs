//! This process as the kernel knows it: its own events are not reported.

use std::{fs, os::unix::fs::MetadataExt as _, process};

use nix::sys::stat::{major, minor};

/// The initial pid namespace, `PROC_PID_INIT_INO` of `include/linux/proc_ns.h`.
const INITIAL: u64 = 0xefff_fffc;

/// Values of the variables of these names in bpf/include/maps.h.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct OwnProcess {
    /// As its pid namespace numbers it; 0: none.
    pub(super) tgid: u32,
    /// Device and inode of its pid namespace; 0 for the initial one.
    pub(super) namespace_device: u64,
    pub(super) namespace_inode: u64,
}

impl OwnProcess {
    /// This process. Without `/proc` its number is taken for the host's.
    pub(super) fn new() -> Self {
        let plain = Self { tgid: process::id(), ..Self::default() };
        match fs::metadata("/proc/self/ns/pid") {
            Ok(namespace) if namespace.ino() != INITIAL => Self {
                namespace_device: kernel_device(namespace.dev()),
                namespace_inode: namespace.ino(),
                ..plain
            },
            _ => plain,
        }
    }
}

/// `dev_t` as the kernel has it inside: 20 bits of minor number below the major one.
fn kernel_device(device: u64) -> u64 {
    major(device) << 20 | minor(device)
}
