//! The rules of one event type as flat code: what is left of them once the type is known.

use super::graph::{Graph, Node, NodeId};
use rustc_hash::FxHashMap;

/// One operation; operands are indices of earlier operations.
#[derive(Clone, Copy, Debug)]
enum Op {
    Const(bool),
    Atom(u32),
    Not(u32),
    /// Range of `operands`.
    All {
        start: u32,
        end: u32,
    },
    /// Range of `operands`.
    Any {
        start: u32,
        end: u32,
    },
}

/// A rule's place in a program.
#[derive(Clone, Copy, Debug)]
pub(super) struct Root {
    /// Index of the rule in the ruleset.
    pub(super) rule: u32,
    op: u32,
}

/// The rules that an event type can match, in the order they are tried.
#[derive(Debug, Default)]
pub(super) struct Program {
    ops: Vec<Op>,
    operands: Vec<u32>,
    roots: Vec<Root>,
    /// Some rule asks something that changes what is answered after it.
    ordered: bool,
}

/// Results of operations, valid for one event.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// `epoch * 2 + result`.
    results: Vec<u32>,
    epoch: u32,
}

impl Memo {
    /// Forgets the last event's results and makes room for `size` operations.
    pub(super) fn reset(&mut self, size: usize) {
        if self.results.len() < size {
            self.results.resize(size, 0);
        }
        self.epoch += 1;
        if self.epoch > u32::MAX / 2 {
            self.results.fill(0);
            self.epoch = 1;
        }
    }

    #[inline]
    fn known(&self, op: u32) -> Option<bool> {
        match self.results.get(op as usize) {
            Some(&result) if result >> 1 == self.epoch => Some(result & 1 == 1),
            _ => None,
        }
    }

    #[inline]
    fn learn(&mut self, op: u32, result: bool) {
        if let Some(slot) = self.results.get_mut(op as usize) {
            *slot = self.epoch << 1 | u32::from(result);
        }
    }
}

impl Program {
    /// Flattens `rules` (rule index, condition). `cost` estimates an atom; cheap operands go first.
    pub(super) fn new(
        graph: &Graph,
        rules: impl IntoIterator<Item = (u32, NodeId)>,
        cost: &dyn Fn(u32) -> u32,
    ) -> Self {
        let mut builder =
            Builder { graph, cost, program: Self::default(), done: FxHashMap::default() };
        for (rule, node) in rules {
            if node == NodeId::FALSE {
                continue;
            }
            let (op, _) = builder.emit(node);
            builder.program.roots.push(Root { rule, op });
        }
        builder.program
    }

    /// Demands that rules are asked one by one, as they are written.
    pub(super) fn keep_order(&mut self) {
        self.ordered = true;
    }

    /// Whether rules must be asked one by one, as they are written.
    pub(super) fn is_ordered(&self) -> bool {
        self.ordered
    }

    /// Indices of the atoms that rules ask.
    pub(super) fn atoms(&self) -> impl Iterator<Item = u32> {
        self.ops.iter().filter_map(|op| match op {
            Op::Atom(atom) => Some(*atom),
            _ => None,
        })
    }

    /// Rules in order.
    pub(super) fn roots(&self) -> &[Root] {
        &self.roots
    }

    /// How many results a [`Memo`] must hold.
    pub(super) fn size(&self) -> usize {
        self.ops.len()
    }

    /// Whether the rule at `root` holds. `atom` evaluates one atom.
    #[inline]
    pub(super) fn holds(
        &self,
        root: Root,
        memo: &mut Memo,
        atom: &mut impl FnMut(u32) -> bool,
    ) -> bool {
        self.evaluate(root.op, memo, atom)
    }

    fn evaluate(&self, index: u32, memo: &mut Memo, atom: &mut impl FnMut(u32) -> bool) -> bool {
        if let Some(result) = memo.known(index) {
            return result;
        }
        let result = match self.ops.get(index as usize) {
            Some(Op::Const(value)) => return *value,
            Some(Op::Atom(id)) => atom(*id),
            Some(Op::Not(operand)) => return !self.evaluate(*operand, memo, atom),
            Some(Op::All { start, end }) => {
                self.range(*start, *end).iter().all(|&operand| self.evaluate(operand, memo, atom))
            }
            Some(Op::Any { start, end }) => {
                self.range(*start, *end).iter().any(|&operand| self.evaluate(operand, memo, atom))
            }
            None => false,
        };
        memo.learn(index, result);
        result
    }

