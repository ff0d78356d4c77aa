//! What a condition comes to while metadata is not known: yes, no, or a smaller condition.

use crate::{
    condition::{Check, Condition},
    field::Context,
};

/// What is left of a condition.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Nothing: it holds, or not, whatever the metadata is.
    Decided(bool),
    /// A condition on metadata alone.
    Open(Condition),
}

/// Decides `condition` as far as the event of `ctx` does.
pub(super) fn of(condition: &Condition, ctx: &Context<'_>) -> Verdict {
    match condition {
        Condition::And(children) => join(children, ctx, false, Condition::And),
        Condition::Or(children) => join(children, ctx, true, Condition::Or),
        Condition::Not(child) => match of(child, ctx) {
            Verdict::Decided(holds) => Verdict::Decided(!holds),
            Verdict::Open(condition) => Verdict::Open(Condition::Not(Box::new(condition))),
        },
        Condition::Check(check) if is_open(check) => Verdict::Open(condition.clone()),
        Condition::Check(check) => Verdict::Decided(check.evaluate(ctx)),
    }
}

/// Joins the verdicts of `children`, of which one that is `deciding` decides.
fn join(
    children: &[Condition],
    ctx: &Context<'_>,
    deciding: bool,
    make: fn(Vec<Condition>) -> Condition,
) -> Verdict {
    let mut open = Vec::new();
    for child in children {
        match of(child, ctx) {
            Verdict::Decided(holds) if holds == deciding => return Verdict::Decided(deciding),
            Verdict::Decided(_) => {}
            Verdict::Open(condition) => open.push(condition),
        }
    }
    if open.is_empty() {
        return Verdict::Decided(!deciding);
    }
    Verdict::Open(make(open))
}

/// Whether the check asks for metadata and for nothing else.
///
/// One that compares metadata with another field is decided at once, as in Falco: the other field's value
/// is gone later.
fn is_open(check: &Check) -> bool {
    check.mentions(&|field| field.needs_metadata())
        && !check.mentions(&|field| !field.needs_metadata())
}
