//! What each program costs the verifier, held against the figures that `ebpf/tests/budget/` has of the same kernel.
//!
//! A program that the verifier gives up on (a million instructions) is lost on that kernel, and what it walks through
//! can multiply with one more branch. `scripts/test-kernels.sh` names the kernel in `INNERWARDEN_BUDGET`; elsewhere
//! only the limit counts, since figures differ between kernels and compilers.

use std::{collections::BTreeMap, env};

use ebpf::{AttachMode, Probes, Selection};

use crate::harness::load;

/// Half of what the verifier allows: the other half is for kernels that we have not seen.
const LIMIT: u32 = 500_000;

/// What a program may grow by, in any case and in percent.
const SLACK: u32 = 100;
const PERCENT: u32 = 10;

/// By kernel and way to attach: lines of `program instructions`.
const FIGURES: [(&str, &str); 8] = [
    ("6.1-fexit", include_str!("../budget/6.1-fexit.txt")),
    ("6.1-dispatcher", include_str!("../budget/6.1-dispatcher.txt")),
    ("6.12-fexit", include_str!("../budget/6.12-fexit.txt")),
    ("6.12-dispatcher", include_str!("../budget/6.12-dispatcher.txt")),
    ("7-fexit", include_str!("../budget/7-fexit.txt")),
    ("7-dispatcher", include_str!("../budget/7-dispatcher.txt")),
    ("arm64-6.12-fexit", include_str!("../budget/arm64-6.12-fexit.txt")),
    ("arm64-6.12-dispatcher", include_str!("../budget/arm64-6.12-dispatcher.txt")),
];

#[test]
fn no_program_outgrows_what_the_verifier_allows() {
    let Some(probes) = load(&Selection::all()) else { return };
    let counts: BTreeMap<_, _> = probes.programs().collect();
    assert!(!counts.is_empty(), "no program is loaded");
    let name = figures_name(&probes);
    let figures = name.as_deref().and_then(figures);
    let mut complaints = Vec::new();
    for (program, count) in counts {
        let Some(count) = count else {
            println!("skipped: this kernel does not tell what the verifier did");
            return;
        };
        // What the script that updates the figures reads.
        println!("budget {} {program} {count}", name.as_deref().unwrap_or("here"));
        complaints.extend(complaint(program, count, figures.as_ref()));
    }
    if env::var_os("INNERWARDEN_UPDATE_BUDGET").is_none() {
        assert!(
            complaints.is_empty(),
            "{}\nIf this is as it should be: UPDATE_BUDGET=1 scripts/test-kernels.sh",
            complaints.join("\n")
        );
    }
}

/// Instructions by program.
type Figures = BTreeMap<&'static str, u32>;

/// `figures`: `None` where there are none of this kernel.
fn complaint(program: &str, count: u32, figures: Option<&Figures>) -> Option<String> {
    if count > LIMIT {
        return Some(format!("{program}: {count} instructions, more than {LIMIT}"));
    }
    let Some(before) = figures?.get(program) else {
        return Some(format!("{program}: {count} instructions, and no figure to compare it with"));
    };
    let allowed = before + (before / 100 * PERCENT).max(SLACK);
    (count > allowed).then(|| format!("{program}: {count} instructions, it had {before}"))
}

fn figures_name(probes: &Probes) -> Option<String> {
    let kernel = env::var("INNERWARDEN_BUDGET").ok()?;
    let mode = match probes.attach_mode() {
        AttachMode::Fexit => "fexit",
        AttachMode::Dispatcher => "dispatcher",
    };
    Some(format!("{kernel}-{mode}"))
}

fn figures(name: &str) -> Option<Figures> {
    let (_, text) = FIGURES.iter().find(|(it, _)| *it == name)?;
    let lines = text.lines().map(|line| line.split_once(' ').unwrap());
    Some(lines.map(|(program, count)| (program, count.parse().unwrap())).collect())
}

#[test]
fn growth_within_a_tenth_is_allowed() {
    check("big", 10_010, None);
    check("big", 10_011, Some("big: 10011 instructions, it had 9100"));
}

#[test]
fn small_programs_may_grow_by_more() {
    check("small", 150, None);
    check("small", 151, Some("small: 151 instructions, it had 50"));
}

#[test]
fn a_program_without_figure_is_noticed() {
    check("new", 50, Some("new: 50 instructions, and no figure to compare it with"));
}

#[test]
fn the_limit_counts_on_every_kernel() {
    assert_eq!(complaint("any", LIMIT, None), None);
    check("huge", 500_001, Some("huge: 500001 instructions, more than 500000"));
}

#[track_caller]
fn check(program: &str, count: u32, expected: Option<&str>) {
    let figures = Figures::from([("small", 50), ("big", 9_100), ("huge", 600_000)]);
    assert_eq!(complaint(program, count, Some(&figures)).as_deref(), expected);
}
