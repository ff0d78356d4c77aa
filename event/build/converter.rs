//! Generates the converter's rules as Rust from `data/converter.txt`.

use std::fmt::Write as _;

use crate::table::EventRow;

/// Rust source of the rules by event type; `events` is the event table in order.
pub(crate) fn generate(rules: &str, events: &[EventRow]) -> String {
    let mut by_type = vec![String::new(); events.len()];
    for line in rules.lines().filter(|line| !line.starts_with('#')) {
        let (code, rule) = rule(line, events);
        by_type[code].push_str(&rule);
    }
    let mut code = String::new();
    let _ = writeln!(code, "static RULES: [&[Rule]; {}] = [", events.len());
    for rules in by_type {
        let _ = writeln!(code, "    &[{rules}],");
    }
    code.push_str("];\n");
    code
}

/// Event code and rule of one line.
fn rule(line: &str, events: &[EventRow]) -> (usize, String) {
    let mut words = line.split_whitespace();
    let mut word = || words.next().unwrap_or_else(|| panic!("converter.txt: short line {line:?}"));
    let code = position(word(), events);
    let params = word();
    let (action, result) = match word() {
        "store" => ("Action::Store".to_owned(), None),
        "pass" => ("Action::Pass".to_owned(), None),
        "store+pass" => ("Action::StoreAndPass".to_owned(), None),
        "add" => ("Action::Add".to_owned(), Some(code)),
        "become" => {
            let target = word();
            (format!("Action::Become(EventType::{target})"), Some(position(target, events)))
        }
        other => panic!("converter.txt: unknown action {other:?}"),
    };
    let sources: Vec<_> = words.map(source).collect();
    if let Some(result) = result {
        let kept = if result == code { params.parse().expect("a number") } else { 0 };
        let (count, most) = (kept + sources.len(), events[result].params.len());
        assert!(count <= most, "converter.txt: {line:?} makes {count} parameters of {most}");
    }
    let sources = sources.join(", ");
    (code, format!("Rule {{ params: {params}, action: {action}, sources: &[{sources}] }}, "))
}

fn position(id: &str, events: &[EventRow]) -> usize {
    let found = events.iter().position(|event| event.id == id);
    found.unwrap_or_else(|| panic!("converter.txt: unknown type {id:?}"))
}

fn source(word: &str) -> String {
    match word {
        "default" => "Source::Default".to_owned(),
        "empty" => "Source::Empty".to_owned(),
        "container?" => "Source::Container".to_owned(),
        _ => match (word.strip_prefix("old"), word.strip_prefix("enter")) {
            (Some(param), _) => format!("Source::Old({param})"),
            (_, Some(param)) => match param.strip_suffix('?') {
                Some(param) => format!("Source::EnterOrEmpty({param})"),
                None => format!("Source::EnterOrDefault({param})"),
            },
            (None, None) => panic!("converter.txt: unknown source {word:?}"),
        },
    }
}
