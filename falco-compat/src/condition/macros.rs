//! Replacing macro references by the macros' trees.

use std::sync::Arc;

use hashbrown::HashMap;

use super::ast::{CheckExpr, Expr, MacroRef, Operand, Position};
use super::parser::MAX_DEPTH;

/// Most nodes that one condition may have once its macros are replaced; constants count by size.
const MAX_NODES: usize = 1_000_000;

/// Why macro references cannot be replaced; the first problem from the left, loops first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct MacroError {
    /// In Falco's words.
    pub message: String,
    /// Of the reference, in the text that contains it.
    pub position: Position,
}

/// The macros that a condition may refer to.
#[derive(Clone, Debug, Default)]
pub struct MacroTable {
    macros: HashMap<String, Arc<Expr>>,
}

impl MacroTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// Defines or redefines a macro. Its tree may hold references of its own; they are replaced when
    /// the macro is used, from the same table.
    pub fn define(&mut self, name: &str, tree: Arc<Expr>) {
        self.macros.insert(name.to_owned(), tree);
    }

    /// `expr` with every reference replaced, and the names that were, each once in order of first use.
    pub fn resolve(&self, expr: &Expr) -> Result<(Expr, Vec<String>), MacroError> {
        let mut resolver = Resolver {
            table: self,
            path: Vec::new(),
            used: Vec::new(),
            nodes: 0,
            loops: None,
            unknown: None,
            too_large: None,
        };
        let tree = resolver.expr(expr, 0);
        match resolver.loops.or(resolver.unknown).or(resolver.too_large) {
            Some(error) => Err(error),
            None => Ok((tree, resolver.used)),
        }
    }
}

struct Resolver<'a> {
    table: &'a MacroTable,
    path: Vec<&'a str>,
    used: Vec<String>,
    nodes: usize,
    loops: Option<MacroError>,
    unknown: Option<MacroError>,
    too_large: Option<MacroError>,
}

impl<'a> Resolver<'a> {
    fn expr(&mut self, expr: &Expr, depth: usize) -> Expr {
        self.nodes += 1;
        if depth >= MAX_DEPTH || self.nodes > MAX_NODES {
            let message = if depth >= MAX_DEPTH {
                format!("exceeded max depth limit of {MAX_DEPTH}")
            } else {
                format!("condition has more than {MAX_NODES} nodes")
            };
            self.too_large.get_or_insert(MacroError { message, position: expr.position() });
            return Expr::And(expr.position(), Vec::new());
        }
        match expr {
            Expr::And(position, children) => Expr::And(*position, self.children(children, depth)),
            Expr::Or(position, children) => Expr::Or(*position, self.children(children, depth)),
            Expr::Not(position, child) => {
                Expr::Not(*position, Box::new(self.expr(child, depth + 1)))
            }
            Expr::Macro(reference) => self.reference(reference, depth),
            Expr::Check(check) => {
                self.nodes += constants(check);
                Expr::Check(check.clone())
            }
        }
    }

    fn children(&mut self, children: &[Expr], depth: usize) -> Vec<Expr> {
        children.iter().map(|child| self.expr(child, depth + 1)).collect()
    }

    fn reference(&mut self, reference: &MacroRef, depth: usize) -> Expr {
        let table: &'a MacroTable = self.table;
        let position = reference.position;
        let Some((name, tree)) = table.macros.get_key_value(&reference.name) else {
            let message = format!("Undefined macro '{}' used in filter.", reference.name);
            self.unknown.get_or_insert(MacroError { message, position });
            return Expr::Macro(reference.clone());
        };
        if self.path.contains(&name.as_str()) {
            let message = format!("reference loop in macro '{name}'");
            self.loops.get_or_insert(MacroError { message, position });
            return Expr::Macro(reference.clone());
        }
        self.path.push(name);
        let resolved = self.expr(tree, depth + 1);
        self.path.pop();
        if !self.used.contains(name) {
            self.used.push(name.clone());
        }
        resolved
    }
}

/// What the constants of a check count as: they are copied with each use of a macro.
fn constants(check: &CheckExpr) -> usize {
    const NODE_BYTES: usize = 256;
    let bytes = match &check.right {
        Some(Operand::Value(value)) => value.text.len(),
        Some(Operand::List(list)) => list.values.iter().map(|value| 16 + value.len()).sum(),
        _ => 0,
    };
    bytes / NODE_BYTES
}

#[cfg(test)]
mod tests;
