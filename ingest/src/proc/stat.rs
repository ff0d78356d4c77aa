//! `/proc/PID/stat`: name, session, terminal, page faults, start.

use super::cursor::Cursor;

/// What a thread's stat says, its name left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stat {
    /// `R`, `S`, …; `Z` and `X` for threads that are gone.
    pub(super) state: u8,
    pub(super) pgid: i64,
    pub(super) sid: i64,
    pub(super) tty: u32,
    /// `PF_*`.
    pub(super) flags: u64,
    pub(super) pf_minor: u64,
    pub(super) pf_major: u64,
    /// Clock ticks since the machine was started.
    pub(super) start_ticks: u64,
}

impl Stat {
    /// Whether it is a thread of the kernel, which has no executable.
    pub(super) const fn is_kernel_thread(&self) -> bool {
        const PF_KTHREAD: u64 = 0x0020_0000;
        self.flags & PF_KTHREAD != 0
    }

    /// Whether it has exited and waits for its parent.
    pub(super) const fn is_zombie(&self) -> bool {
        matches!(self.state, b'Z' | b'X' | b'x')
    }
}

/// The name, which may have any bytes, and the rest of the stat in `text`; `None` if fields are missing.
pub(super) fn parse(text: &[u8]) -> Option<(&[u8], Stat)> {
    // What follows the name has no parenthesis, the name may have any.
    let open = text.iter().position(|&byte| byte == b'(')?;
    let close = text.iter().rposition(|&byte| byte == b')')?;
    let comm = text.get(open + 1..close)?;
    let mut rest = Cursor::new(text.get(close + 1..)?.trim_ascii_end());
    let state = *rest.field().first()?;
    rest.integer()?; // parent
    let pgid = rest.integer()?;
    let sid = rest.integer()?;
    let tty = u32::try_from(rest.integer()? & 0xffff_ffff).ok()?;
    rest.integer()?; // foreground process group
    let flags = rest.decimal()?;
    let pf_minor = rest.decimal()?;
    rest.skip_fields(1).then_some(())?;
    let pf_major = rest.decimal()?;
    // Page faults of children, times, priority, nice, threads, interval timer.
    rest.skip_fields(9).then_some(())?;
    let start_ticks = rest.decimal()?;
    Some((comm, Stat { state, pgid, sid, tty, flags, pf_minor, pf_major, start_ticks }))
}
