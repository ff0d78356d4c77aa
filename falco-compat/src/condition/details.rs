//! What a condition is made of: the names that `falco -L` lists.

use std::collections::BTreeSet;

use super::ast::{CheckExpr, Expr, FieldExpr, Operand};
use super::operator::Modifier;

/// Names used in one condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Fields with their arguments.
    pub fields: BTreeSet<String>,
    /// Macros, of those that are known.
    pub macros: BTreeSet<String>,
    /// Operators with their modifiers.
    pub operators: BTreeSet<String>,
    /// Lists, of those that are known and not yet replaced by their items.
    pub lists: BTreeSet<String>,
    /// Values of `evt.type` and `evt.asynctype`.
    pub event_names: BTreeSet<String>,
    /// Transformers.
    pub transformers: BTreeSet<&'static str>,
}

/// A check whose left side has no field: Falco cannot describe it either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsError {
    /// With a right side.
    #[error("can't find field info in binary check expression")]
    Binary,
    /// Without.
    #[error("can't find field info in unary check expression")]
    Unary,
}

impl Details {
    /// The names in `expr`; `is_list` and `is_macro` tell which identifiers are lists and macros.
    pub fn of(
        expr: &Expr,
        is_list: &dyn Fn(&str) -> bool,
        is_macro: &dyn Fn(&str) -> bool,
    ) -> Result<Self, DetailsError> {
        let mut details = Self::default();
        details.add_expr(expr, is_list, is_macro)?;
        Ok(details)
    }

    fn add_expr(
        &mut self,
        expr: &Expr,
        is_list: &dyn Fn(&str) -> bool,
        is_macro: &dyn Fn(&str) -> bool,
    ) -> Result<(), DetailsError> {
        match expr {
            Expr::And(_, children) | Expr::Or(_, children) => {
                children.iter().try_for_each(|child| self.add_expr(child, is_list, is_macro))
            }
            Expr::Not(_, child) => self.add_expr(child, is_list, is_macro),
            Expr::Macro(reference) => {
                if is_macro(&reference.name) {
                    self.macros.insert(reference.name.clone());
                }
                Ok(())
            }
            Expr::Check(check) => self.add_check(check, is_list),
        }
    }

    fn add_check(
        &mut self,
        check: &CheckExpr,
        is_list: &dyn Fn(&str) -> bool,
    ) -> Result<(), DetailsError> {
        let last_field = self.add_operand(&check.left);
        let Some(right) = &check.right else {
            self.operators.insert(check.operator.text().to_owned());
            return last_field.map(|_| ()).ok_or(DetailsError::Unary);
        };
        let field = last_field.ok_or(DetailsError::Binary)?;
        self.operators.insert(operator_name(check));
        let names_events = field == "evt.type" || field == "evt.asynctype";
        match right {
            Operand::Value(value) if names_events => {
                self.event_names.insert(value.text.clone());
            }
            Operand::List(list) => {
                for value in &list.values {
                    if is_list(value) {
                        self.lists.insert(value.clone());
                    } else if names_events {
                        self.event_names.insert(value.clone());
                    }
                }
            }
            Operand::Value(_) => {}
            Operand::Field(_) | Operand::Transformer(_) | Operand::Elements(..) => {
                self.add_operand(right);
            }
        }
        Ok(())
    }

    /// Adds the operand's fields and transformers; the last field's name.
    fn add_operand(&mut self, operand: &Operand) -> Option<String> {
        match operand {
            Operand::Field(field) => {
                let name = field_name(field);
                self.fields.insert(name.clone());
                Some(name)
            }
            Operand::Transformer(transformer) => {
                self.transformers.insert(transformer.transformer.text());
                self.add_operands(&transformer.arguments)
            }
            Operand::Elements(_, elements) => self.add_operands(elements),
            Operand::Value(_) | Operand::List(_) => None,
        }
    }

    fn add_operands(&mut self, operands: &[Operand]) -> Option<String> {
        operands.iter().fold(None, |last, operand| self.add_operand(operand).or(last))
    }
}

/// The name as listed: an empty argument does not show.
fn field_name(field: &FieldExpr) -> String {
    match field.argument.as_deref() {
        None | Some("") => field.name.clone(),
        Some(_) => field.full_name(),
    }
}

fn operator_name(check: &CheckExpr) -> String {
    match check.modifier.map(Modifier::text) {
        Some(modifier) => format!("{} {modifier}", check.operator.text()),
        None => check.operator.text().to_owned(),
    }
}
