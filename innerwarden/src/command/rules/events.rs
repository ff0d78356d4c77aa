//! `innerwarden rules events`: event types and their parameters, as `falco --list-events` groups them.

use std::fmt::Write as _;

use clap::Args;
use event::{Category, EventFlags, EventType, ParamInfo, ParamType};
use serde_json::{Value, json};

use super::listing::{Format, pretty};
use crate::{exit::Failure, stdout::Stdout};

/// Version of the event schema, as libs 0.25.4 announces it.
const SCHEMA_VERSION: &str = "4.5.1";

/// Arguments of `rules events`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = match arguments.format {
        Format::Text => text(),
        Format::Markdown => markdown(),
        Format::Json => format!("{}\n", pretty(&json())),
    };
    let mut stdout = Stdout::lock();
    stdout.write(text)?;
    stdout.flush()
}

/// An event as it is listed: syscalls without parameters of their own share one type.
struct Listed {
    name: &'static str,
    kind: EventType,
}

impl Listed {
    fn direction(&self) -> char {
        if self.kind.is_enter() { '>' } else { '<' }
    }

    /// Whether live probes record it by default: reads and writes are too many.
    fn is_available(&self) -> bool {
        !TOO_MANY.contains(&self.name)
    }
}

/// Syscalls that only read or write, which live probes leave out unless asked.
const TOO_MANY: [&str; 11] = [
    "pread", "preadv", "pwrite", "pwritev", "read", "readv", "recv", "send", "sendfile", "write",
    "writev",
];

/// The groups in the order in which they are printed, and the category bit of each.
const GROUPS: [(&str, u32); 4] = [
    ("Syscall events", Category::SYSCALL),
    ("Tracepoint events", Category::TRACEPOINT),
    ("Plugin events", Category::PLUGIN),
    ("Metaevents", Category::METAEVENT),
];

fn group(bit: u32) -> Vec<Listed> {
    let mut listed: Vec<_> = EventType::all()
        .iter()
        .filter(|kind| is_listed(**kind) && kind.info().category.intersects(bit))
        .map(|&kind| Listed { name: kind.info().name, kind })
        .collect();
    if bit == Category::SYSCALL {
        listed.extend(generic());
    }
    listed
}

fn is_listed(kind: EventType) -> bool {
    let flags = kind.info().flags;
    !flags.intersects(EventFlags::OLD_VERSION.union(EventFlags::UNUSED))
        && !matches!(kind, EventType::GenericE | EventType::GenericX)
}

/// The syscalls that have no type of their own.
fn generic() -> Vec<Listed> {
    let mut names: Vec<_> = EventType::GenericE
        .syscalls()
        .iter()
        .filter_map(|&code| event::syscall_name(code))
        .collect();
    names.sort_unstable();
    names
        .into_iter()
        .flat_map(|name| {
            [EventType::GenericE, EventType::GenericX].map(|kind| Listed { name, kind })
        })
        .collect()
}

fn text() -> String {
    let mut out = heading();
    for (title, bit) in GROUPS {
        let _ = writeln!(out, "## {title}\n");
        for event in group(bit) {
            let params = params(event.kind, "");
            let _ = writeln!(out, "{} {}({params})", event.direction(), event.name);
        }
        out.push('\n');
    }
    out
}

fn markdown() -> String {
    let mut out = heading();
    for (title, bit) in GROUPS {
        let _ = writeln!(out, "## {title}\n");
        out.push_str("Default | Dir | Name | Params \n:-------|:----|:-----|:-----\n");
        for event in group(bit) {
            let available = if event.is_available() { "Yes" } else { "No" };
            let (direction, params) = (event.direction(), params(event.kind, "*"));
            let _ = writeln!(out, "{available} | `{direction}` | `{}` | {params}", event.name);
        }
        out.push('\n');
    }
    out
}

fn heading() -> String {
    format!("The events below are valid for Falco *Schema Version*: {SCHEMA_VERSION}\n")
}

/// The parameters on one line; names of flags between two `mark`s.
fn params(kind: EventType, mark: &str) -> String {
    let param = |param: &ParamInfo| {
        let mut text = format!("{} **{}**", type_name(param.kind), param.name);
        if has_flags(param) {
            let names: Vec<_> =
                param.values.iter().map(|value| format!("{mark}{}{mark}", value.name)).collect();
            let _ = write!(text, ": {}", names.join(", "));
        }
        text
    };
    kind.info().params.iter().map(param).collect::<Vec<_>>().join(", ")
}

fn json() -> Value {
    // Upper case sorts before lower case, so the schema comes last, as in Falco's sorted objects.
    let mut groups: Vec<_> = GROUPS
        .iter()
        .map(|&(title, bit)| (title.to_owned(), group(bit).iter().map(event_json).collect()))
        .collect();
    groups.push(("schema_version".to_owned(), SCHEMA_VERSION.into()));
    groups.sort_by(|(one, _), (other, _)| one.cmp(other));
    Value::Object(groups.into_iter().collect())
}

fn event_json(event: &Listed) -> Value {
    let param = |param: &ParamInfo| {
        let (name, kind) = (param.name, type_name(param.kind));
        if has_flags(param) {
            let flags: Vec<_> = param.values.iter().map(|value| value.name).collect();
            json!({ "flags": flags, "name": name, "type": kind })
        } else {
            json!({ "name": name, "type": kind })
        }
    };
    json!({
        "available": event.is_available(),
        "dir": event.direction().to_string(),
        "name": event.name,
        "params": event.kind.info().params.iter().map(param).collect::<Value>(),
    })
}

fn has_flags(param: &ParamInfo) -> bool {
    let is_flags = matches!(
        param.kind,
        ParamType::Flags8
            | ParamType::Flags16
            | ParamType::Flags32
            | ParamType::Enumflags8
            | ParamType::Enumflags16
            | ParamType::Enumflags32
    );
    is_flags && !param.values.is_empty()
}

/// The name that Falco lists for an encoding.
fn type_name(kind: ParamType) -> String {
    match kind {
        ParamType::Fd32 => "FD".to_owned(),
        ParamType::Pid32 => "PID".to_owned(),
        ParamType::Dyn => "DYNAMIC".to_owned(),
        ParamType::CharbufPairArray => "CHARBUF_PAIR_ARRAY".to_owned(),
        other => format!("{other:?}").to_uppercase(),
    }
}
