//! Which capabilities this process has, and what is lost with each that it has not.

use super::{
    finding::{Finding, State},
    kernel,
    place::Place,
};

struct Capability {
    name: &'static str,
    bit: u32,
    state_without: State,
    cost: &'static str,
    advice: &'static str,
}

const SYS_ADMIN: u32 = 21;
const DAC_OVERRIDE: u32 = 1;

const CAPABILITIES: [Capability; 6] = [
    Capability {
        name: "CAP_BPF",
        bit: 39,
        state_without: State::Missing,
        cost: "no events: probes cannot be loaded",
        advice: "run as root or with CAP_BPF",
    },
    Capability {
        name: "CAP_PERFMON",
        bit: 38,
        state_without: State::Missing,
        cost: "no events: probes may not read memory of the kernel",
        advice: "run as root or with CAP_PERFMON",
    },
    Capability {
        name: "CAP_SYS_PTRACE",
        bit: 19,
        state_without: State::Limited,
        cost: "executables, environments and open files of other users' processes that run already are not known",
        advice: "add CAP_SYS_PTRACE",
    },
    Capability {
        name: "CAP_DAC_READ_SEARCH",
        bit: 2,
        state_without: State::Limited,
        cost: "users and groups of containers, and files of the host that are not for everyone, cannot be read",
        advice: "add CAP_DAC_READ_SEARCH",
    },
    Capability {
        name: "CAP_SYS_RESOURCE",
        bit: 24,
        state_without: State::Limited,
        cost: "the limit of locked memory cannot be raised, and before Linux 5.11 buffers count for it",
        advice: "add CAP_SYS_RESOURCE, or raise the limit: LimitMEMLOCK=infinity, ulimit -l unlimited",
    },
    Capability {
        name: "CAP_SYS_ADMIN",
        bit: SYS_ADMIN,
        state_without: State::Ok,
        cost: "",
        advice: "",
    },
];

/// Looks at the effective set of this process, and at the user namespace in which it counts.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let Some(effective) = effective(&place.proc("self/status")) else {
        return vec![Finding::limited("/proc/self/status tells none", "", "mount /proc")];
    };
    let locked_counts =
        kernel::version(place.proc("sys/kernel/osrelease").trim()).is_none_or(|it| it < (5, 11));
    let mut findings = judge(effective, locked_counts);
    if !is_initial(&place.proc("self/uid_map")) {
        findings.push(Finding::missing(
            "in a user namespace",
            "no events: capabilities count in the initial user namespace only",
            "run outside of it: as root of the host, in a container without user namespace (`--userns=host`)",
        ));
    }
    findings
}

/// A line for each right that this process has not and that costs something.
pub(crate) fn lacking() -> Vec<String> {
    let findings = look(&Place::bare());
    let lacking = findings.iter().filter(|it| it.state != State::Ok);
    lacking.map(|it| format!("{}: {}", it.found, it.cost)).collect()
}

fn effective(status: &str) -> Option<u64> {
    let text = status.lines().find_map(|it| it.strip_prefix("CapEff:"))?;
    u64::from_str_radix(text.trim(), 16).ok()
}

fn judge(effective: u64, locked_memory_counts: bool) -> Vec<Finding> {
    let has = |bit: u32| effective & 1 << bit != 0;
    let one = |it: &Capability| {
        let name = it.name;
        if has(it.bit) {
            return Finding::ok(name);
        }
        // Since 5.8 the older right stands for both of the new ones.
        if matches!(it.bit, 38 | 39) && has(SYS_ADMIN) {
            return Finding::ok(format!("no {name}, but CAP_SYS_ADMIN, which includes it"));
        }
        if it.bit == 2 && has(DAC_OVERRIDE) {
            return Finding::ok(format!("no {name}, but CAP_DAC_OVERRIDE, which includes it"));
        }
        let needless = it.bit == 24 && !locked_memory_counts;
        match it.state_without {
            State::Ok => Finding::ok(format!("no {name}, and nothing needs it")),
            _ if needless => Finding::ok(format!("no {name}, and this kernel does not ask for it")),
            State::Limited => Finding::limited(format!("no {name}"), it.cost, it.advice),
            State::Missing => Finding::missing(format!("no {name}"), it.cost, it.advice),
        }
    };
    CAPABILITIES.iter().map(one).collect()
}

/// Whether `uid_map` is that of the initial user namespace: all users, as they are.
fn is_initial(uid_map: &str) -> bool {
    let fields: Vec<_> = uid_map.split_whitespace().collect();
    fields.is_empty() || fields == ["0", "0", "4294967295"]
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::command::doctor::finding::lines;

    #[track_caller]
    fn check(effective: u64, locked_memory_counts: bool, expected: &Expect) {
        let findings = judge(effective, locked_memory_counts);
        let short: Vec<_> = findings.iter().map(|it| (it.state.word(), &*it.found)).collect();
        expected.assert_eq(&format!("{short:?}"));
    }

    #[test]
    fn each_capability_has_a_finding() {
        check(
            0x1ff_ffff_ffff,
            true,
            &expect![[
                r#"[("ok", "CAP_BPF"), ("ok", "CAP_PERFMON"), ("ok", "CAP_SYS_PTRACE"), ("ok", "CAP_DAC_READ_SEARCH"), ("ok", "CAP_SYS_RESOURCE"), ("ok", "CAP_SYS_ADMIN")]"#
            ]],
        );
        check(
            0,
            true,
            &expect![[
                r#"[("missing", "no CAP_BPF"), ("missing", "no CAP_PERFMON"), ("limited", "no CAP_SYS_PTRACE"), ("limited", "no CAP_DAC_READ_SEARCH"), ("limited", "no CAP_SYS_RESOURCE"), ("ok", "no CAP_SYS_ADMIN, and nothing needs it")]"#
            ]],
        );
    }

    #[test]
    fn sys_admin_stands_for_bpf_and_perfmon() {
        let findings = judge(1 << SYS_ADMIN, false);
        expect![[r"
            ok | no CAP_BPF, but CAP_SYS_ADMIN, which includes it
            ok | no CAP_PERFMON, but CAP_SYS_ADMIN, which includes it"]]
        .assert_eq(&lines(&findings[..2]));
        assert_eq!(
            findings[4].line(),
            "ok | no CAP_SYS_RESOURCE, and this kernel does not ask for it"
        );
    }

    #[test]
    fn anything_may_be_in_the_files() {
        assert_eq!(effective("Name:\tx\nCapEff:\t000001ffffffffff\n"), Some(0x1ff_ffff_ffff));
        for text in ["", "CapEff:", "CapEff:\tzz", "CapEff:\t11111111111111111"] {
            assert_eq!(effective(text), None, "{text}");
        }
        assert!(is_initial("         0          0 4294967295\n"));
        assert!(!is_initial("         0     100000      65536\n"));
    }
}
