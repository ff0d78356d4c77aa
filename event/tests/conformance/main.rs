//! Checks against the captures of the conformance data; skipped, with a word about it, where they are not there.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod convert;
mod read;
mod shared;
mod write;
