//! The rules of one event type as flat code: what is left of them once the type is known.
//!
//! Each rule is a sequence of steps: ask something, go on at one place or another. `and`, `or` and `not` are
//! nothing but the choice of these places, so that most of a rule's work is asking the one or two
//! questions that decide it. What several rules ask is asked once and remembered.

mod builder;

use super::estimate::Estimate;
use super::graph::{Graph, NodeId};

/// What a step asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// An atom on its own.
    Check(u32),
    /// An atom that a group of atoms answers, which remembers it.
    Member {
        /// The group.
        group: u32,
        /// The atom.
        atom: u32,
    },
}

/// An atom as a program needs to know it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    pub(super) question: Question,
    pub(super) estimate: Estimate,
}

/// Where to go on: the index of a step, or one of the two ends.
type Place = u32;

const TRUE: Place = u32::MAX;
const FALSE: Place = u32::MAX - 1;

#[derive(Clone, Copy, Debug)]
struct Step {
    test: Test,
    then: Place,
    otherwise: Place,
}

#[derive(Clone, Copy, Debug)]
enum Test {
    Ask(Question),
    /// An atom that several steps ask; its answer is kept in `slot`.
    Remember {
        atom: u32,
        slot: u32,
    },
    /// An expression that several rules contain; its outcome is kept in `slot`.
    Shared {
        entry: Place,
        slot: u32,
    },
}

/// A rule's place in a program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    /// Index of the rule in the ruleset.
    pub(super) rule: u32,
    entry: Place,
}

/// The rules that an event type can match, in the order they are tried.
#[derive(Debug, Default)]
pub(super) struct Program {
    steps: Vec<Step>,
    roots: Vec<Root>,
    slots: u32,
    /// Some rule asks something that changes what is answered after it.
    ordered: bool,
}

/// Outcomes that several steps want, valid for one event.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// `epoch * 2 + outcome`.
    outcomes: Vec<u32>,
    epoch: u32,
}

impl Memo {
    /// Forgets the last event's outcomes and makes room for `size` of them.
    #[inline]
    pub(super) fn reset(&mut self, size: usize) {
        if self.outcomes.len() < size {
            self.outcomes.resize(size, 0);
        }
        self.epoch += 1;
        if self.epoch > u32::MAX / 2 {
            self.outcomes.fill(0);
            self.epoch = 1;
        }
    }

    #[inline]
    fn known(&self, slot: u32) -> Option<bool> {
        match self.outcomes.get(slot as usize) {
            Some(&outcome) if outcome >> 1 == self.epoch => Some(outcome & 1 == 1),
            _ => None,
        }
    }

    #[inline]
    fn learn(&mut self, slot: u32, outcome: bool) {
        if let Some(it) = self.outcomes.get_mut(slot as usize) {
            *it = self.epoch << 1 | u32::from(outcome);
        }
    }
}

impl Program {
    /// Compiles `rules` (rule index, condition); `leaf` describes an atom.
    pub(super) fn new(
        graph: &Graph,
        rules: impl IntoIterator<Item = (u32, NodeId)>,
        leaf: &dyn Fn(u32) -> Leaf,
    ) -> Self {
        builder::build(graph, rules, leaf)
    }

    /// Demands that rules are asked one by one, as they are written.
    pub(super) fn keep_order(&mut self) {
        self.ordered = true;
    }

    /// Whether rules must be asked one by one, as they are written.
    #[inline]
    pub(super) fn is_ordered(&self) -> bool {
        self.ordered
    }

    /// Indices of the atoms that rules ask.
    pub(super) fn atoms(&self) -> impl Iterator<Item = u32> {
        self.steps.iter().filter_map(|step| match step.test {
            Test::Ask(Question::Check(atom) | Question::Member { atom, .. })
            | Test::Remember { atom, .. } => Some(atom),
            Test::Shared { .. } => None,
        })
    }

    /// Rules in order.
    #[inline]
    pub(super) fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// How many outcomes a [`Memo`] must hold.
    #[inline]
    pub(super) fn size(&self) -> usize {
        self.slots as usize
    }

    /// Whether the rule at `root` holds. `ask` answers questions.
    #[inline]
    pub(super) fn holds(
        &self,
        root: Root,
        memo: &mut Memo,
        ask: &mut impl FnMut(Question) -> bool,
    ) -> bool {
        self.run(root.entry, memo, ask)
    }

    fn run(&self, mut at: Place, memo: &mut Memo, ask: &mut impl FnMut(Question) -> bool) -> bool {
        while let Some(step) = self.steps.get(at as usize) {
            let outcome = match step.test {
                Test::Ask(question) => ask(question),
                Test::Remember { atom, slot } => memo.known(slot).unwrap_or_else(|| {
                    let outcome = ask(Question::Check(atom));
                    memo.learn(slot, outcome);
                    outcome
                }),
                Test::Shared { entry, slot } => memo.known(slot).unwrap_or_else(|| {
                    let outcome = self.run(entry, memo, ask);
                    memo.learn(slot, outcome);
                    outcome
                }),
            };
            at = if outcome { step.then } else { step.otherwise };
        }
        at == TRUE
    }
}

#[cfg(test)]
mod tests;
