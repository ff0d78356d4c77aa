//! The machine that a capture was recorded on.

use super::{
    cursor::{Cursor, until_nul},
    error::CaptureErrorKind,
};

/// The machine that a capture was recorded on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineInfo<'a> {
    /// Processors.
    pub cpus: u32,
    /// Physical memory.
    pub memory_bytes: u64,
    /// Largest pid.
    pub max_pid: u64,
    /// Name of the host; at most 127 bytes.
    pub hostname: &'a [u8],
    /// When it booted, nanoseconds since the Unix epoch; 0 in captures from before 2022.
    pub boot_time_ns: u64,
    /// Flags of the recorder.
    pub flags: u64,
}

impl<'a> MachineInfo<'a> {
    /// Bytes of the block's body.
    pub(super) const BYTES: usize = 180;
    const HOSTNAME_BYTES: usize = 128;

    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, CaptureErrorKind> {
        let mut cursor = Cursor::new("machine", bytes);
        let (cpus, memory_bytes, max_pid) = (cursor.u32()?, cursor.u64()?, cursor.u64()?);
        let hostname = until_nul(cursor.take(Self::HOSTNAME_BYTES - 1)?);
        // The last byte is there for a NUL.
        cursor.take(1)?;
        let (boot_time_ns, flags) = (cursor.u64()?, cursor.u64()?);
        Ok(Self { cpus, memory_bytes, max_pid, hostname, boot_time_ns, flags })
    }
}

impl MachineInfo<'_> {
    /// Appends the body of its block.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&self.cpus.to_le_bytes());
        out.extend_from_slice(&self.memory_bytes.to_le_bytes());
        out.extend_from_slice(&self.max_pid.to_le_bytes());
        let hostname_end = out.len() + Self::HOSTNAME_BYTES;
        let hostname = self.hostname.get(..Self::HOSTNAME_BYTES - 1).unwrap_or(self.hostname);
        out.extend_from_slice(hostname);
        out.resize(hostname_end, 0);
        out.extend_from_slice(&self.boot_time_ns.to_le_bytes());
        out.extend_from_slice(&self.flags.to_le_bytes());
        // Two reserved fields.
        out.resize(start + Self::BYTES, 0);
    }
}