    fn range(&self, start: u32, end: u32) -> &[u32] {
        self.operands.get(start as usize..end as usize).unwrap_or_default()
    }
}

struct Builder<'a> {
    graph: &'a Graph,
    cost: &'a dyn Fn(u32) -> u32,
    program: Program,
    /// Operation and cost of each node already emitted.
    done: FxHashMap<NodeId, (u32, u32)>,
}

impl Builder<'_> {
    fn emit(&mut self, id: NodeId) -> (u32, u32) {
        if let Some(&done) = self.done.get(&id) {
            return done;
        }
        let (op, cost) = match self.graph.node(id) {
            Some(Node::Atom(atom)) => (Op::Atom(*atom), (self.cost)(*atom)),
            Some(Node::Not(inner)) => {
                let (operand, cost) = self.emit(*inner);
                (Op::Not(operand), cost)
            }
            Some(Node::And(operands)) => {
                let (start, end, cost) = self.emit_all(operands);
                (Op::All { start, end }, cost)
            }
            Some(Node::Or(operands)) => {
                let (start, end, cost) = self.emit_all(operands);
                (Op::Any { start, end }, cost)
            }
            Some(Node::Const(value)) => (Op::Const(*value), 0),
            None => (Op::Const(false), 0),
        };
        let index = u32::try_from(self.program.ops.len()).unwrap_or(u32::MAX);
        self.program.ops.push(op);
        self.done.insert(id, (index, cost));
        (index, cost)
    }

    fn emit_all(&mut self, operands: &[NodeId]) -> (u32, u32, u32) {
        let mut emitted: Vec<(u32, u32)> = operands.iter().map(|&id| self.emit(id)).collect();
        emitted.sort_by_key(|&(_, cost)| cost);
        let cost = emitted.iter().fold(0u32, |sum, &(_, cost)| sum.saturating_add(cost));
        let start = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        self.program.operands.extend(emitted.iter().map(|&(op, _)| op));
        let end = u32::try_from(self.program.operands.len()).unwrap_or(u32::MAX);
        (start, end, cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evaluates rules over three atoms and says which hold and how often atoms were asked.
    #[track_caller]
    fn check(
        build: impl Fn(&mut Graph) -> Vec<NodeId>,
        atoms: [bool; 3],
        holds: &[u32],
        asked: usize,
    ) {
        let mut graph = Graph::new();
        let rules = build(&mut graph);
        let program = Program::new(&graph, (0..).zip(rules), &|atom| atom);
        let mut memo = Memo::default();
        memo.reset(program.size());
        let mut count = 0;
        let mut ask = |atom: u32| {
            count += 1;
            atoms[atom as usize]
        };
        let matching: Vec<u32> = program
            .roots()
            .iter()
            .filter(|root| program.holds(**root, &mut memo, &mut ask))
            .map(|root| root.rule)
            .collect();
        assert_eq!((matching.as_slice(), count), (holds, asked));
    }

    fn two_rules(graph: &mut Graph) -> Vec<NodeId> {
        let (a, b, c) = (graph.atom(0), graph.atom(1), graph.atom(2));
        let not_b = graph.not(b);
        vec![graph.and([a, not_b]), graph.or([b, c])]
    }

    #[test]
    fn atoms_shared_by_rules_are_asked_once() {
        check(two_rules, [true, false, true], &[0, 1], 3);
    }

    #[test]
    fn evaluation_stops_when_the_outcome_is_certain() {
        check(two_rules, [false, true, false], &[1], 2);
    }

    #[test]
    fn rules_that_cannot_match_are_left_out() {
        check(|_| vec![NodeId::FALSE, NodeId::TRUE], [false; 3], &[1], 0);
    }
}
