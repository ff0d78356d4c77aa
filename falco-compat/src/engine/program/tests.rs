//! Rules over three atoms.

use super::*;

/// Evaluates rules over three atoms and says which hold and how often atoms were asked.
#[track_caller]
fn check(build: impl Fn(&mut Graph) -> Vec<NodeId>, atoms: [bool; 3], holds: &[u32], asked: usize) {
    let mut graph = Graph::new();
    let rules = build(&mut graph);
    let leaf = |atom| Leaf {
        question: Question::Check(atom),
        estimate: Estimate { cost: 1.0 + f32::from(u8::try_from(atom).unwrap()), chance: 0.5 },
    };
    let program = Program::new(&graph, (0..).zip(rules), &leaf);
    let mut memo = Memo::default();
    memo.reset(program.size());
    let mut count = 0;
    let mut ask = |question| {
        count += 1;
        let Question::Check(atom) = question else { panic!("no groups here") };
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

/// `(a or b) and c`, `(a or b) and not c`, `not (a or b)`.
fn shared_expression(graph: &mut Graph) -> Vec<NodeId> {
    let (a, b, c) = (graph.atom(0), graph.atom(1), graph.atom(2));
    let either = graph.or([a, b]);
    let not_c = graph.not(c);
    vec![graph.and([either, c]), graph.and([either, not_c]), graph.not(either)]
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
fn expressions_shared_by_rules_are_evaluated_once() {
    check(shared_expression, [false, true, true], &[0], 3);
    check(shared_expression, [true, true, false], &[1], 2);
    check(shared_expression, [false, false, false], &[2], 3);
}

#[test]
fn rules_that_cannot_match_are_left_out() {
    check(|_| vec![NodeId::FALSE, NodeId::TRUE], [false; 3], &[1], 0);
}

/// Combinations in which parts are shared below negations and within each other.
fn nested_sharing(graph: &mut Graph) -> Vec<NodeId> {
    let (a, b, c) = (graph.atom(0), graph.atom(1), graph.atom(2));
    let either = graph.or([a, b]);
    let neither = graph.not(either);
    let not_c = graph.not(c);
    let neither_nor_c = graph.and([neither, not_c]);
    let some = graph.not(neither_nor_c);
    let a_and_c = graph.and([a, c]);
    vec![
        graph.and([neither, c]),
        graph.and([neither, not_c]),
        graph.or([neither, a_and_c]),
        graph.and([some, not_c]),
        some,
    ]
}

#[test]
fn every_outcome_is_that_of_the_expression() {
    for bits in 0..8u8 {
        let [a, b, c] = [bits & 1 != 0, bits & 2 != 0, bits & 4 != 0];
        let neither = !(a || b);
        let some = !neither || c;
        let outcomes = [neither && c, neither && !c, neither || (a && c), some && !c, some];
        let holds: Vec<u32> =
            (0..).zip(outcomes).filter(|(_, holds)| *holds).map(|(rule, _)| rule).collect();
        for chances in [[0.1, 0.5, 0.9], [0.9, 0.5, 0.1], [0.5, 0.9, 0.1]] {
            let mut graph = Graph::new();
            let rules = nested_sharing(&mut graph);
            let leaf = |atom| Leaf {
                question: Question::Member { group: 0, atom },
                estimate: Estimate { cost: 1.0, chance: chances[atom as usize] },
            };
            let program = Program::new(&graph, (0..).zip(rules), &leaf);
            let mut memo = Memo::default();
            memo.reset(program.size());
            let mut ask = |question| match question {
                Question::Member { atom, .. } | Question::Check(atom) => [a, b, c][atom as usize],
            };
            let roots = program.roots().iter();
            let found: Vec<u32> = roots
                .filter(|root| program.holds(**root, &mut memo, &mut ask))
                .map(|root| root.rule)
                .collect();
            assert_eq!(found, holds, "{bits:03b}");
        }
    }
}
