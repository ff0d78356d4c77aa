//! Conditions, fields and outputs against Falco's own answers.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may fail that way, and shows what it found"
)]

mod fields;
mod replay;
mod synthetic;
