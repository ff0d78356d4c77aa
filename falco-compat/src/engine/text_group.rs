//! Atoms that compare one text field in one way, answered together.
//!
//! `proc.name in (…)` stands in the rules a hundred times with different lists. Asking the first
//! of them answers all: one hash look-up, one walk of a trie, or one run of an automaton.

use aho_corasick::{AhoCorasick, BuildError, Input, automaton::OverlappingState};
use rustc_hash::FxHashMap;

use super::trie::Trie;
use crate::condition::TextComparison;

/// Literals of some atoms, indexed for one comparison.
#[derive(Debug)]
pub(super) enum TextGroup {
    Exact(FxHashMap<Box<[u8]>, Vec<u32>>),
    Prefix(Trie),
    Suffix(Trie),
    /// `atoms` by pattern number.
    Contains {
        automaton: AhoCorasick,
        atoms: Vec<u32>,
    },
}

impl TextGroup {
    /// Indexes `literals`: each says that its atom holds if the field compares so with it.
    pub(super) fn new(
        comparison: TextComparison,
        literals: &[(u32, Box<[u8]>)],
    ) -> Result<Self, BuildError> {
        Ok(match comparison {
            TextComparison::Exact => {
                let mut map = FxHashMap::<Box<[u8]>, Vec<u32>>::default();
                for (atom, literal) in literals {
                    map.entry(literal.clone()).or_default().push(*atom);
                }
                Self::Exact(map)
            }
            TextComparison::Prefix => {
                let mut trie = Trie::default();
                for (atom, literal) in literals {
                    trie.insert(literal.iter().copied(), *atom);
                }
                Self::Prefix(trie)
            }
            TextComparison::Suffix => {
                let mut trie = Trie::default();
                for (atom, literal) in literals {
                    trie.insert(literal.iter().rev().copied(), *atom);
                }
                Self::Suffix(trie)
            }
            TextComparison::Contains => Self::Contains {
                automaton: AhoCorasick::builder()
                    // Paths and command lines are full of the bytes that a prefilter would look
                    // for; stopping at each costs more than it saves.
                    .prefilter(false)
                    .build(literals.iter().map(|(_, literal)| literal))?,
                atoms: literals.iter().map(|(atom, _)| *atom).collect(),
            },
        })
    }

    /// Calls `hit` for every atom that holds for `text`, possibly more than once.
    #[inline]
    pub(super) fn find(&self, text: &[u8], mut hit: impl FnMut(u32)) {
        match self {
            Self::Exact(map) => {
                map.get(text).into_iter().flatten().for_each(|&atom| hit(atom));
            }
            Self::Prefix(trie) => trie.walk(text.iter().copied(), hit),
            Self::Suffix(trie) => trie.walk(text.iter().rev().copied(), hit),
            Self::Contains { automaton, atoms } => {
                let mut state = OverlappingState::start();
                let input = Input::new(text);
                // Fails only for automata built without overlapping support, which ours have.
                while automaton.try_find_overlapping(input.clone(), &mut state).is_ok() {
                    let Some(found) = state.get_match() else { return };
                    if let Some(&atom) = atoms.get(found.pattern().as_usize()) {
                        hit(atom);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(comparison: TextComparison, literals: &[&str], text: &str, expected: &[u32]) {
        let literals: Vec<(u32, Box<[u8]>)> =
            (0..).zip(literals).map(|(atom, it)| (atom, it.as_bytes().into())).collect();
        let group = TextGroup::new(comparison, &literals).unwrap();
        let mut hits = Vec::new();
        group.find(text.as_bytes(), |atom| hits.push(atom));
        hits.sort_unstable();
        hits.dedup();
        assert_eq!(hits, expected);
    }

    #[test]
    fn exact_finds_every_atom_of_a_literal() {
        check(TextComparison::Exact, &["nc", "bash", "nc"], "nc", &[0, 2]);
        check(TextComparison::Exact, &["nc"], "ncat", &[]);
    }

    #[test]
    fn suffixes_are_compared_from_the_end() {
        check(TextComparison::Suffix, &[".sh", "h", ".py"], "/tmp/a.sh", &[0, 1]);
    }

    #[test]
    fn contains_finds_overlapping_literals() {
        check(TextComparison::Contains, &["shadow", "dow", "etc", "x"], "/etc/shadow", &[0, 1, 2]);
    }

    #[test]
    fn the_empty_literal_is_contained_everywhere() {
        check(TextComparison::Contains, &["", "b"], "a", &[0]);
        check(TextComparison::Prefix, &["", "b"], "a", &[0]);
        check(TextComparison::Suffix, &[""], "", &[0]);
    }
}
