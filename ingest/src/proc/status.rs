//! `/proc/PID/status`: ids, credentials, memory.

use super::cursor::{Cursor, lines};

/// What a thread's status says. Ids with `v` are those of its own, innermost pid namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) pid: i64,
    pub(super) ppid: i64,
    pub(super) vtid: i64,
    pub(super) vpid: i64,
    /// Process group; `None` before kernel 4.1.
    pub(super) pgid: Option<i64>,
    pub(super) vpgid: i64,
    /// How many pid namespaces it is in, its own among them; 1 on the host.
    pub(super) pid_levels: usize,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) cap_inheritable: u64,
    pub(super) cap_permitted: u64,
    pub(super) cap_effective: u64,
    pub(super) vm_size_kb: u32,
    pub(super) vm_rss_kb: u32,
    pub(super) vm_swap_kb: u32,
}

/// The status in `text`; `None` without a thread group id. Unknown lines are skipped.
pub(super) fn parse(text: &[u8]) -> Option<Status> {
    let mut status = Status { uid: u32::MAX, gid: u32::MAX, ..Status::default() };
    let (mut pid, mut tid) = (None, None);
    for line in lines(text) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let (name, value) = line.split_at(colon);
        let mut value = Cursor::new(value.get(1..).unwrap_or_default());
        match name {
            b"Tgid" => pid = value.decimal::<u32>().map(i64::from),
            b"Pid" => tid = value.decimal::<u32>().map(i64::from),
            b"PPid" => status.ppid = value.decimal::<u32>().map_or(0, i64::from),
            b"Uid" => status.uid = second(value).unwrap_or(status.uid),
            b"Gid" => status.gid = second(value).unwrap_or(status.gid),
            b"NSpid" => (status.vtid, _, status.pid_levels) = innermost(value),
            b"NStgid" => status.vpid = innermost(value).0,
            b"NSpgid" => {
                let (last, first, levels) = innermost(value);
                status.vpgid = last;
                status.pgid = (levels > 0).then_some(first);
            }
            b"CapInh" => status.cap_inheritable = value.hex().unwrap_or(0),
            b"CapPrm" => status.cap_permitted = value.hex().unwrap_or(0),
            b"CapEff" => status.cap_effective = value.hex().unwrap_or(0),
            b"VmSize" => status.vm_size_kb = value.decimal().unwrap_or(0),
            b"VmRSS" => status.vm_rss_kb = value.decimal().unwrap_or(0),
            b"VmSwap" => status.vm_swap_kb = value.decimal().unwrap_or(0),
            _ => {}
        }
    }
    status.pid = pid?;
    if status.pid_levels == 0 {
        status.pid_levels = 1;
        status.vtid = tid.unwrap_or(status.pid);
    }
    if status.vpid == 0 {
        status.vpid = status.pid;
    }
    Some(status)
}

/// The effective id: the second of the four.
fn second(mut value: Cursor<'_>) -> Option<u32> {
    value.decimal::<u32>()?;
    value.decimal()
}

/// The last id, the first one, and how many there are.
fn innermost(mut value: Cursor<'_>) -> (i64, i64, usize) {
    let (mut first, mut last, mut count) = (0, 0, 0);
    while let Some(id) = value.decimal::<u32>() {
        last = i64::from(id);
        if count == 0 {
            first = last;
        }
        count += 1;
    }
    (last, first, count)
}
