//! `evt.rawarg.NAME`: compared as the type that the parameter has in the event at hand.
//!
//! The constant was read as the type of the first parameter of that name; where an event's parameter
//! has another type, Falco compares memory with memory, and so do we. It also passes no length, so
//! `in` never finds a number and buffers look empty.

use event::ParamType;

use super::super::number::NumberKind;
use super::super::operator::Operator;
use super::super::text::TextTest;
use super::super::{path::PathSet, text};
use super::test::{BytesOperator, ordered};
use crate::field::{Context, ParamSlots};
use crate::value::ValueType;

/// A comparison of a parameter.
#[derive(Clone, Debug)]
pub(super) struct RawTest {
    slots: ParamSlots,
    operator: Operator,
    /// Constants as they lie in memory.
    constants: Box<[Box<[u8]>]>,
    paths: PathSet,
    regex: Option<TextTest>,
}

impl RawTest {
    /// `constants` lie in memory as the type of the first parameter of the name.
    pub(super) fn new(
        slots: ParamSlots,
        operator: Operator,
        constants: Vec<Box<[u8]>>,
    ) -> Result<Self, String> {
        let paths = match operator {
            Operator::Pmatch => PathSet::new(constants.iter().map(|constant| &**constant)),
            _ => PathSet::default(),
        };
        let regex = match (operator, constants.first()) {
            (Operator::Regex, Some(pattern)) => Some(TextTest::new(operator, pattern)?),
            _ => None,
        };
        Ok(Self { slots, operator, constants: constants.into(), paths, regex })
    }

    pub(super) fn matches(&self, ctx: &Context<'_>) -> bool {
        let Some(index) = self.slots.index(ctx.event.kind) else { return false };
        let Some(info) = ctx.event.kind.info().params.get(index) else { return false };
        if index >= ctx.event.param_count() {
            return false;
        }
        let bytes = ctx.event.param(index);
        let value_type = ValueType::from(info.kind);
        let is_null = value_type.is_text() && matches!(bytes, b"" | b"(NULL)\0");
        let bytes = if is_null { b"<NA>" } else { bytes };
        if bytes.is_empty() {
            return false;
        }
        if self.operator == Operator::Exists {
            return true;
        }
        if value_type.is_text() {
            return self.text_matches(text::c_str(bytes));
        }
        let Some(constant) = self.constants.first() else { return false };
        if let Some(kind) = NumberKind::of(value_type) {
            let has_order = !matches!(self.operator, Operator::In | Operator::Intersects)
                && !matches!(info.kind, ParamType::Fd32 | ParamType::Pid32);
            let (left, right) = (number(kind, bytes), number(kind, constant));
            return has_order && ordered(self.operator, &left, &right);
        }
        value_type == ValueType::Bytebuf
            && !matches!(self.operator, Operator::In | Operator::Intersects)
            && BytesOperator::of(self.operator).is_some_and(|it| it.matches(b"", constant))
    }

    fn text_matches(&self, value: &[u8]) -> bool {
        match self.operator {
            Operator::Pmatch => self.paths.matches(value),
            Operator::Regex => self.regex.as_ref().is_some_and(|regex| regex.matches(value)),
            Operator::In | Operator::Intersects => {
                self.constants.iter().any(|constant| **constant == *value)
            }
            operator => self
                .constants
                .first()
                .is_some_and(|constant| text::compare(operator, value, constant)),
        }
    }
}

/// The first bytes as a number of `kind`.
fn number(kind: NumberKind, bytes: &[u8]) -> u64 {
    let mut memory = [0; 8];
    for (slot, byte) in memory.iter_mut().take(kind.width()).zip(bytes) {
        *slot = *byte;
    }
    kind.ordered(u64::from_le_bytes(memory))
}
