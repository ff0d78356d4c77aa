//! From a tree to something that can be evaluated.

use super::ast::{Expr, Position};
use super::check::{self, Check};
use crate::field::Context;

/// A compiled condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// All of them, left to right.
    And(Vec<Condition>),
    /// Any of them, left to right.
    Or(Vec<Condition>),
    /// The opposite.
    Not(Box<Condition>),
    /// A comparison.
    Check(Box<Check>),
}

/// Why a tree cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CompileError {
    /// In Falco's words.
    pub message: String,
    /// Of the check, in the text that contains it (a macro's, if it came from one).
    pub position: Position,
}

/// What a person should know about a condition that compiles (`LOAD_COMPILE_CONDITION`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileWarning {
    /// In Falco's words.
    pub message: String,
    /// Of the right side.
    pub position: Position,
}

/// Compiles `expr`, whose macros are resolved: looks fields up, checks types, reads constants.
pub fn compile(expr: &Expr) -> Result<(Condition, Vec<CompileWarning>), CompileError> {
    let mut warnings = Vec::new();
    let condition = compile_expr(expr, &mut warnings)?;
    Ok((condition, warnings))
}

fn compile_expr(
    expr: &Expr,
    warnings: &mut Vec<CompileWarning>,
) -> Result<Condition, CompileError> {
    let mut all = |children: &[Expr]| -> Result<Vec<Condition>, CompileError> {
        children.iter().map(|child| compile_expr(child, warnings)).collect()
    };
    Ok(match expr {
        Expr::And(_, children) => Condition::And(all(children)?),
        Expr::Or(_, children) => Condition::Or(all(children)?),
        Expr::Not(_, child) => Condition::Not(Box::new(compile_expr(child, warnings)?)),
        Expr::Macro(reference) => {
            let message = format!("filter error: unexpected identifier '{}'", reference.name);
            return Err(CompileError { message, position: reference.position });
        }
        Expr::Check(expr) => {
            let position = expr.position;
            let check = check::compile(expr, warnings)
                .map_err(|message| CompileError { message, position })?;
            Condition::Check(Box::new(check))
        }
    })
}

impl Condition {
    /// Whether the condition holds for an event.
    pub fn evaluate(&self, ctx: &Context<'_>) -> bool {
        match self {
            Self::And(children) => children.iter().all(|child| child.evaluate(ctx)),
            Self::Or(children) => children.iter().any(|child| child.evaluate(ctx)),
            Self::Not(child) => !child.evaluate(ctx),
            Self::Check(check) => check.evaluate(ctx),
        }
    }

    /// Calls `visit` for every check, left to right.
    pub fn for_each_check<'a>(&'a self, visit: &mut impl FnMut(&'a Check)) {
        match self {
            Self::And(children) | Self::Or(children) => {
                for child in children {
                    child.for_each_check(visit);
                }
            }
            Self::Not(child) => child.for_each_check(visit),
            Self::Check(check) => visit(check),
        }
    }
}
