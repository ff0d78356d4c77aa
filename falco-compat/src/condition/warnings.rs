//! Warnings about a condition that need no knowledge of the fields' types.

use std::collections::BTreeSet;

use super::ast::{CheckExpr, Expr, FieldExpr, Operand};
use super::operator::Operator;

/// Fields without a value since enter events were dropped, and what a person is told of each.
pub const DEPRECATED_FIELDS: [(&str, &str); 6] = [
    ("evt.dir", DIR_NOTE),
    ("evt.latency", LATENCY_NOTE),
    ("evt.latency.s", LATENCY_NOTE),
    ("evt.latency.ns", LATENCY_NOTE),
    ("evt.latency.human", LATENCY_NOTE),
    ("evt.wait_latency", LATENCY_NOTE),
];

const DIR_NOTE: &str = "due to the drop of enter events, 'evt.dir = <' always evaluates to true, \
    and 'evt.dir = >' always evaluates to false. The rule expression can be simplified by \
    removing the condition on 'evt.dir'";
const LATENCY_NOTE: &str = "field is not available due to the drop of enter events.";

/// What [`of`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    /// Whether a field of audit events is compared with `<NA>` (`LOAD_UNSAFE_NA_CHECK`, no message).
    pub unsafe_na: bool,
    /// Indices into [`DEPRECATED_FIELDS`] (`LOAD_DEPRECATED_ITEM`), in its order.
    pub deprecated: BTreeSet<usize>,
}

/// The warnings about `expr`, macros resolved.
pub fn of(expr: &Expr) -> Warnings {
    let mut warnings = Warnings::default();
    expr.for_each_check(&mut |check| warnings.add(check));
    warnings
}

impl Warnings {
    fn add(&mut self, check: &CheckExpr) {
        let mut last_is_unsafe = false;
        each_field(&check.left, &mut |field| {
            last_is_unsafe = field.name.starts_with("ka.") || field.name.starts_with("jevt.");
            self.add_field(field);
        });
        if !last_is_unsafe || !compares_equality(check.operator) || check.modifier.is_some() {
            return;
        }
        match &check.right {
            Some(Operand::Value(value)) => self.unsafe_na |= value.text == "<NA>",
            Some(Operand::List(list)) => {
                self.unsafe_na |= list.values.iter().any(|value| value == "<NA>");
            }
            Some(right) => each_field(right, &mut |field| self.add_field(field)),
            None => {}
        }
    }

    fn add_field(&mut self, field: &FieldExpr) {
        let found = DEPRECATED_FIELDS.iter().position(|(name, _)| *name == field.name);
        self.deprecated.extend(found);
    }
}

/// Fields of an operand, but not those in a transformer's list: Falco does not look there.
fn each_field(operand: &Operand, visit: &mut impl FnMut(&FieldExpr)) {
    match operand {
        Operand::Field(field) => visit(field),
        Operand::Transformer(transformer) => {
            for argument in &transformer.arguments {
                each_field(argument, visit);
            }
        }
        Operand::Elements(..) | Operand::Value(_) | Operand::List(_) => {}
    }
}

fn compares_equality(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::DoubleEqual
            | Operator::Equal
            | Operator::NotEqual
            | Operator::In
            | Operator::Intersects
            | Operator::Pmatch
    )
}
