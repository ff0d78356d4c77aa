//! All rules compiled: a program for each event type.

use event::EventType;
use rustc_hash::FxHashMap;

use super::{
    atom::{Atoms, Hits},
    estimate::estimate,
    fold::fold,
    graph::{Graph, Node, NodeId},
    program::{Leaf, Memo, Program},
};
use crate::{
    condition::{Check, Condition, EventTypeSet},
    field::{Context, FieldId, event::EventField},
};

/// Whether an event is reported for the first rule that it matches or for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RuleMatching {
    /// Falco's default.
    #[default]
    First,
    /// Every rule that matches.
    All,
}

/// A rule as the engine sees it.
#[derive(Clone, Copy, Debug)]
pub struct EngineRule<'a> {
    /// When it matches.
    pub condition: &'a Condition,
    /// Types of events that it is evaluated for.
    pub event_types: &'a EventTypeSet,
}

/// Rules compiled for matching. Rules are known by their index in definition order.
#[derive(Debug)]
pub struct Engine {
    atoms: Atoms,
    /// By event type.
    programs: Vec<Program>,
    /// As written, if an event type needs it (see [`asks_abspath`]); else empty.
    conditions: Vec<Condition>,
    memo: Memo,
    hits: Hits,
}

impl Engine {
    /// Compiles `rules`, given in definition order.
    pub fn new(rules: &[EngineRule<'_>]) -> Self {
        let mut atoms = Atoms::default();
        let mut graph = Graph::new();
        let roots: Vec<NodeId> =
            rules.iter().map(|rule| lower(rule.condition, &mut graph, &mut atoms)).collect();
        atoms.group();
        let leaf = |atom| Leaf { question: atoms.question(atom), estimate: estimate(&atoms, atom) };
        let programs: Vec<Program> = EventType::all()
            .iter()
            .map(|&kind| {
                let mut specialised = FxHashMap::default();
                let mut applicable = Vec::new();
                for ((index, rule), &root) in (0..).zip(rules).zip(&roots) {
                    if rule.event_types.contains(kind) {
                        let node = specialise(root, kind, &mut graph, &atoms, &mut specialised);
                        applicable.push((index, node));
                    }
                }
                let mut program = Program::new(&graph, applicable, &leaf);
                if program.atoms().filter_map(|it| atoms.check(it)).any(asks_abspath) {
                    program.keep_order();
                }
                program
            })
            .collect();
        let ordered = programs.iter().any(Program::is_ordered);
        let conditions = rules.iter().filter(|_| ordered).map(|it| it.condition.clone()).collect();
        let hits = atoms.hits();
        Self { atoms, programs, conditions, memo: Memo::default(), hits }
    }

    /// Whether any rule can match events of type `kind`.
    #[inline]
    pub fn looks_at(&self, kind: EventType) -> bool {
        self.programs.get(usize::from(kind.code())).is_some_and(|it| !it.roots().is_empty())
    }

    /// Calls `matched` with the index of each rule that the event of `ctx` matches, in definition order.
    #[inline]
    pub fn matches(
        &mut self,
        ctx: &Context<'_>,
        matching: RuleMatching,
        mut matched: impl FnMut(u32),
    ) {
        let Some(program) = self.programs.get(usize::from(ctx.event.kind.code())) else { return };
        if program.roots().is_empty() {
            return;
        }
        if program.is_ordered() && ctx.starts_from_directory() {
            self.matches_in_order(ctx, program, matching, matched);
            return;
        }
        self.memo.reset(program.size());
        self.hits.reset();
        let (atoms, hits) = (&self.atoms, &mut self.hits);
        let mut ask = |question| atoms.answer(question, ctx, hits);
        for &root in program.roots() {
            if program.holds(root, &mut self.memo, &mut ask) {
                matched(root.rule);
                if matching == RuleMatching::First {
                    return;
                }
            }
        }
    }
}

impl Engine {
    /// As [`Self::matches`], every condition as it is written. Alerts come after the last rule was
    /// asked, as in Falco, so that they show the same.
    #[cold]
    fn matches_in_order(
        &self,
        ctx: &Context<'_>,
        program: &Program,
        matching: RuleMatching,
        matched: impl FnMut(u32),
    ) {
        let limit = match matching {
            RuleMatching::First => 1,
            RuleMatching::All => usize::MAX,
        };
        let holding = program.roots().iter().map(|root| root.rule).filter(|&rule| {
            self.conditions.get(rule as usize).is_some_and(|condition| condition.evaluate(ctx))
        });
        let holding: Vec<u32> = holding.take(limit).collect();
        holding.into_iter().for_each(matched);
    }
}

/// Whether `check` may make a directory the fd of the event, so that later checks see another fd.
fn asks_abspath(check: &Check) -> bool {
    check.mentions(&|field| field.id() == FieldId::Event(EventField::Abspath))
}

fn lower(condition: &Condition, graph: &mut Graph, atoms: &mut Atoms) -> NodeId {
    match condition {
        Condition::And(children) => {
            let ids: Vec<NodeId> = children.iter().map(|it| lower(it, graph, atoms)).collect();
            graph.and(ids)
        }
        Condition::Or(children) => {
            let ids: Vec<NodeId> = children.iter().map(|it| lower(it, graph, atoms)).collect();
            graph.or(ids)
        }
        Condition::Not(child) => {
            let id = lower(child, graph, atoms);
            graph.not(id)
        }
        Condition::Check(check) => {
            let atom = atoms.intern(check);
            graph.atom(atom)
        }
    }
}

/// The node that is left of `id` for events of type `kind`.
fn specialise(
    id: NodeId,
    kind: EventType,
    graph: &mut Graph,
    atoms: &Atoms,
    done: &mut FxHashMap<NodeId, NodeId>,
) -> NodeId {
    if let Some(&node) = done.get(&id) {
        return node;
    }
    let node = match graph.node(id).cloned() {
        None | Some(Node::Const(_)) => id,
        Some(Node::Atom(atom)) => match atoms.check(atom).and_then(|check| fold(check, kind)) {
            Some(outcome) => Graph::constant(outcome),
            None => id,
        },
        Some(Node::Not(inner)) => {
            let inner = specialise(inner, kind, graph, atoms, done);
            graph.not(inner)
        }
        Some(Node::And(children)) => {
            let ids: Vec<NodeId> =
                children.iter().map(|&it| specialise(it, kind, graph, atoms, done)).collect();
            graph.and(ids)
        }
        Some(Node::Or(children)) => {
            let ids: Vec<NodeId> =
                children.iter().map(|&it| specialise(it, kind, graph, atoms, done)).collect();
            graph.or(ids)
        }
    };
    done.insert(id, node);
    node
}
