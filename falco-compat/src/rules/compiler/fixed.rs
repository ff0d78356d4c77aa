//! Fields of the configuration (`static.NAME`): only those that it has are fields.

use std::collections::BTreeSet;

use crate::{
    condition::{Expr, Operand, Position},
    field::{Argument, FieldId, FieldRef},
    format::Format,
};

/// The first field of a condition that the configuration would have to have, and where it stands.
pub(super) fn unknown_in_condition(
    condition: &Expr,
    names: &BTreeSet<String>,
) -> Option<(String, Position)> {
    let mut unknown = None;
    condition.for_each_check(&mut |check| {
        for operand in std::iter::once(&check.left).chain(&check.right) {
            if unknown.is_none() {
                unknown = unknown_in_operand(operand, names).map(|it| (it, check.position));
            }
        }
    });
    unknown
}

fn unknown_in_operand(operand: &Operand, names: &BTreeSet<String>) -> Option<String> {
    let parts = match operand {
        Operand::Field(field) => {
            let field = FieldRef::resolve(&field.full_name()).ok()?;
            return is_unknown(&field, names).then(|| field.text().to_owned());
        }
        Operand::Transformer(transformer) => &transformer.arguments,
        Operand::Elements(_, elements) => elements,
        Operand::Value(_) | Operand::List(_) => return None,
    };
    parts.iter().find_map(|part| unknown_in_operand(part, names))
}

/// The first field of an output that the configuration would have to have.
pub(super) fn unknown_in_output(output: &Format, names: &BTreeSet<String>) -> Option<String> {
    output.mentions().find(|field| is_unknown(field, names)).map(|field| field.text().to_owned())
}

fn is_unknown(field: &FieldRef, names: &BTreeSet<String>) -> bool {
    matches!((field.id(), field.argument()), (FieldId::Fixed(_), Argument::Key(name)) if !names.contains(&**name))
}
