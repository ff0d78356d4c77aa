//! Which events rules and the state engine need of a source.

use ebpf::{Filter, Selection};
use falco_compat::rules::Rule;

use super::{push_down, selection};
use crate::config::RunConfig;

/// Events that are needed: those of `selection` without those of `filter`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Demand {
    /// The system calls.
    pub(super) selection: Selection,
    /// What is needless of their events.
    pub(super) filter: Filter,
}

impl Demand {
    /// What `rules` and the state engine need.
    pub(super) fn new(rules: &[Rule], config: &RunConfig) -> Self {
        let is_pushed = config.live.push_down;
        Self {
            selection: selection::select(rules, &config.settings.base_syscalls),
            filter: if is_pushed { push_down::filter(rules) } else { Filter::new() },
        }
    }

    /// What this or `other` needs.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self {
            selection: self.selection.union(&other.selection),
            filter: self.filter.common(&other.filter),
        }
    }
}
