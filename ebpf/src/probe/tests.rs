//! `docs/events.md` is what the tables of probes say, and has every event that a probe begins.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
};

use event::{EventFlags, EventType};
use expect_test::expect_file;

use super::*;

/// What the probes of [`hooks`] make; those of 32-bit programs make the same.
const OF_HOOKS: &[(&str, &[EventType])] = &[
    (
        "process_forked",
        &[EventType::CloneV20X, EventType::Clone3X, EventType::ForkV20X, EventType::VforkV20X],
    ),
    ("program_started", &[EventType::ExecveV19X]),
    ("thread_ended", &[EventType::ProcexitV1E]),
    ("signal_delivered", &[EventType::SignaldeliverE]),
    ("thread_switched", &[EventType::SchedswitchV6E]),
    ("page_fault_of_program", &[EventType::PageFaultE]),
    ("page_fault_of_kernel", &[EventType::PageFaultE]),
    ("ring_operation", &[EventType::AsynceventE]),
    ("ring_operation_old", &[EventType::AsynceventE]),
    ("enter_open", &[EventType::OpenE]),
    ("enter_openat", &[EventType::OpenatV2E]),
    ("enter_openat2", &[EventType::Openat2E]),
    ("enter_creat", &[EventType::CreatE]),
    ("enter_connect", &[EventType::ConnectE]),
];

/// Calls of 32-bit programs that have an event type, and make that of the native call all the same, as in Falco.
const LIKE_NATIVE: &[&str] = &["stat64", "lstat64", "fstat64", "fstatat64"];

/// Parameters that are always empty, by name: Falco's probe leaves them out as well.
const ALWAYS_EMPTY: &[&str] = &["cwd"];

const HEAD: &str = "\
# Events

Which event types of the scap schema our own probes make on a running host. A test writes this page from the tables of
probes in `ebpf/src/probe.rs` and sees to it that the C sources begin exactly these events:
`UPDATE_EXPECT=1 cargo test -p ebpf --lib`.

Parameters, their order, limits and truncation are those of Falco's modern probe (libs 0.25.4); what differs is in
[falco-differences.md](falco-differences.md). Data is cut at snaplen, 80 bytes by default. That Falco's libraries can
take more of it by port and by content is off in Falco, and is not there.

The exit of a call is the end of the kernel's function for it where programs may hang on functions, else one dispatcher
on the tracepoint `sys_exit`. The entry of a call is told as well where another thread could change what it points to.
Calls of 32-bit programs make the same events.
";

/// Where the probes see this type; empty if they do not.
fn places(kind: EventType) -> Vec<String> {
    let mut places = Vec::new();
    for hook in hooks() {
        let makes = OF_HOOKS.iter().find(|(program, _)| *program == hook.program);
        if makes.is_some_and(|(_, kinds)| kinds.contains(&kind)) {
            places.push(match hook.place {
                Place::BtfTracepoint(name) => format!("tracepoint `{name}`"),
                Place::EnterTracepoint(name) => format!("else tracepoint `{name}`"),
                Place::Entry(name) | Place::CompatEntry(name) | Place::CompatKprobe(name) => {
                    format!("entry of `{name}`")
                }
            });
        }
    }
    if kind == EventType::GenericX {
        return vec!["exit of calls without an event type of their own".to_owned()];
    }
    if !kind.is_enter() && !is_history(kind) {
        let calls: BTreeSet<_> =
            CALLS.iter().filter(|it| makes(it, kind)).map(|it| format!("`{}`", it.name)).collect();
        if !calls.is_empty() {
            places.push(format!("exit of {}", Vec::from_iter(calls).join(", ")));
        }
    }
    places
}

fn makes(call: &Call, kind: EventType) -> bool {
    let is_of = |name, kind: EventType| {
        let mut names = kind.syscalls().iter().filter_map(|code| event::syscall_name(*code));
        names.any(|it| it == name)
    };
    let is_current = |it: &EventType| !it.is_enter() && !is_history(*it);
    let mut current = EventType::all().iter().copied().filter(is_current);
    let has_own = !LIKE_NATIVE.contains(&call.name) && current.any(|it| is_of(call.name, it));
    is_of(call.native.filter(|_| !has_own).unwrap_or(call.name), kind)
}

fn is_history(kind: EventType) -> bool {
    kind.info().flags.intersects(EventFlags::OLD_VERSION.union(EventFlags::UNUSED))
}

fn why_not(kind: EventType) -> &'static str {
    let flags = kind.info().flags;
    if flags.intersects(EventFlags::OLD_VERSION) {
        "only in older captures"
    } else if flags.intersects(EventFlags::UNUSED) {
        "not used"
    } else if kind.syscalls().is_empty() {
        "not about system calls"
    } else {
        "no probe"
    }
}

fn title(kind: EventType) -> String {
    let direction = if kind.is_enter() { " enter" } else { "" };
    format!("{} | `{}`{direction}", kind.code(), kind.info().name)
}

fn document() -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n## Made\n\n| code | event | made at | always empty |\n|---|---|---|---|\n");
    let mut others: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for kind in EventType::all().iter().copied() {
        let places = places(kind);
        if places.is_empty() {
            others.entry(why_not(kind)).or_default().push(kind);
            continue;
        }
        let params = kind.info().params.iter().map(|it| it.name);
        let empty: Vec<_> = params.filter(|name| ALWAYS_EMPTY.contains(name)).collect();
        let empty = empty.join(", ");
        writeln!(text, "| {} | {} | {empty} |", title(kind), places.join("; ")).unwrap();
    }
    for (why, kinds) in others {
        write!(text, "\n## Not made: {why}\n\n| code | event |\n|---|---|\n").unwrap();
        for kind in kinds {
            writeln!(text, "| {} |", title(kind)).unwrap();
        }
    }
    text
}

/// `ExecveV19X` as `EXECVE_V19_X`, which the C sources call it.
fn in_c(kind: EventType) -> String {
    let mut name = String::new();
    for letter in format!("{kind:?}").chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

/// All names in `bpf/probe/*.c`.
fn names_in_sources() -> BTreeSet<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/bpf/probe");
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let words = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        names.extend(words.map(|it| it.trim_start_matches("EVENT_").to_owned()));
    }
    names
}

#[test]
fn document_has_what_the_tables_say() {
    expect_file!["../../../docs/events.md"].assert_eq(&document());
}

#[test]
fn probes_begin_what_the_document_has() {
    let names = names_in_sources();
    let all = || EventType::all().iter().copied();
    let begun: BTreeSet<_> = all().map(in_c).filter(|it| names.contains(it)).collect();
    let documented: BTreeSet<_> = all().filter(|it| !places(*it).is_empty()).map(in_c).collect();
    let difference: Vec<_> = begun.symmetric_difference(&documented).collect();
    assert!(difference.is_empty(), "not in both the C sources and the document: {difference:?}");
}

#[test]
fn hooks_are_documented() {
    for hook in hooks() {
        let program = hook.program.replace("_compat", "");
        assert!(OF_HOOKS.iter().any(|(it, _)| *it == program), "{hook:?}");
    }
}
