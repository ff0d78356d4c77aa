//! Tests of sources with others on the other end: real runtimes, false ones, an API server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod faults;
mod pods;
mod runtimes;
