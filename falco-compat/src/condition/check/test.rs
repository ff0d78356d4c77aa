//! Comparing one value with constants.

use std::net::IpAddr;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::super::literal::{Literal, Network};
use super::super::number::NumberKind;
use super::super::operator::{Modifier, Operator};
use super::super::path::PathSet;
use super::super::text::{TextTest, trim_nul};
use crate::value::{Value, ValueType};

/// A comparison with constants of the value's type.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Nothing passes.
    Never,
    /// Everything passes.
    Always,
    Text(TextTest),
    /// The text is one of the constants, or is none of them.
    Member {
        members: Members,
        expected: bool,
    },
    Path(PathSet),
    Bytes(BytesOperator, Box<[u8]>),
    Number {
        kind: NumberKind,
        operator: Operator,
        constant: u64,
    },
    NumberIn {
        kind: NumberKind,
        constants: Box<[u64]>,
    },
    Double(Operator, f64),
    Bool(Operator, bool),
    Address(Operator, IpAddr),
    Network(Operator, Network),
    /// As many tests pass as the modifier says.
    Several(Modifier, Box<[Test]>),
}

/// A set of texts.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    set: HashSet<Box<[u8]>, FxBuildHasher>,
}

impl Members {
    pub(super) fn new(texts: impl IntoIterator<Item = Box<[u8]>>) -> Self {
        Self { set: texts.into_iter().collect() }
    }

    pub(super) fn contains(&self, text: &[u8]) -> bool {
        self.set.contains(text)
    }
}

/// Operators that buffers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BytesOperator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
}

impl BytesOperator {
    pub(super) fn of(operator: Operator) -> Option<Self> {
        match operator {
            Operator::Equal | Operator::DoubleEqual | Operator::In | Operator::Intersects => {
                Some(Self::Equal)
            }
            Operator::NotEqual => Some(Self::NotEqual),
            Operator::Contains | Operator::BContains => Some(Self::Contains),
            Operator::StartsWith | Operator::BStartsWith => Some(Self::StartsWith),
            Operator::EndsWith => Some(Self::EndsWith),
            _ => None,
        }
    }

    pub(super) fn matches(self, value: &[u8], constant: &[u8]) -> bool {
        match self {
            Self::Equal => value == constant,
            Self::NotEqual => value != constant,
            Self::Contains => memchr::memmem::find(value, constant).is_some(),
            Self::StartsWith => value.starts_with(constant),
            Self::EndsWith => value.ends_with(constant),
        }
    }
}

impl Test {
    /// The test of `operator` against `constants`, one unless the operator or a modifier takes a
    /// list. `literals` are of `value_type`.
    pub(super) fn new(
        operator: Operator,
        modifier: Option<Modifier>,
        value_type: ValueType,
        literals: &[Literal],
    ) -> Result<Self, String> {
        if let Some(modifier) = modifier {
            return Self::several(operator, modifier, value_type, literals);
        }
        match operator {
            Operator::In | Operator::Intersects => Ok(Self::any_of(value_type, literals)),
            Operator::Pmatch => {
                let patterns = literals.iter().filter_map(|literal| match literal {
                    Literal::Bytes(bytes) => Some(&**bytes),
                    _ => None,
                });
                Ok(Self::Path(PathSet::new(patterns)))
            }
            _ => match literals.first() {
                Some(literal) => Self::single(operator, value_type, literal),
                None => Ok(Self::Never),
            },
        }
    }

    fn single(
        operator: Operator,
        value_type: ValueType,
        literal: &Literal,
    ) -> Result<Self, String> {
        Ok(match literal {
            Literal::Number(bits) => match NumberKind::of(value_type) {
                Some(kind) => Self::Number { kind, operator, constant: kind.ordered(*bits) },
                None => Self::Never,
            },
            Literal::Double(number) => Self::Double(operator, *number),
            Literal::Bool(truth) => Self::Bool(operator, *truth),
            Literal::Bytes(bytes) if value_type == ValueType::Bytebuf => {
                match BytesOperator::of(operator) {
                    Some(operator) => Self::Bytes(operator, bytes.clone()),
                    None => Self::Never,
                }
            }
            Literal::Bytes(bytes) => Self::Text(TextTest::new(operator, bytes)?),
            Literal::Address(address) => Self::Address(operator, *address),
            Literal::Network(network) => Self::Network(operator, *network),
        })
    }

