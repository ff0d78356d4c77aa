//! `innerwarden rules fields`: the fields of conditions and outputs, as `falco --list` groups them.

use std::fmt::Write as _;

use clap::Args;
use falco_compat::field::{CLASSES, FieldClass, FieldDef, FieldFlags};
use serde_json::{Value, json};

use super::listing::{Format, pretty};
use crate::{exit::Failure, stdout::Stdout};

/// Columns left of descriptions in text.
const LEFT: usize = 30;

/// Columns of a line of text.
const WIDTH: usize = 120;

/// Arguments of `rules fields`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How to print them
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// Only the names
    #[arg(short = 'N', long)]
    names_only: bool,

    /// Say the type of each field
    #[arg(short, long)]
    verbose: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let text = match (arguments.format, arguments.names_only) {
        (Format::Text | Format::Markdown, true) => names().join("\n") + "\n",
        (Format::Json, true) => format!("{}\n", pretty(&json!({ "fieldnames": names() }))),
        (Format::Text, false) => text(arguments.verbose),
        (Format::Markdown, false) => markdown(),
        (Format::Json, false) => format!("{}\n", pretty(&json())),
    };
    let mut stdout = Stdout::lock();
    stdout.write(text)?;
    stdout.flush()
}

fn listed(class: &FieldClass) -> impl Iterator<Item = &'static FieldDef> {
    class.fields.iter().filter(|field| field.is_listed())
}

fn names() -> Vec<&'static str> {
    CLASSES.iter().flat_map(listed).map(|field| field.name).collect()
}

fn text(verbose: bool) -> String {
    let mut out = String::new();
    for class in CLASSES {
        out.push_str("-------------------------------\n");
        let _ = writeln!(out, "{:LEFT$}{}", "Field Class:", class.name);
        let _ = writeln!(out, "{:LEFT$}{}", "Description:", wrapped(class.description));
        let _ = writeln!(out, "{:LEFT$}syscall\n", "Event Sources:");
        for field in listed(class) {
            let mut description = field.description.to_owned();
            if verbose {
                description = format!("(Type: {}) {description}", field.value_type.name());
            }
            let _ = write!(out, "{:LEFT$}", field.name);
            if field.name.len() >= LEFT {
                let _ = write!(out, "\n{:LEFT$}", "");
            }
            let _ = writeln!(out, "{}", wrapped(&description));
        }
        out.push('\n');
    }
    out
}

/// Breaks `text` so that it fits right of the names.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        if column > 0 && column + 1 + word.len() > WIDTH - LEFT {
            let _ = write!(out, "\n{:LEFT$}", "");
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

fn markdown() -> String {
    let mut out = String::new();
    for class in CLASSES {
        let _ = writeln!(out, "## Field Class: {}\n\n{}\n", class.name, class.description);
        out.push_str("Event Sources: syscall\n\n");
        out.push_str("Name | Type | Description\n:----|:-----|:-----------\n");
        for field in listed(class) {
            let mut kind = field.value_type.name().to_owned();
            if field.flags.contains(FieldFlags::LIST) {
                kind = format!("LIST({kind})");
            }
            let _ = writeln!(out, "`{}` | {kind} | {}", field.name, field.description);
        }
        out.push('\n');
    }
    out
}

fn json() -> Value {
    json!({ "fieldclasses": CLASSES.iter().map(class_json).collect::<Value>() })
}

fn class_json(class: &FieldClass) -> Value {
    json!({
        "desc": class.description,
        "event_sources": ["syscall"],
        "fields": listed(class).map(field_json).collect::<Value>(),
        "name": class.name,
    })
}

fn field_json(field: &FieldDef) -> Value {
    json!({
        "argument": argument_json(field.flags),
        "desc": field.description,
        "is_list": field.flags.contains(FieldFlags::LIST),
        "name": field.name,
        "type": field.value_type.name(),
    })
}

fn argument_json(flags: FieldFlags) -> Value {
    if !flags.intersects(FieldFlags::ARGUMENT_REQUIRED.union(FieldFlags::ARGUMENT_ALLOWED)) {
        return Value::Null;
    }
    let mut types = Vec::new();
    if flags.contains(FieldFlags::ARGUMENT_INDEX) {
        types.push("INDEX");
    }
    if flags.contains(FieldFlags::ARGUMENT_KEY) {
        types.push("KEY");
    }
    json!({ "required": flags.contains(FieldFlags::ARGUMENT_REQUIRED), "type": types })
}
