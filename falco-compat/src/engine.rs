//! The rule engine: which rules an event matches.

mod graph;
mod program;
mod text_group;
mod trie;
