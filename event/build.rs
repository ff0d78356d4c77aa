//! Generates the typed tables from the files in `data/`.
//!
//! The data files are the whole schema; the generated Rust is never edited.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failing build is the answer to bad data"
)]

#[path = "build/converter.rs"]
mod converter;
#[path = "build/syscalls.rs"]
mod syscalls;
#[path = "build/table.rs"]
mod table;

use std::{env, fs, path::Path};

use serde::de::DeserializeOwned;

fn main() {
    let schema: table::Schema = parse("data/events.json");
    write("table.rs", &table::generate(&schema));
    let syscalls = parse("data/syscalls.json");
    write("syscalls.rs", &syscalls::generate(&syscalls, &schema.events));
    write("converter.rs", &converter::generate(&read("data/converter.txt"), &schema.events));
}

fn read(path: &str) -> String {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parse<T: DeserializeOwned>(path: &str) -> T {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn write(name: &str, code: &str) {
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join(name), code).expect("OUT_DIR is writable");
}
