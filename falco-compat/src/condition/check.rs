//! One compiled comparison, and how it is evaluated.

mod compile;
mod endpoint;
mod list;
mod raw;
mod right;
mod test;

use super::operator::{Modifier, Operator};
use super::source::Typed;
use crate::field::{Context, FieldRef};
use crate::value::Value;
pub(super) use compile::compile;
use endpoint::Endpoint;
use list::ListTest;
use raw::RawTest;
use right::RightTest;
use test::Test;

/// A compiled comparison.
#[derive(Clone, Debug)]
pub struct Check {
    text: Box<str>,
    key: Box<str>,
    left: Typed,
    operator: Operator,
    modifier: Option<Modifier>,
    texts: Box<[Box<[u8]>]>,
    access: Access,
}

/// How the values of the left side are got and compared.
#[derive(Clone, Debug)]
enum Access {
    /// The value exists.
    Exists,
    /// The value passes.
    One(Test),
    /// The value of a list field passes.
    List(ListTest),
    /// The value compares with another side's.
    Right(Box<RightTest>),
    /// The value of any ancestor passes; without a test, there is an ancestor.
    AnyAncestor(Option<Test>),
    /// Either end of a connection passes.
    Endpoint(Box<Endpoint>),
    /// A parameter of any event, compared by the type that it has there.
    Raw(RawTest),
    /// The event is near a time.
    Around { time_ns: u64, delta_ns: u64 },
}

/// A check that many rules repeat with other constants: true if the field compares so with any.
#[derive(Clone, Debug)]
pub struct TextAtom<'a> {
    /// The field; its values are texts, compared up to the first NUL.
    pub field: &'a FieldRef,
    /// How.
    pub comparison: TextComparison,
    /// What with.
    pub constants: &'a [Box<[u8]>],
}

/// How a [`TextAtom`] compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextComparison {
    /// `=`, `==`, `in`, `intersects`.
    Exact,
    /// `startswith`.
    Prefix,
    /// `endswith`.
    Suffix,
    /// `contains`.
    Contains,
}

impl Check {
    /// The canonical form, as Falco prints it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Equal for checks that mean the same and different for others, unlike the canonical form.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The left side, if it is a field without transformers.
    pub fn field(&self) -> Option<&FieldRef> {
        self.left.field()
    }

    /// How the sides are compared.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// How the list on the right is meant.
    pub fn modifier(&self) -> Option<Modifier> {
        self.modifier
    }

    /// The constants on the right as written; empty if there is a field.
    pub fn constants(&self) -> &[Box<[u8]>] {
        &self.texts
    }

    /// The check as one of many that can be answered together.
    pub fn as_text_atom(&self) -> Option<TextAtom<'_>> {
        let field = self.left.field()?;
        let comparison = match self.operator {
            Operator::Equal | Operator::DoubleEqual | Operator::In | Operator::Intersects => {
                TextComparison::Exact
            }
            Operator::StartsWith => TextComparison::Prefix,
            Operator::EndsWith => TextComparison::Suffix,
            Operator::Contains => TextComparison::Contains,
            _ => return None,
        };
        let any = matches!(self.modifier, None | Some(Modifier::AnyOf));
        let is_text = self.left.shape.value_type.is_text();
        let is_plain = matches!(self.access, Access::One(_)) && is_text && any;
        is_plain.then_some(TextAtom { field, comparison, constants: &self.texts })
    }

    /// Whether either side asks for a field that `wanted` accepts.
    pub fn mentions(&self, wanted: &dyn Fn(&FieldRef) -> bool) -> bool {
        self.left.source.mentions(wanted)
            || matches!(&self.access, Access::Right(test) if test.right.mentions(wanted))
    }

    /// Whether the check holds for events for which the left side has this value (`None`: is missing);
    /// `None` if the outcome depends on more than the value.
    pub fn outcome(&self, value: Option<Value<'_>>) -> Option<bool> {
        match &self.access {
            Access::Exists => Some(value.is_some()),
            Access::One(test) => Some(value.is_some_and(|value| test.matches(value))),
            Access::List(_)
            | Access::Right(_)
            | Access::AnyAncestor(_)
            | Access::Endpoint(_)
            | Access::Raw(_)
            | Access::Around { .. } => value.is_none().then_some(false),
        }
    }

    /// Whether the check holds for an event. A missing value makes every check false.
    pub fn evaluate(&self, ctx: &Context<'_>) -> bool {
        match &self.access {
            Access::Exists => self.left.source.extract(ctx).is_some(),
            Access::One(test) => {
                self.left.source.extract(ctx).is_some_and(|value| test.matches(value))
            }
            Access::List(test) => match self.left.source.extract(ctx) {
                Some(Value::List(values)) => test.matches(values),
                Some(Value::Str(value)) => test.matches(&[value]),
                _ => false,
            },
            Access::Right(test) => {
                let Some(left) = self.left.source.extract(ctx) else { return false };
                test.right.extract(ctx).is_some_and(|right| test.matches(left, right))
            }
            Access::AnyAncestor(test) => self.left.field().is_some_and(|field| {
                let mut visit = |value| test.as_ref().is_none_or(|test| test.matches(value));
                ctx.extract_all(field, &mut visit)
            }),
            Access::Endpoint(endpoint) => {
                self.left.field().is_some_and(|field| endpoint.matches(field, ctx))
            }
            Access::Raw(test) => test.matches(ctx),
            Access::Around { time_ns, delta_ns } => {
                let now = ctx.event.time_ns;
                *time_ns >= now.wrapping_sub(*delta_ns) && *time_ns <= now.wrapping_add(*delta_ns)
            }
        }
    }
}
