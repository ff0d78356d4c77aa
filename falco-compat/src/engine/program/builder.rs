//! From expressions to steps.

use rustc_hash::FxHashMap;

use super::{FALSE, Leaf, Place, Program, Question, Root, Step, TRUE, Test};
use crate::engine::{
    estimate::Estimate,
    graph::{Graph, Node, NodeId},
};

pub(super) fn build(
    graph: &Graph,
    rules: impl IntoIterator<Item = (u32, NodeId)>,
    leaf: &dyn Fn(u32) -> Leaf,
) -> Program {
    let rules: Vec<_> = rules.into_iter().filter(|&(_, node)| node != NodeId::FALSE).collect();
    let mut builder = Builder {
        graph,
        leaf,
        program: Program::default(),
        nodes: FxHashMap::default(),
        shared: FxHashMap::default(),
    };
    for &(_, node) in &rules {
        builder.survey(node);
    }
    for (rule, node) in rules {
        let entry = builder.emit(node, TRUE, FALSE);
        builder.program.roots.push(Root { rule, entry });
    }
    builder.program
}

struct Builder<'a> {
    graph: &'a Graph,
    leaf: &'a dyn Fn(u32) -> Leaf,
    program: Program,
    nodes: FxHashMap<NodeId, Surveyed>,
    /// How to ask what is asked more than once.
    shared: FxHashMap<NodeId, Test>,
}

/// What is known of a node before code is made of it.
#[derive(Clone, Debug)]
struct Surveyed {
    estimate: Estimate,
    /// How often rules and other nodes refer to it.
    uses: u32,
    /// Operands of `and` and `or` in the order in which to ask them.
    order: Box<[NodeId]>,
}

impl Builder<'_> {
    /// Estimates `id` and what it consists of, and counts a use of it.
    fn survey(&mut self, id: NodeId) -> Estimate {
        // A negation is no code of its own: whoever refers to it refers to what it negates.
        if let Some(Node::Not(inner)) = self.graph.node(id) {
            return self.survey(*inner).negated();
        }
        if let Some(it) = self.nodes.get_mut(&id) {
            it.uses = it.uses.saturating_add(1);
            return it.estimate;
        }
        let (estimate, order) = match self.graph.node(id) {
            None | Some(Node::Const(_) | Node::Not(_)) => (Estimate::FREE, Box::default()),
            Some(Node::Atom(atom)) => ((self.leaf)(*atom).estimate, Box::default()),
            Some(Node::And(operands)) => {
                let order = self.survey_all(operands, Estimate::rank_in_and);
                (Estimate::all(order.iter().map(|it| it.0)), ids(&order))
            }
            Some(Node::Or(operands)) => {
                let order = self.survey_all(operands, Estimate::rank_in_or);
                (Estimate::any(order.iter().map(|it| it.0)), ids(&order))
            }
        };
        self.nodes.insert(id, Surveyed { estimate, uses: 1, order });
        estimate
    }

    /// `operands`, what decides most for least first.
    fn survey_all(
        &mut self,
        operands: &[NodeId],
        rank: fn(Estimate) -> f32,
    ) -> Vec<(Estimate, NodeId)> {
        let mut order: Vec<_> = operands.iter().map(|&id| (self.survey(id), id)).collect();
        order.sort_by(|a, b| rank(a.0).total_cmp(&rank(b.0)));
        order
    }

    /// Makes steps that decide `id` and go on at `then` or `otherwise`; where they begin.
    fn emit(&mut self, id: NodeId, then: Place, otherwise: Place) -> Place {
        match self.graph.node(id) {
            None => otherwise,
            Some(Node::Const(value)) => {
                if *value {
                    then
                } else {
                    otherwise
                }
            }
            Some(Node::Not(inner)) => self.emit(*inner, otherwise, then),
            Some(Node::Atom(atom)) => {
                let test = self.atom(id, *atom);
                self.push(Step { test, then, otherwise })
            }
            Some(Node::And(_) | Node::Or(_)) if self.uses(id) > 1 => {
                let known = self.shared.get(&id).copied();
                let test = known.unwrap_or_else(|| {
                    let entry = self.emit_operands(id, TRUE, FALSE);
                    let test = Test::Shared { entry, slot: self.slot() };
                    self.shared.insert(id, test);
                    test
                });
                self.push(Step { test, then, otherwise })
            }
            Some(Node::And(_) | Node::Or(_)) => self.emit_operands(id, then, otherwise),
        }
    }

    /// As [`Self::emit`], for an `and` or `or`, whose operands go from the last to the first: each must know
    /// where the next one begins.
    fn emit_operands(&mut self, id: NodeId, then: Place, otherwise: Place) -> Place {
        let order = self.nodes.get_mut(&id).map(|it| std::mem::take(&mut it.order));
        let is_and = matches!(self.graph.node(id), Some(Node::And(_)));
        let mut next = if is_and { then } else { otherwise };
        for &operand in order.iter().flatten().rev() {
            next = if is_and {
                self.emit(operand, next, otherwise)
            } else {
                self.emit(operand, then, next)
            };
        }
        next
    }

    fn atom(&mut self, id: NodeId, atom: u32) -> Test {
        if let Some(test) = self.shared.get(&id) {
            return *test;
        }
        let question = (self.leaf)(atom).question;
        let test = match question {
            Question::Check(atom) if self.uses(id) > 1 => {
                Test::Remember { atom, slot: self.slot() }
            }
            _ => Test::Ask(question),
        };
        self.shared.insert(id, test);
        test
    }

    fn uses(&self, id: NodeId) -> u32 {
        self.nodes.get(&id).map_or(0, |it| it.uses)
    }

    fn slot(&mut self) -> u32 {
        let slot = self.program.slots;
        self.program.slots += 1;
        slot
    }

    fn push(&mut self, step: Step) -> Place {
        // Rules files are limited in size long before four billion steps.
        let place = u32::try_from(self.program.steps.len()).unwrap_or(FALSE);
        self.program.steps.push(step);
        place
    }
}

fn ids(order: &[(Estimate, NodeId)]) -> Box<[NodeId]> {
    order.iter().map(|it| it.1).collect()
}
