//! Boolean expressions as one shared graph: equal sub-expressions of all rules are one node.
//!
//! Falco's rules repeat macros hundreds of times; after hash-consing each of them exists once and
//! is evaluated at most once per event.

use rustc_hash::FxHashMap;

/// Index of a node; nodes only refer to nodes with smaller indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct NodeId(pub(super) u32);

impl NodeId {
    /// Always false.
    pub(super) const FALSE: Self = Self(0);
    /// Always true.
    pub(super) const TRUE: Self = Self(1);

    /// Position in [`Graph::nodes`].
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// One boolean operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// A constant.
    Const(bool),
    /// The atom with this index.
    Atom(u32),
    /// Negation.
    Not(NodeId),
    /// True when every child is; children are sorted and distinct.
    And(Box<[NodeId]>),
    /// True when a child is; children are sorted and distinct.
    Or(Box<[NodeId]>),
}

/// Every node of every rule.
#[derive(Debug)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    ids: FxHashMap<Node, NodeId>,
}

impl Graph {
    pub(super) fn new() -> Self {
        let mut graph = Self { nodes: Vec::new(), ids: FxHashMap::default() };
        graph.intern(Node::Const(false));
        graph.intern(Node::Const(true));
        graph
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.index())
    }

    pub(super) fn constant(value: bool) -> NodeId {
        if value { NodeId::TRUE } else { NodeId::FALSE }
    }

    pub(super) fn atom(&mut self, atom: u32) -> NodeId {
        self.intern(Node::Atom(atom))
    }

    /// The negation of `id`, with double negations and constants resolved.
    pub(super) fn not(&mut self, id: NodeId) -> NodeId {
        match self.node(id) {
            Some(Node::Const(value)) => Self::constant(!value),
            Some(Node::Not(inner)) => *inner,
            _ => self.intern(Node::Not(id)),
        }
    }

    /// The conjunction of `ids`: flattened, without duplicates and constants.
    pub(super) fn and(&mut self, ids: impl IntoIterator<Item = NodeId>) -> NodeId {
        match self.operands(ids, true) {
            None => NodeId::FALSE,
            Some(ids) => match *ids {
                [] => NodeId::TRUE,
                [only] => only,
                _ => self.intern(Node::And(ids)),
            },
        }
    }

    /// The disjunction of `ids`: flattened, without duplicates and constants.
    pub(super) fn or(&mut self, ids: impl IntoIterator<Item = NodeId>) -> NodeId {
        match self.operands(ids, false) {
            None => NodeId::TRUE,
            Some(ids) => match *ids {
                [] => NodeId::FALSE,
                [only] => only,
                _ => self.intern(Node::Or(ids)),
            },
        }
    }

    /// The operands of an `and` (`neutral` true) or an `or` (`neutral` false); `None` when one of
    /// them, or a pair `x`, `not x`, decides the outcome.
    fn operands(
        &self,
        ids: impl IntoIterator<Item = NodeId>,
        neutral: bool,
    ) -> Option<Box<[NodeId]>> {
        let mut operands = Vec::new();
        for id in ids {
            match (self.node(id), neutral) {
                (Some(Node::Const(value)), _) if *value == neutral => {}
                (Some(Node::Const(_)), _) => return None,
                (Some(Node::And(inner)), true) | (Some(Node::Or(inner)), false) => {
                    operands.extend_from_slice(inner);
                }
                _ => operands.push(id),
            }
        }
        operands.sort_unstable();
        operands.dedup();
        let contradiction = operands.iter().any(|&id| {
            matches!(self.node(id), Some(Node::Not(inner)) if operands.binary_search(inner).is_ok())
        });
        (!contradiction).then(|| operands.into_boxed_slice())
    }

    fn intern(&mut self, node: Node) -> NodeId {
        if let Some(&id) = self.ids.get(&node) {
            return id;
        }
        // Rules files are limited in size long before four billion nodes.
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_expressions_are_one_node() {
        let mut graph = Graph::new();
        let (a, b) = (graph.atom(0), graph.atom(1));
        assert_eq!(graph.and([a, b]), graph.and([b, a, b]));
    }

    #[test]
    fn nested_groups_are_flattened() {
        let mut graph = Graph::new();
        let (a, b, c) = (graph.atom(0), graph.atom(1), graph.atom(2));
        let inner = graph.or([a, b]);
        assert_eq!(graph.or([inner, c]), graph.or([a, b, c]));
    }

    #[test]
    fn constants_vanish_or_decide() {
        let mut graph = Graph::new();
        let a = graph.atom(0);
        assert_eq!(graph.and([a, NodeId::TRUE]), a);
        assert_eq!(graph.and([a, NodeId::FALSE]), NodeId::FALSE);
        assert_eq!(graph.or([a, NodeId::TRUE]), NodeId::TRUE);
        assert_eq!(graph.or([]), NodeId::FALSE);
        assert_eq!(graph.and([]), NodeId::TRUE);
    }

    #[test]
    fn a_term_and_its_negation_decide() {
        let mut graph = Graph::new();
        let a = graph.atom(0);
        let not_a = graph.not(a);
        assert_eq!(graph.not(not_a), a);
        assert_eq!(graph.and([a, not_a]), NodeId::FALSE);
        assert_eq!(graph.or([a, not_a]), NodeId::TRUE);
    }
}
