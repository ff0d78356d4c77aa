//! The machine: processors, memory, name, when it was started.

use rustix::{
    fd::AsFd,
    system::{sysinfo, uname},
};

use super::{
    cursor::{Cursor, lines},
    reader::read_file,
};

/// What stays the same while we run.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    pub(super) cpus: u32,
    pub(super) memory_bytes: u64,
    pub(super) hostname: Vec<u8>,
    /// To the second; 0 when unknown.
    pub(super) boot_time_ns: u64,
}

impl Machine {
    pub(super) fn read(proc: impl AsFd, hostname: Option<&[u8]>) -> Self {
        /// Longest `/proc/stat`: a few hundred bytes a processor, interrupts.
        const MAX_BYTES: usize = 4 << 20;
        let mut text = Vec::new();
        let (cpus, boot_time_ns) = match read_file(proc, b"stat", &mut text, MAX_BYTES) {
            Ok(()) => parse(&text),
            Err(_) => (0, 0),
        };
        let memory = sysinfo();
        let hostname = match hostname {
            Some(name) => name.to_vec(),
            None => uname().nodename().to_bytes().to_vec(),
        };
        let memory_bytes = memory.totalram.saturating_mul(u64::from(memory.mem_unit));
        Self { cpus, memory_bytes, hostname, boot_time_ns }
    }
}

/// Processors that are online, and when the machine was started, in `/proc/stat`.
pub(super) fn parse(text: &[u8]) -> (u32, u64) {
    let (mut cpus, mut boot_time_ns) = (0, 0);
    for line in lines(text) {
        if let Some(rest) = line.strip_prefix(b"cpu") {
            cpus += u32::from(rest.first().is_some_and(u8::is_ascii_digit));
        } else if let Some(time) = line.strip_prefix(b"btime") {
            let seconds: u64 = Cursor::new(time).decimal().unwrap_or(0);
            boot_time_ns = seconds.saturating_mul(1_000_000_000);
        }
    }
    (cpus, boot_time_ns)
}