    /// `in`: the value equals one of the constants.
    fn any_of(value_type: ValueType, literals: &[Literal]) -> Self {
        if literals.is_empty() {
            return Self::Never;
        }
        if let Some(kind) = NumberKind::of(value_type) {
            let numbers = literals.iter().filter_map(|literal| match literal {
                Literal::Number(bits) => Some(kind.ordered(*bits)),
                _ => None,
            });
            let mut constants: Vec<u64> = numbers.collect();
            constants.sort_unstable();
            return Self::NumberIn { kind, constants: constants.into() };
        }
        if value_type.is_text() {
            return Self::Member { members: members(literals), expected: true };
        }
        let tests =
            literals.iter().map(|literal| Self::single(Operator::Equal, value_type, literal));
        Self::Several(Modifier::AnyOf, tests.filter_map(Result::ok).collect())
    }

    fn several(
        operator: Operator,
        modifier: Modifier,
        value_type: ValueType,
        literals: &[Literal],
    ) -> Result<Self, String> {
        if literals.is_empty() {
            return Ok(Self::Never);
        }
        let is_equality = matches!(operator, Operator::Equal | Operator::DoubleEqual);
        let is_member = match (modifier, operator) {
            (Modifier::AnyOf, _) if is_equality => Some(true),
            (Modifier::AllOf, Operator::NotEqual) => Some(false),
            _ => None,
        };
        if let Some(expected) = is_member {
            // Falco looks these up as bytes in memory. An address never lies there like a network.
            if value_type == ValueType::Ipnet {
                return Ok(if expected { Self::Never } else { Self::Always });
            }
            if value_type.is_text() {
                return Ok(Self::Member { members: members(literals), expected });
            }
        }
        let tests: Result<_, String> =
            literals.iter().map(|literal| Self::single(operator, value_type, literal)).collect();
        Ok(Self::Several(modifier, tests?))
    }

    /// Whether `value` passes; false when it is not of the type that the test was made for.
    pub(super) fn matches(&self, value: Value<'_>) -> bool {
        match (self, value) {
            (Self::Always, _) => true,
            (Self::Text(test), Value::Str(bytes) | Value::Bytes(bytes)) => test.matches(bytes),
            (Self::Member { members, expected }, Value::Str(text) | Value::Bytes(text)) => {
                members.contains(trim_nul(text)) == *expected
            }
            (Self::Path(paths), Value::Str(text) | Value::Bytes(text)) => {
                paths.matches(trim_nul(text))
            }
            (Self::Bytes(operator, constant), Value::Str(bytes) | Value::Bytes(bytes)) => {
                operator.matches(bytes, constant)
            }
            (Self::Number { kind, operator, constant }, value) => {
                kind.of_value(value).is_some_and(|number| ordered(*operator, &number, constant))
            }
            (Self::NumberIn { kind, constants }, value) => {
                kind.of_value(value).is_some_and(|number| constants.binary_search(&number).is_ok())
            }
            (Self::Double(operator, constant), Value::Double(number)) => {
                ordered(*operator, &number, constant)
            }
            (Self::Bool(operator, constant), Value::Bool(truth)) => {
                ordered(*operator, &truth, constant)
            }
            (Self::Address(operator, constant), Value::Ip(address)) => {
                (address == *constant) == (*operator != Operator::NotEqual)
            }
            (Self::Network(operator, network), Value::Ip(address)) => {
                network.contains(address).unwrap_or(false) == (*operator != Operator::NotEqual)
            }
            (Self::Several(modifier, tests), value) => several_match(*modifier, tests, value),
            _ => false,
        }
    }
}

/// Compares numbers, truths and times.
pub(super) fn ordered<T: PartialOrd>(operator: Operator, left: &T, right: &T) -> bool {
    match operator {
        Operator::Equal | Operator::DoubleEqual | Operator::In | Operator::Intersects => {
            left == right
        }
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        _ => false,
    }
}

fn several_match(modifier: Modifier, tests: &[Test], value: Value<'_>) -> bool {
    let mut passing = tests.iter().filter(|test| test.matches(value));
    match modifier {
        Modifier::OneOf => passing.next().is_some() && passing.next().is_none(),
        Modifier::AnyOf => passing.next().is_some(),
        Modifier::AllOf => tests.iter().all(|test| test.matches(value)),
    }
}

fn members(literals: &[Literal]) -> Members {
    Members::new(literals.iter().filter_map(|literal| match literal {
        Literal::Bytes(bytes) => Some(bytes.clone()),
        _ => None,
    }))
}
