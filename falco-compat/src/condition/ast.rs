//! The syntax tree of a condition.

use std::fmt;

use super::operator::{Modifier, Operator, Transformer};

/// A place in a condition's text, as Falco counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// Bytes from the start.
    pub index: usize,
    /// From 1; a carriage return counts as a line of its own.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
}

impl Position {
    /// Where every text begins.
    pub const START: Self = Self { index: 0, line: 1, column: 1 };

    /// Moves over `text`.
    pub(super) fn advance(&mut self, text: &str) {
        for byte in text.bytes() {
            self.index += 1;
            if matches!(byte, b'\r' | b'\n') {
                self.column = 1;
                self.line += 1;
            } else {
                self.column += 1;
            }
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "index {}, line {}, column {}", self.index, self.line, self.column)
    }
}

/// A boolean expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// All of two or more.
    And(Position, Vec<Expr>),
    /// Any of two or more.
    Or(Position, Vec<Expr>),
    /// The opposite.
    Not(Position, Box<Expr>),
    /// A macro by name.
    Macro(MacroRef),
    /// A comparison.
    Check(Box<CheckExpr>),
}

impl Expr {
    /// Where the expression begins.
    pub fn position(&self) -> Position {
        match self {
            Self::And(position, _) | Self::Or(position, _) | Self::Not(position, _) => *position,
            Self::Macro(macro_ref) => macro_ref.position,
            Self::Check(check) => check.position,
        }
    }

    /// Calls `visit` for every check, left to right.
    pub fn for_each_check<'a>(&'a self, visit: &mut impl FnMut(&'a CheckExpr)) {
        match self {
            Self::And(_, children) | Self::Or(_, children) => {
                for child in children {
                    child.for_each_check(visit);
                }
            }
            Self::Not(_, child) => child.for_each_check(visit),
            Self::Macro(_) => {}
            Self::Check(check) => visit(check),
        }
    }
}

/// A reference to a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroRef {
    /// Where.
    pub position: Position,
    /// The macro's name.
    pub name: String,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckExpr {
    /// Where its left side begins.
    pub position: Position,
    /// A field or a transformer.
    pub left: Operand,
    /// How to compare.
    pub operator: Operator,
    /// How a list on the right is meant.
    pub modifier: Option<Modifier>,
    /// What to compare with; `None` exactly for `exists`.
    pub right: Option<Operand>,
}

/// One side of a comparison, or an argument of a transformer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// A field of the event.
    Field(FieldExpr),
    /// A function of operands.
    Transformer(TransformerExpr),
    /// A constant.
    Value(ValueExpr),
    /// Constants in parentheses on the right of a check.
    List(ListExpr),
    /// Operands in parentheses inside a transformer.
    Elements(Position, Vec<Operand>),
}

impl Operand {
    /// Where the operand begins.
    pub fn position(&self) -> Position {
        match self {
            Self::Field(field) => field.position,
            Self::Transformer(transformer) => transformer.position,
            Self::Value(value) => value.position,
            Self::List(list) => list.position,
            Self::Elements(position, _) => *position,
        }
    }
}

/// A field, not yet looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldExpr {
    /// Where.
    pub position: Position,
    /// The name with its dots.
    pub name: String,
    /// What stood in brackets, unquoted.
    pub argument: Option<String>,
}

impl FieldExpr {
    /// Name and argument as the field registry reads them.
    pub fn full_name(&self) -> String {
        match &self.argument {
            Some(argument) => format!("{}[{argument}]", self.name),
            None => self.name.clone(),
        }
    }
}

/// A transformer call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransformerExpr {
    /// Where.
    pub position: Position,
    /// Which.
    pub transformer: Transformer,
    /// At least one.
    pub arguments: Vec<Operand>,
    /// What stood in brackets behind the call, unquoted.
    pub argument: Option<String>,
}

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueExpr {
    /// Where.
    pub position: Position,
    /// Unquoted and unescaped.
    pub text: String,
}

/// Constants in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListExpr {
    /// Where.
    pub position: Position,
    /// Unquoted and unescaped.
    pub values: Vec<String>,
}
