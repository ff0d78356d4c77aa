//! The parser of conditions: boolean structure with an explicit stack, so depth costs no call stack.
//!
//! `or`, `and` and `not` are kept as levels of parentheses; what stands inside a check is parsed in
//! [`check`]. Positions and messages are Falco's, including its oddities: behind `or(…)` no `and`
//! may follow, because the parenthesis was taken as a whole operand of `or`.

mod check;

use super::ast::{Expr, MacroRef, Operand, Position};
use super::cursor::Cursor;

/// Why a text is not a condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    /// In Falco's words.
    pub message: String,
    /// How far the parser came.
    pub position: Position,
}

/// Deepest nesting of parentheses. Falco intends the same number but does not enforce it.
pub(super) const MAX_DEPTH: usize = 1000;

/// The tree of `text`, macros unresolved.
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    let mut parser = Parser { cursor: Cursor::new(text), transformer_depth: 0 };
    parser.condition().map_err(|message| ParseError { message, position: parser.cursor.position })
}

/// The field or transformer at the start of `text`, and how many bytes it takes.
pub fn parse_operand(text: &str) -> Result<(Operand, usize), ParseError> {
    let mut parser = Parser { cursor: Cursor::new(text), transformer_depth: 0 };
    match parser.field_or_transformer() {
        Ok(operand) => Ok((operand, parser.cursor.position.index)),
        Err(message) => Err(ParseError { message, position: parser.cursor.position }),
    }
}

type Parsed<T> = Result<T, String>;

struct Parser<'a> {
    cursor: Cursor<'a>,
    transformer_depth: usize,
}

/// Between two parentheses, or the whole text.
struct Level {
    opened: Opened,
    or_position: Position,
    or: Vec<Expr>,
    and_position: Position,
    and: Vec<Expr>,
    not_position: Position,
    negated: bool,
}

/// What the parenthesis stands for in the level outside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    Text,
    /// `(` or `not(` where an operand of `and` is expected.
    Operand,
    /// `and(`.
    BehindAnd,
    /// `or(`.
    BehindOr,
}

impl Level {
    fn new(opened: Opened, position: Position) -> Self {
        Self {
            opened,
            or_position: position,
            or: Vec::new(),
            and_position: position,
            and: Vec::new(),
            not_position: position,
            negated: false,
        }
    }

    /// Takes a finished operand of `and`, negated if `not` stood before it.
    fn push(&mut self, operand: Expr) {
        let negated = std::mem::take(&mut self.negated);
        let position = self.not_position;
        self.and.push(if negated { Expr::Not(position, Box::new(operand)) } else { operand });
    }

    fn close_and(&mut self) {
        let children = std::mem::take(&mut self.and);
        self.or.extend(chain(children, |children| Expr::And(self.and_position, children)));
    }

    fn close_or(self) -> Option<Expr> {
        chain(self.or, |children| Expr::Or(self.or_position, children))
    }
}

/// What comes next at the current level.
enum Next {
    Operand,
    Open(Opened),
    Done,
}

impl Parser<'_> {
    fn condition(&mut self) -> Parsed<Expr> {
        if self.cursor.rest().is_empty() {
            return Err("filter input string is empty".to_owned());
        }
        let mut level = Level::new(Opened::Text, self.cursor.position);
        let mut outside = Vec::new();
        self.cursor.blank();
        level.and_position = self.cursor.position;
        let mut next = Next::Operand;
        loop {
            next = match next {
                Next::Operand => self.operand(&mut level)?,
                Next::Open(opened) => {
                    if outside.len() + 1 >= MAX_DEPTH {
                        return Err(format!("exceeded max depth limit of {MAX_DEPTH}"));
                    }
                    self.cursor.blank();
                    let inside = Level::new(opened, self.cursor.position);
                    outside.push(std::mem::replace(&mut level, inside));
                    Next::Operand
                }
                Next::Done => match outside.pop() {
                    None => return self.whole(level),
                    Some(outer) => self.close(std::mem::replace(&mut level, outer), &mut level)?,
                },
            };
        }
    }

    fn whole(&mut self, level: Level) -> Parsed<Expr> {
        if !self.cursor.is_at_end() {
            let last = &self.cursor.last;
            return Err(format!("unexpected token after '{last}', expecting 'or', 'and'"));
        }
        level.close_or().ok_or_else(|| "filter input string is empty".to_owned())
    }

    /// The closing parenthesis of `inside`, and what follows it in `level`.
    fn close(&mut self, inside: Level, level: &mut Level) -> Parsed<Next> {
        self.cursor.blank();
        if !self.cursor.token(")") {
            return Err("expected a ')' token".to_owned());
        }
        let opened = inside.opened;
        let Some(group) = inside.close_or() else { return Ok(Next::Done) };
        if opened == Opened::BehindOr {
            level.or.push(group);
            return self.behind_or_operand(level);
        }
        level.push(group);
        self.behind_and_operand(level)
    }

    /// `not`s, then a check, a macro, or an opening parenthesis.
    fn operand(&mut self, level: &mut Level) -> Parsed<Next> {
        level.not_position = self.cursor.position;
        level.negated = false;
        self.cursor.blank();
        while self.cursor.not_blank() {
            level.negated = !level.negated;
        }
        if self.cursor.token("not(") {
            level.negated = !level.negated;
            return Ok(Next::Open(Opened::Operand));
        }
        let position = self.cursor.position;
        self.cursor.blank();
        if self.cursor.token("(") {
            return Ok(Next::Open(Opened::Operand));
        }
        let operand = match self.check(position)? {
            Some(check) => Expr::Check(Box::new(check)),
            None if self.cursor.identifier() => {
                Expr::Macro(MacroRef { position, name: self.cursor.last.clone() })
            }
            None => {
                let message = "expected a '(' token, a field check, or an identifier";
                return Err(message.to_owned());
            }
        };
        level.push(operand);
        self.behind_and_operand(level)
    }

    fn behind_and_operand(&mut self, level: &mut Level) -> Parsed<Next> {
        self.cursor.blank();
        if self.cursor.token("and") {
            return self.behind_keyword("and", Opened::BehindAnd);
        }
        level.close_and();
        self.behind_or_operand(level)
    }

    fn behind_or_operand(&mut self, level: &mut Level) -> Parsed<Next> {
        self.cursor.blank();
        if !self.cursor.token("or") {
            return Ok(Next::Done);
        }
        let next = self.behind_keyword("or", Opened::BehindOr)?;
        level.and_position = self.cursor.position;
        Ok(next)
    }

    fn behind_keyword(&mut self, keyword: &str, opened: Opened) -> Parsed<Next> {
        if self.cursor.blank() {
            Ok(Next::Operand)
        } else if self.cursor.token("(") {
            Ok(Next::Open(opened))
        } else {
            Err(format!("expected blank or '(' after '{keyword}'"))
        }
    }
}

/// Nothing, the only child, or the children joined.
fn chain(mut children: Vec<Expr>, join: impl FnOnce(Vec<Expr>) -> Expr) -> Option<Expr> {
    match children.len() {
        0 | 1 => children.pop(),
        _ => Some(join(children)),
    }
}

#[cfg(test)]
mod tests;
