//! Comparing two values of one event.

use super::super::number::NumberKind;
use super::super::operator::Operator;
use super::super::source::{Shape, Source};
use super::super::text;
use super::test::{BytesOperator, ordered};
use crate::value::{Value, ValueType};

/// A field or transformer on the right.
#[derive(Clone, Debug)]
pub(super) struct RightTest {
    pub(super) right: Source,
    pub(super) operator: Operator,
    /// Of both sides.
    pub(super) shape: Shape,
}

impl RightTest {
    pub(super) fn matches(&self, left: Value<'_>, right: Value<'_>) -> bool {
        let operator = self.operator;
        if let Some(kind) = NumberKind::of(self.shape.value_type) {
            return match (kind.of_value(left), kind.of_value(right)) {
                (Some(left), Some(right)) => ordered(operator, &left, &right),
                _ => false,
            };
        }
        match (left, right) {
            (Value::List(left), Value::List(right)) if operator == Operator::In => {
                left.iter().all(|value| right.contains(value))
            }
            (Value::List(left), Value::List(right)) => {
                left.iter().any(|value| right.contains(value))
            }
            (Value::Bool(left), Value::Bool(right)) => ordered(operator, &left, &right),
            (Value::Double(left), Value::Double(right)) => ordered(operator, &left, &right),
            (Value::Ip(left), Value::Ip(right)) => {
                (left == right) == (operator != Operator::NotEqual)
            }
            (Value::Str(left) | Value::Bytes(left), Value::Str(right) | Value::Bytes(right))
                if self.shape.value_type == ValueType::Bytebuf =>
            {
                BytesOperator::of(operator).is_some_and(|operator| operator.matches(left, right))
            }
            (Value::Str(left) | Value::Bytes(left), Value::Str(right) | Value::Bytes(right)) => {
                text::compare(operator, left, right)
            }
            _ => false,
        }
    }
}
