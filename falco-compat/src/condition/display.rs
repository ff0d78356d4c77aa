//! The canonical form of a condition: what `falco -L` prints as `condition_compiled`.

use std::fmt::{self, Display as _};

use super::ast::{CheckExpr, Expr, FieldExpr, Operand, TransformerExpr};
use super::escape::escape;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(_, children) => write_chain(f, " and ", children),
            Self::Or(_, children) => write_chain(f, " or ", children),
            Self::Not(_, child) => write!(f, "not {child}"),
            Self::Macro(macro_ref) => f.write_str(&macro_ref.name),
            Self::Check(check) => check.fmt(f),
        }
    }
}

impl fmt::Display for CheckExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.left, self.operator.text())?;
        if let Some(modifier) = self.modifier {
            write!(f, " {}", modifier.text())?;
        }
        match &self.right {
            Some(right) => write!(f, " {right}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(f),
            Self::Transformer(transformer) => transformer.fmt(f),
            Self::Value(value) => f.write_str(&escape(&value.text)),
            Self::List(list) => {
                f.write_str("(")?;
                for (index, value) in list.values.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { ", " })?;
                    f.write_str(&escape(value))?;
                }
                f.write_str(")")
            }
            Self::Elements(_, elements) => write_arguments(f, elements),
        }
    }
}

impl fmt::Display for FieldExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        write_bracket(f, self.argument.as_deref())
    }
}

impl fmt::Display for TransformerExpr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.transformer.text())?;
        write_arguments(f, &self.arguments)?;
        write_bracket(f, self.argument.as_deref())
    }
}

fn write_chain(f: &mut fmt::Formatter<'_>, separator: &str, children: &[Expr]) -> fmt::Result {
    f.write_str("(")?;
    for (index, child) in children.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { separator })?;
        child.fmt(f)?;
    }
    f.write_str(")")
}

fn write_arguments(f: &mut fmt::Formatter<'_>, arguments: &[Operand]) -> fmt::Result {
    f.write_str("(")?;
    for (index, argument) in arguments.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { "," })?;
        argument.fmt(f)?;
    }
    f.write_str(")")
}

fn write_bracket(f: &mut fmt::Formatter<'_>, argument: Option<&str>) -> fmt::Result {
    match argument {
        Some("") => f.write_str("[\"\"]"),
        Some(argument) => write!(f, "[{}]", escape(argument)),
        None => Ok(()),
    }
}
