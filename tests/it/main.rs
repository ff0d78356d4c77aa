//! End-to-end and conformance tests, one binary.

mod alerts;
mod engine;
