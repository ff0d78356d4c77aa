//! Memory that the ring buffers take, and whether they may have it.

use nix::sys::resource::{Resource, getrlimit};

use super::{
    finding::Finding,
    kernel,
    place::{Place, read},
};
use crate::config::{Engine, ProbeSettings};

/// Compares what the configuration asks for with what there is.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let settings = match place.config.as_ref().map(|it| &it.live.engine) {
        Ok(Engine::Probes(settings)) => settings.clone(),
        _ => ProbeSettings::default(),
    };
    let online = read(&place.sys.join("devices/system/cpu/online")).unwrap_or_default();
    let cpus = count(online.trim()).unwrap_or(1);
    let needed = needed(&settings, cpus);
    let mut findings = vec![judge(cpus, needed, available(&place.proc("meminfo")))];
    let version = kernel::version(place.proc("sys/kernel/osrelease").trim());
    if version.is_some_and(|it| it < (5, 11)) {
        // The place has tried to raise it already.
        let limit = getrlimit(Resource::RLIMIT_MEMLOCK).map_or(0, |(soft, _)| soft);
        findings.push(locked(limit, needed));
    }
    findings
}

/// How many CPUs a list such as `0-3,8` names.
fn count(list: &str) -> Option<u64> {
    list.split(',').try_fold(0, |sum: u64, range| {
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        sum.checked_add(to.checked_sub(from)?.checked_add(1)?)
    })
}

/// Bytes of all ring buffers.
fn needed(settings: &ProbeSettings, cpus: u64) -> u64 {
    let rings = match u64::from(settings.cpus_for_each_buffer) {
        0 => 1,
        each => cpus.div_ceil(each).max(1),
    };
    rings.saturating_mul((1 << 20) << settings.buffer_preset.saturating_sub(1).min(20))
}

/// Bytes that can be had without swapping, of `/proc/meminfo`.
fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|it| it.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

fn judge(cpus: u64, needed: u64, available: Option<u64>) -> Finding {
    let mib = |bytes: u64| bytes >> 20;
    let found = format!("{cpus} CPUs, {} MiB for ring buffers", mib(needed));
    match available {
        Some(available) if needed > available / 4 => Finding::limited(
            format!("{found}, and {} MiB are available", mib(available)),
            "others may lack memory, or the probes may not get it",
            "smaller or fewer buffers: engine.modern_ebpf.buf_size_preset, cpus_for_each_buffer",
        ),
        Some(available) => Finding::ok(format!("{found}, {} MiB are available", mib(available))),
        None => Finding::ok(found),
    }
}

/// Before Linux 5.11, maps and programs count as locked memory.
fn locked(limit: u64, needed: u64) -> Finding {
    // Maps other than the ring buffers, and the programs, are below that.
    const OTHERS: u64 = 32 << 20;
    if limit >= needed.saturating_add(OTHERS) {
        return Finding::ok("the limit of locked memory is high enough");
    }
    Finding::missing(
        format!("at most {} KiB of locked memory", limit / 1024),
        "no events: before Linux 5.11 ring buffers and programs count as locked memory",
        "add CAP_SYS_RESOURCE, or raise the limit: LimitMEMLOCK=infinity, ulimit -l unlimited",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_cpus_are_counted() {
        let lists = ["0", "0-3", "0-1,4,6-7", "", "x", "3-1", "0-18446744073709551615"];
        let counts = [Some(1), Some(4), Some(5), None, None, None, None];
        assert_eq!(lists.map(count), counts);
    }

    #[test]
    fn buffers_are_shared_as_configured() {
        let settings = |each, preset| ProbeSettings {
            cpus_for_each_buffer: each,
            buffer_preset: preset,
            ..ProbeSettings::default()
        };
        let mib = [(2, 4, 8), (0, 1, 64), (1, 10, 3)]
            .map(|(each, preset, cpus)| needed(&settings(each, preset), cpus) >> 20);
        assert_eq!(mib, [32, 1, 1536]);
    }

    #[test]
    fn a_quarter_of_the_free_memory_is_much() {
        let words =
            [Some(4 << 30), Some(64 << 20), None].map(|it| judge(2, 32 << 20, it).state.word());
        assert_eq!(words, ["ok", "limited", "ok"]);
        assert_eq!(available("MemTotal: 9 kB\nMemAvailable:     12 kB\n"), Some(12 * 1024));
        assert_eq!(available("MemAvailable: x kB"), None);
        assert_eq!(locked(u64::MAX, 32 << 20).state.word(), "ok");
        assert_eq!(locked(64 << 10, 32 << 20).state.word(), "missing");
    }
}
