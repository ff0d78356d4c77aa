//! End-to-end and conformance tests, one binary.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test may fail that way, and shows what it found"
)]

mod alerts;
mod engine;
mod fields;
mod synthetic;
