//! Output templates: `Shell spawned (user=%user.name)`.
//!
//! A template is parsed once, when its rule loads; rendering it cannot fail. What is missing in
//! an event is `<NA>`.

mod field_value;
mod held;
mod print;
#[cfg(test)]
mod tests;
mod token;

use std::sync::Arc;

use crate::{
    condition::parse_operand,
    field::{Context, FieldRef},
};

pub use field_value::FieldValue;
pub use held::HeldText;

use token::{Source, Token};

/// Widest column that `%20proc.name` may ask for, bytes.
const MAX_WIDTH: usize = 65_536;

/// Why a text is not a template. The messages are Falco's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The template is empty.
    #[error("empty formatting token")]
    Empty,
    /// Its last character is a percent sign.
    #[error("invalid formatting syntax: formatting cannot end with a %")]
    EndsWithPercent,
    /// It ends with the width of a column.
    #[error("invalid formatting syntax: formatting cannot end with a number")]
    EndsWithNumber,
    /// What follows a percent sign is no field.
    #[error("unknown filter: {reason}")]
    UnknownField {
        /// Falco's, which is the one for the first character only.
        reason: String,
        /// The part at fault: `%` and what follows it up to the next blank.
        text: String,
    },
}

/// A parsed template.
#[derive(Clone, Debug)]
pub struct Format {
    tokens: Vec<Token>,
    fields: Vec<FieldRef>,
}

impl Format {
    /// Parses `text`. A `*` in front is accepted and has no effect: what is missing is always shown
    /// as `<NA>`, as Falco does.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        if text.is_empty() {
            return Err(FormatError::Empty);
        }
        let mut rest = text.strip_prefix('*').unwrap_or(text);
        let mut format = Self { tokens: Vec::new(), fields: Vec::new() };
        while let Some((literal, after)) = rest.split_once('%') {
            format.push_literal(literal);
            rest = format.push_field(after)?;
        }
        format.push_literal(rest);
        Ok(format)
    }

    fn push_literal(&mut self, literal: &str) {
        if !literal.is_empty() {
            self.tokens.push(Token::Literal(Arc::from(literal)));
        }
    }

    /// Takes the field that `text` begins with; gives what follows it.
    fn push_field<'t>(&mut self, text: &'t str) -> Result<&'t str, FormatError> {
        if text.is_empty() {
            return Err(FormatError::EndsWithPercent);
        }
        let name = text.trim_start_matches(|it: char| it.is_ascii_digit());
        let digits = text.get(..text.len() - name.len()).unwrap_or_default();
        if name.is_empty() {
            return Err(FormatError::EndsWithNumber);
        }
        let (source, len) = longest_source(name)?;
        for field in source.fields() {
            if !self.fields.contains(field) {
                self.fields.push(field.clone());
            }
        }
        // A width of 0 is none, one that does not fit the widest.
        let width = match digits.trim_start_matches('0') {
            "" => 0,
            digits => digits.parse().unwrap_or(MAX_WIDTH).min(MAX_WIDTH),
        };
        self.tokens.push(Token::Value { source, width });
        Ok(name.get(len..).unwrap_or_default())
    }

    /// Appends the template with its fields filled in.
    pub fn render(&self, ctx: &Context<'_>, out: &mut Vec<u8>) {
        for token in &self.tokens {
            token.render(ctx, out);
        }
    }

    /// Every mention of a field in it, in order; also those inside of transformers.
    pub fn mentions(&self) -> impl Iterator<Item = &FieldRef> {
        self.tokens.iter().flat_map(|token| match token {
            Token::Value { source, .. } => source.fields(),
            Token::Literal(_) => &[],
        })
    }

    /// The fields in it, each once, in the order of their first mention; also those inside of
    /// transformers.
    pub fn fields(&self) -> &[FieldRef] {
        &self.fields
    }
}

/// The longest text from the start of `text` that is a field or transformer.
///
/// Falco tries shorter and shorter texts, down to one character, whose error it reports.
fn longest_source(text: &str) -> Result<(Source, usize), FormatError> {
    let mut len = text.len();
    let mut reason = String::new();
    while len > 0 {
        let candidate = text.get(..len).unwrap_or_default();
        let shorter = match parse_operand(candidate) {
            Ok((operand, used)) => match Source::compile(&operand) {
                Ok(source) => return Ok((source, used)),
                Err(error) => {
                    reason = error;
                    // Nothing changes until the operand itself is cut.
                    used.min(len)
                }
            },
            Err(error) => {
                reason = error.message;
                len
            }
        };
        len = (0..shorter).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
    }
    let name = text.split(char::is_whitespace).next().unwrap_or_default();
    Err(FormatError::UnknownField { reason, text: format!("%{name}") })
}
