//! Generates the event table as Rust from `data/events.json`.

use std::{collections::BTreeMap, fmt::Write as _};

use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Schema {
    /// Flag and enumeration tables by name: `[name, value]` in printing order.
    values: BTreeMap<String, Vec<(String, u32)>>,
    pub(crate) events: Vec<EventRow>,
}

#[derive(Deserialize)]
pub(crate) struct EventRow {
    code: usize,
    pub(crate) id: String,
    pub(crate) ppme: String,
    name: String,
    category: u32,
    pub(crate) flags: u32,
    pub(crate) params: Vec<ParamRow>,
}

#[derive(Deserialize)]
pub(crate) struct ParamRow {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    format: String,
    values: Option<String>,
    dirfd_param: Option<usize>,
}

/// Rust source of the table.
pub(crate) fn generate(schema: &Schema) -> String {
    let mut code = String::new();
    event_type(&mut code, &schema.events);
    for (name, rows) in &schema.values {
        let _ = writeln!(code, "static {}: [NamedValue; {}] = [", name.to_uppercase(), rows.len());
        for (name, value) in rows {
            let _ = writeln!(code, "    NamedValue {{ name: {name:?}, value: {value} }},");
        }
        code.push_str("];\n");
    }
    let _ = writeln!(code, "static EVENTS: [EventInfo; {}] = [", schema.events.len());
    for (index, event) in schema.events.iter().enumerate() {
        assert_eq!(index, event.code, "events.json lists every code in order");
        event_info(&mut code, event);
    }
    code.push_str("];\n");
    code
}

fn event_type(code: &mut String, events: &[EventRow]) {
    code.push_str(
        "/// A type of the public event table (schema 4.5.1, libs 0.25.4).\n///\n\
         /// Even codes are enter events, odd ones exit events; `V…` marks a version of the layout.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\n\
         #[repr(u16)]\npub enum EventType {\n",
    );
    for event in events {
        let _ =
            writeln!(code, "    /// `PPME_{}`.\n    {} = {},", event.ppme, event.id, event.code);
    }
    code.push_str("}\n\nstatic TYPES: [EventType; ");
    let _ = writeln!(code, "{}] = [", events.len());
    for event in events {
        let _ = writeln!(code, "    EventType::{},", event.id);
    }
    code.push_str("];\n");
}

fn event_info(code: &mut String, event: &EventRow) {
    let _ = writeln!(
        code,
        "    EventInfo {{ name: {:?}, ppme: {:?}, category: Category({}), flags: EventFlags({}), params: &[",
        event.name, event.ppme, event.category, event.flags
    );
    for param in &event.params {
        let values = match &param.values {
            Some(table) => format!("&{}", table.to_uppercase()),
            None => "&[]".to_owned(),
        };
        let _ = writeln!(
            code,
            "        ParamInfo {{ name: {:?}, kind: ParamType::{}, format: ParamFormat::{}, values: {values}, dirfd_param: {:?} }},",
            param.name,
            camel(&param.kind),
            camel(&param.format),
            param.dirfd_param
        );
    }
    code.push_str("    ] },\n");
}

/// `CHARBUF_PAIR_ARRAY` → `CharbufPairArray`.
fn camel(name: &str) -> String {
    name.split('_')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_owned() + &rest.to_lowercase()
        })
        .collect()
}
