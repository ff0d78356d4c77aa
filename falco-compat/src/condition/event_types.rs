//! Which event types a condition can match, computed from its checks of `evt.type` alone.
//!
//! The result decides for which events a rule is evaluated at all, so its oddities are observable and
//! kept: a generic system call's name stands for all generic events, and `not evt.type exists` is
//! never evaluated.

mod set;

use std::collections::BTreeSet;

use event::EventType;

use super::ast::{CheckExpr, Expr, Operand};
use super::operator::Operator;
pub use set::EventTypeSet;
pub(super) use set::{ASYNC_NAMES, assigned};
use set::{CodeSet, SyscallSet};

/// A check of `evt.type` that cannot be computed beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventTypeError {
    /// Compared with another field.
    #[error(
        "right-hand field comparisons on `evt.type`/`syscall.type` checks are not supported by \
         event code search"
    )]
    RightField,
    /// Transformed.
    #[error("event code search does not support `evt.type` checks with transformers")]
    Transformer,
}

/// The event types for which `expr`, macros resolved, has to be evaluated. The engine adds
/// `asyncevent` to every rule's set.
pub fn event_types(expr: &Expr) -> Result<EventTypeSet, EventTypeError> {
    codes(expr, false)
}

/// Names of the events that `expr`, macros resolved, can match: `events` of `falco -L`.
pub fn event_names(expr: &Expr) -> Result<BTreeSet<&'static str>, EventTypeError> {
    let mut types: EventTypeSet = codes(expr, false)?;
    types.insert(EventType::AsynceventE);
    let syscalls: SyscallSet = codes(expr, false)?;
    let mut names = BTreeSet::new();
    let is_named = |kind: EventType| !matches!(kind, EventType::GenericE | EventType::GenericX);
    let mut covered = SyscallSet::empty();
    for &kind in EventType::all().iter().filter(|kind| is_named(**kind)) {
        let stands_for_one = kind.syscalls().iter().any(|code| syscalls.contains_code(*code));
        if stands_for_one {
            for code in kind.syscalls() {
                covered.insert_code(*code);
            }
        }
        if stands_for_one || types.contains(kind) {
            names.insert(kind.info().name);
        }
    }
    names.extend(syscalls.difference(covered).names());
    Ok(names)
}

/// Negation is pushed down to the checks: a set says "can be true", which has no complement.
fn codes<S: CodeSet>(expr: &Expr, negated: bool) -> Result<S, EventTypeError> {
    match expr {
        Expr::And(_, children) if negated => union(children, negated),
        Expr::Or(_, children) if !negated => union(children, negated),
        Expr::And(_, children) | Expr::Or(_, children) => children
            .iter()
            .try_fold(S::all(), |set, child| Ok(set.intersect(codes(child, negated)?))),
        Expr::Not(_, child) => codes(child, !negated),
        Expr::Macro(_) => Ok(S::all()),
        Expr::Check(check) => check_codes(check, negated),
    }
}

fn union<S: CodeSet>(children: &[Expr], negated: bool) -> Result<S, EventTypeError> {
    children.iter().try_fold(S::empty(), |set, child| Ok(set.union(codes(child, negated)?)))
}

fn check_codes<S: CodeSet>(check: &CheckExpr, negated: bool) -> Result<S, EventTypeError> {
    let names_types = matches!(
        check.operator,
        Operator::DoubleEqual | Operator::Equal | Operator::NotEqual | Operator::In
    ) && check.modifier.is_none();
    if check.operator != Operator::Exists && !names_types {
        return Ok(S::all());
    }
    if !is_event_type(&check.left)? {
        return Ok(S::all());
    }
    let set = match &check.right {
        None => S::all(),
        Some(Operand::Value(value)) => S::of_names(&[value.text.as_str()]),
        Some(Operand::List(list)) => {
            S::of_names(&list.values.iter().map(String::as_str).collect::<Vec<_>>())
        }
        Some(right) => {
            is_event_type(right)?;
            return Err(EventTypeError::RightField);
        }
    };
    let inverted = negated != (check.operator == Operator::NotEqual);
    Ok(if inverted { S::all().difference(set) } else { set })
}

/// Whether the operand is a plain event type.
fn is_event_type(operand: &Operand) -> Result<bool, EventTypeError> {
    match operand {
        Operand::Field(field) => {
            let is_type = field.name == "evt.type" || field.name == "syscall.type";
            Ok(is_type && field.argument.is_none())
        }
        Operand::Transformer(transformer) => {
            for argument in &transformer.arguments {
                if is_event_type(argument)? {
                    return Err(EventTypeError::Transformer);
                }
            }
            Ok(false)
        }
        // The last element decides for the whole list.
        Operand::Elements(_, elements) => {
            elements.iter().try_fold(false, |_, element| is_event_type(element))
        }
        Operand::Value(_) | Operand::List(_) => Ok(false),
    }
}

#[cfg(test)]
mod tests;
