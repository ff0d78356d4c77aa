//! Comparing a list of values with a set: byte by byte, without regard to NULs.

use super::super::literal::Literal;
use super::super::operator::Operator;
use super::test::Members;

/// `in` or `intersects` of a list field.
#[derive(Clone, Debug)]
pub(super) struct ListTest {
    members: Members,
    all: bool,
}

impl ListTest {
    /// `in` wants every value in the set, `intersects` one.
    pub(super) fn new(operator: Operator, literals: Vec<Literal>) -> Self {
        let members = Members::new(literals.into_iter().filter_map(|literal| match literal {
            Literal::Bytes(bytes) => Some(bytes),
            _ => None,
        }));
        Self { members, all: operator == Operator::In }
    }

    pub(super) fn matches(&self, values: &[&[u8]]) -> bool {
        if self.all {
            values.iter().all(|value| self.members.contains(value))
        } else {
            values.iter().any(|value| self.members.contains(value))
        }
    }
}
