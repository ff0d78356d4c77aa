//! Mirrors `bpf/include/abi.h`.

/// Types of events that the maps have room for: `MAX_EVENT_TYPES`.
pub(crate) const MAX_EVENT_TYPES: u32 = 512;

/// Scratch buffers of one CPU: `SCRATCHES` of `maps.h`.
pub(crate) const SCRATCHES: u32 = 3;

/// `struct settings`: boot time in ns since the epoch, snaplen in bytes, 1 if failures are not wanted.
pub(crate) type RawSettings = [u64; 3];
const _: () = assert!(size_of::<RawSettings>() == 24, "mirror the change in abi.h");

/// `struct counters`: sent, ring full, too long, no scratch, needless.
pub(crate) type RawCounters = [u64; 5];
const _: () = assert!(size_of::<RawCounters>() == 40, "mirror the change in abi.h");

/// `struct filter`: of failed calls, by number.
pub(crate) type RawFilter = [u64; 2];
const _: () = assert!(size_of::<RawFilter>() == 16, "mirror the change in abi.h");
