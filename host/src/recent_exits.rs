//! Threads that have exited lately: a late clone event must not bring them back.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// How many exits are remembered.
const KEPT: usize = 8192;

/// For how long one counts, ns.
const MAX_AGE_NS: u64 = 2_000_000_000;

/// A ring of exits.
#[derive(Debug, Default)]
pub(crate) struct RecentExits {
    ring: Vec<(u64, u64)>,
    next: usize,
    /// How often each key is in the ring: saves the scan of it nearly always.
    counts: HashMap<u64, u32, FxBuildHasher>,
}

impl RecentExits {
    /// Thread `tid` with parent `ptid` is gone as of `time_ns`.
    pub(crate) fn record(&mut self, tid: i64, ptid: i64, time_ns: u64) {
        let key = key(tid, ptid);
        *self.counts.entry(key).or_default() += 1;
        let entry = (key, time_ns);
        if self.ring.len() < KEPT {
            self.ring.push(entry);
        } else if let Some(slot) = self.ring.get_mut(self.next) {
            let (old, _) = std::mem::replace(slot, entry);
            if let Some(count) = self.counts.get_mut(&old) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(&old);
                }
            }
        }
        self.next = (self.next + 1) % KEPT;
    }

    /// Whether it went less than two seconds before `time_ns`.
    pub(crate) fn contains(&self, tid: i64, ptid: i64, time_ns: u64) -> bool {
        let wanted = key(tid, ptid);
        self.counts.contains_key(&wanted)
            && self.ring.iter().any(|&(key, gone_ns)| {
                key == wanted && time_ns >= gone_ns && time_ns - gone_ns < MAX_AGE_NS
            })
    }

    /// The clock that times are of was set by `step_ns`.
    pub(crate) fn shift(&mut self, step_ns: i64) {
        for (_, time_ns) in &mut self.ring {
            *time_ns = time_ns.saturating_add_signed(step_ns);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.ring.clear();
        self.counts.clear();
        self.next = 0;
    }
}

/// Both ids in one number, 32 bits each as libsinsp has it.
fn key(tid: i64, ptid: i64) -> u64 {
    let low = |id: i64| id.cast_unsigned() & 0xFFFF_FFFF;
    (low(ptid) << 32) | low(tid)
}
