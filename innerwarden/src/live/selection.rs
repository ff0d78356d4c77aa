//! Which system calls live probes have to report for a set of rules: Falco's choice.

use std::collections::BTreeSet;

use ebpf::Selection;
use event::{EventFlags, EventType};
use falco_compat::{condition::event_names, rules::Rule};

use crate::{config::BaseSyscalls, log};

/// System calls without which processes, credentials and directories would not be known (`base_syscalls.repair`).
const REPAIR: [&str; 18] = [
    "capset",
    "chdir",
    "chroot",
    "clone",
    "clone3",
    "execve",
    "execveat",
    "fchdir",
    "fork",
    "prctl",
    "sched_process_exit",
    "setgid",
    "setpgid",
    "setresgid",
    "setresuid",
    "setsid",
    "setuid",
    "vfork",
];

/// What `rules` and the state engine need, as `base` says.
pub(super) fn select(rules: &[Rule], base: &BaseSyscalls) -> Selection {
    let wanted = of_rules(rules);
    let (added, removed) = named(base);
    let mut names = wanted.clone();
    match (added.is_empty(), base.repair) {
        (true, true) => repair(&mut names),
        (true, false) => names.extend(of_state()),
        (false, _) => names.extend(added),
    }
    if !base.all {
        let state = of_state();
        for name in too_many().difference(&state) {
            names.remove(name);
        }
    }
    for name in &removed {
        names.remove(name);
    }
    if base.repair {
        repair(&mut names);
    }
    let missing: Vec<_> = wanted.difference(&names).copied().collect();
    if !missing.is_empty() {
        log::info(format_args!(
            "rules ask for system calls that are not recorded (`base_syscalls`): {}",
            missing.join(", ")
        ));
    }
    let mut selection = Selection::new();
    for name in names {
        selection.add(name);
    }
    selection
}

/// Adds what `names` cannot do without.
fn repair(names: &mut BTreeSet<&'static str>) {
    // Falco's categories: 2 is `EC_FILE`, 3 `EC_NET`, 32 to 34 are reading, writing and other use of fds.
    let has = |categories: &[u32]| {
        let kinds = EventType::all().iter().copied();
        let mut of = kinds.filter(|it| categories.contains(&(it.info().category.0 & 0xff)));
        of.any(|kind| calls(kind).any(|name| names.contains(name)))
    };
    let (files, network) = (has(&[2, 32, 33, 34]), has(&[3]));
    let listens = ["accept", "accept4", "listen"].iter().any(|name| names.contains(name));
    names.extend(REPAIR);
    if network {
        names.extend(["socket", "getsockopt"]);
    }
    if listens {
        names.insert("bind");
    }
    if files || network {
        names.insert("close");
    }
}

/// The system calls that `rules` ask for.
fn of_rules(rules: &[Rule]) -> BTreeSet<&'static str> {
    let is_named = |kind: &EventType| !matches!(kind, EventType::GenericE | EventType::GenericX);
    let mut names = BTreeSet::new();
    for rule in rules {
        names.extend(rule.event_types.iter().filter(is_named).flat_map(calls));
        // System calls without an event of their own are known by their names only.
        let generic: BTreeSet<_> = calls(EventType::GenericX).collect();
        let events = event_names(&rule.tree).unwrap_or_default();
        names.extend(events.into_iter().filter(|it| generic.contains(it)));
    }
    names
}

/// The system calls that change what is known of the host.
fn of_state() -> BTreeSet<&'static str> {
    let kinds = EventType::all().iter().copied();
    let changes = |kind: &EventType| {
        let flags = kind.info().flags;
        flags.intersects(EventFlags::MODIFIES_STATE) && !flags.intersects(EventFlags::UNUSED)
    };
    kinds.filter(changes).flat_map(calls).collect()
}

/// The system calls that read and write: too many to look at unless it is asked for.
fn too_many() -> BTreeSet<&'static str> {
    let kinds = EventType::all().iter().copied();
    // The low byte of a category is Falco's `EC_*`: 32 and 33 are `EC_IO_READ` and `EC_IO_WRITE`.
    let is_io = |kind: &EventType| matches!(kind.info().category.0 & 0xff, 32 | 33);
    kinds.filter(is_io).flat_map(calls).collect()
}

fn calls(kind: EventType) -> impl Iterator<Item = &'static str> {
    kind.syscalls().iter().filter_map(|code| event::syscall_name(*code))
}

/// The names of `custom_set`: those to add and those, with `!` in front, to leave out.
fn named(base: &BaseSyscalls) -> (BTreeSet<&'static str>, BTreeSet<&'static str>) {
    let (mut added, mut removed) = (BTreeSet::new(), BTreeSet::new());
    for name in &base.custom_set {
        let (set, name) = match name.strip_prefix('!') {
            Some(name) => (&mut removed, name),
            None => (&mut added, name.as_str()),
        };
        match event::syscall_names().iter().find(|it| **it == name) {
            Some(known) => drop(set.insert(*known)),
            None => {
                log::warning(format_args!("`base_syscalls.custom_set`: no system call `{name}`"));
            }
        }
    }
    (added, removed)
}

#[cfg(test)]
mod tests;
