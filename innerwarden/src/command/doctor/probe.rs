//! Whether the kernel takes our probes: each way to attach them is tried with a few of them, for a moment.

use ebpf::{AttachChoice, AttachMode, ProbeConfig, Probes, Selection};

use super::{finding::Finding, place::Place};
use crate::{
    config::{Attach, Engine},
    live,
};

/// What is tried: a program, a file and a connection, with whatever belongs to them.
const CALLS: [&str; 3] = ["execve", "openat", "connect"];

/// Bytes of a buffer for the trial, which nobody reads.
const RING_BYTES: u32 = 256 << 10;

/// Loads and attaches.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let wanted = match place.config.as_ref().map(|it| &it.live.engine) {
        Ok(Engine::Probes(settings)) => settings.attach,
        _ => Attach::Auto,
    };
    judge(wanted, trial(AttachMode::Fexit), trial(AttachMode::Dispatcher))
}

/// What the kernel refused of what can be done without; or why nothing works.
type Trial = Result<Vec<String>, String>;

fn trial(mode: AttachMode) -> Trial {
    let mut selection = Selection::new();
    for call in CALLS {
        selection.add(call);
    }
    let config = ProbeConfig {
        attach: AttachChoice::Force(mode),
        ring_bytes: RING_BYTES,
        ..ProbeConfig::default()
    };
    let probes = Probes::load(&config, &selection).map_err(live::reason)?;
    Ok(probes.missing().map(|(name, reason)| format!("{name}: {}", live::brief(reason))).collect())
}

fn judge(wanted: Attach, fexit: Trial, dispatcher: Trial) -> Vec<Finding> {
    let works = match wanted {
        Attach::Auto => fexit.is_ok() || dispatcher.is_ok(),
        Attach::Fexit => fexit.is_ok(),
        Attach::Dispatcher => dispatcher.is_ok(),
    };
    let fexit_cost = if dispatcher.is_ok() {
        "every system call of this machine takes a little longer, not only those that are recorded"
    } else {
        "no events this way"
    };
    let mut findings = vec![
        one("a program on each system call (fexit)", fexit, fexit_cost),
        one("one program on all system calls (dispatcher)", dispatcher, ""),
    ];
    if !works {
        let (found, advice) = match wanted {
            Attach::Auto => {
                ("none works", "see above: kernel, BTF, capabilities, memory, lockdown")
            }
            Attach::Fexit | Attach::Dispatcher => (
                "the configured way does not work",
                "set engine.modern_ebpf.attach to auto, and see above",
            ),
        };
        findings.push(Finding::missing(found, "no events", advice));
    }
    findings
}

fn one(way: &str, trial: Trial, cost: &str) -> Finding {
    match trial {
        Ok(lacking) if lacking.is_empty() => Finding::ok(format!("{way} works")),
        Ok(lacking) => Finding::limited(
            format!("{way} works, but for {}", lacking.join("; ")),
            "what these see is missing; everything else is there",
            "see tracefs",
        ),
        // Not advice for each: what is to be done is said where something is wrong.
        Err(why) => Finding::limited(format!("{way} does not work: {why}"), cost, ""),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn one_way_is_enough_unless_another_is_configured() {
        let no = || Err("not permitted".to_owned());
        let cases = [
            judge(Attach::Auto, Ok(vec![]), Ok(vec!["open_e: no tracefs".to_owned()])),
            judge(Attach::Auto, no(), Ok(vec![])),
            judge(Attach::Fexit, no(), Ok(vec![])),
            judge(Attach::Auto, no(), no()),
        ];
        let found: Vec<_> = cases.iter().map(|it| lines(it)).collect();
        expect![[r"
            ok | a program on each system call (fexit) works
            limited | one program on all system calls (dispatcher) works, but for open_e: no tracefs | what these see is missing; everything else is there | see tracefs

            limited | a program on each system call (fexit) does not work: not permitted | every system call of this machine takes a little longer, not only those that are recorded
            ok | one program on all system calls (dispatcher) works

            limited | a program on each system call (fexit) does not work: not permitted | every system call of this machine takes a little longer, not only those that are recorded
            ok | one program on all system calls (dispatcher) works
            missing | the configured way does not work | no events | set engine.modern_ebpf.attach to auto, and see above

            limited | a program on each system call (fexit) does not work: not permitted | no events this way
            limited | one program on all system calls (dispatcher) does not work: not permitted
            missing | none works | no events | see above: kernel, BTF, capabilities, memory, lockdown"]]
        .assert_eq(&found.join("\n\n"));
    }
}
