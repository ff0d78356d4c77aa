//! Generates the tables of system call names as Rust from `data/syscalls.json`.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::table::EventRow;

#[derive(Deserialize)]
pub(crate) struct Syscalls {
    /// Portable code and name; codes are gapless from 0.
    names: Vec<(usize, String)>,
    /// Number on x86-64 and portable code.
    x86_64: Vec<(usize, u16)>,
    /// Event type and the portable codes that it stands for.
    events: Vec<(String, Vec<u16>)>,
}

/// Rust source of the tables; `events` is the event table in order.
pub(crate) fn generate(syscalls: &Syscalls, events: &[EventRow]) -> String {
    let mut code = String::new();
    let _ = writeln!(code, "static NAMES: [&str; {}] = [", syscalls.names.len());
    for (index, (number, name)) in syscalls.names.iter().enumerate() {
        assert_eq!(index, *number, "syscalls.json lists every code in order");
        let _ = writeln!(code, "    {name:?},");
    }
    let numbers = syscalls.x86_64.iter().map(|&(number, _)| number + 1).max().unwrap_or(0);
    let mut native = vec![0; numbers];
    for &(number, portable) in &syscalls.x86_64 {
        native[number] = portable;
    }
    let _ = writeln!(code, "];\n\nstatic X86_64: [u16; {numbers}] = {native:?};\n");
    let _ = writeln!(code, "static BY_TYPE: [&[u16]; {}] = [", events.len());
    for event in events {
        let codes = syscalls.events.iter().find(|(id, _)| *id == event.id);
        let _ = writeln!(code, "    &{:?},", codes.map_or(&[][..], |(_, codes)| codes));
    }
    code.push_str("];\n");
    code
}
