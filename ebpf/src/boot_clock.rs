//! When the machine was started, as the wall clock sees it now.

use nix::time::{ClockId, clock_gettime};

/// Nanoseconds since the epoch at which `CLOCK_BOOTTIME` was 0. Changes when the wall clock is set.
pub(crate) fn boot_time_ns() -> nix::Result<u64> {
    let boot = nanoseconds(ClockId::CLOCK_BOOTTIME)?;
    let wall = nanoseconds(ClockId::CLOCK_REALTIME)?;
    Ok(wall.saturating_sub(boot))
}

fn nanoseconds(clock: ClockId) -> nix::Result<u64> {
    let time = clock_gettime(clock)?;
    let seconds = u64::try_from(time.tv_sec()).unwrap_or(0);
    let rest = u64::try_from(time.tv_nsec()).unwrap_or(0);
    Ok(seconds.saturating_mul(1_000_000_000).saturating_add(rest))
}
