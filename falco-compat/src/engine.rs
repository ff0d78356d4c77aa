//! The rule engine: which rules an event matches.
//!
//! Conditions of all rules become one graph of shared sub-expressions over distinct checks; for each
//! event type a program holds what is left of them once the type is known.

mod atom;
mod certainty;
mod estimate;
mod fold;
mod graph;
mod program;
mod ruleset;
mod text_group;
mod trie;

pub use certainty::{Facts, counts_events, is_never_matched};
pub use ruleset::{Engine, EngineRule, RuleMatching};
