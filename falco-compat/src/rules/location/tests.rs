//! Tests of locations and snippets.
