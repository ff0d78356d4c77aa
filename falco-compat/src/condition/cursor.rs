//! The lexer: tokens at a position of a condition's text.
//!
//! There is no token stream: what a token is depends on what the grammar expects (`in`, `a.b` and
//! `or` are all values behind `=`), so each production asks for the token it wants.

use super::ast::Position;
use super::escape::unescape;
use super::operator::{Modifier, Operator, Transformer};

/// A place in the text, and the last token found.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    input: &'a str,
    pub(super) position: Position,
    /// For `unexpected token after '…'`.
    pub(super) last: String,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(input: &'a str) -> Self {
        Self { input, position: Position::START, last: String::new() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.position.index == self.input.len()
    }

    /// Text from here on.
    pub(super) fn rest(&self) -> &'a str {
        self.input.get(self.position.index..).unwrap_or_default()
    }

    /// Skips blanks; whether there was one.
    pub(super) fn blank(&mut self) -> bool {
        let rest = self.rest();
        let length = leading(rest, |byte| matches!(byte, b' ' | b'\t' | 8 | b'\r' | b'\n'));
        self.skip(length);
        length > 0
    }

    /// Exactly `token`.
    pub(super) fn token(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.take(token.len());
        }
        found
    }

    /// `not` and the blanks behind it.
    pub(super) fn not_blank(&mut self) -> bool {
        let Some(rest) = self.rest().strip_prefix("not") else { return false };
        match leading(rest, is_space) {
            0 => false,
            blanks => self.take("not".len() + blanks),
        }
    }

    pub(super) fn identifier(&mut self) -> bool {
        match identifier(self.rest()) {
            0 => false,
            length => self.take(length),
        }
    }

    /// Identifiers with dots between them, at least one dot.
    pub(super) fn field_name(&mut self) -> bool {
        let rest = self.rest();
        let mut length = identifier(rest);
        if length == 0 {
            return false;
        }
        let mut dots = 0;
        while let Some(part) = rest.get(length..).and_then(|tail| tail.strip_prefix('.')) {
            let part = identifier(part);
            if part == 0 {
                break;
            }
            length += 1 + part;
            dots += 1;
        }
        dots > 0 && self.take(length)
    }

    /// Bare text between brackets.
    pub(super) fn field_argument(&mut self) -> bool {
        let is_end = |byte| matches!(byte, b'[' | b']' | b'"' | b'\'') || is_space(byte);
        match leading(self.rest(), |byte| !is_end(byte)) {
            0 => false,
            length => self.take(length),
        }
    }

    /// Bare text as a value.
    pub(super) fn bare(&mut self) -> bool {
        let is_end =
            |byte| matches!(byte, b'(' | b')' | b'"' | b'\'' | b'=' | b',') || is_space(byte);
        match leading(self.rest(), |byte| !is_end(byte)) {
            0 => false,
            length => self.take(length),
        }
    }

    /// A number in hexadecimal or decimal notation. The grammar takes more than the value parser.
    pub(super) fn number(&mut self) -> bool {
        match hexadecimal(self.rest()).max(decimal(self.rest())) {
            0 => false,
            length => self.take(length),
        }
    }

    /// Text in quotes. The closing quote is the first without a backslash before it, even if that
    /// backslash is itself escaped (so `"a\\"` has no end; Falco's own flaw).
    pub(super) fn quoted(&mut self) -> Result<bool, String> {
        let rest = self.rest();
        let Some(quote @ ('"' | '\'')) = rest.chars().next() else { return Ok(false) };
        let mut previous = b'\\';
        for (index, byte) in rest.bytes().enumerate() {
            if byte == 0 {
                break;
            }
            if byte == quote as u8 && previous != b'\\' {
                let between = rest.get(1..index).unwrap_or_default();
                self.take(index + 1);
                self.last = unescape(between, quote)?;
                return Ok(true);
            }
            previous = byte;
        }
        Ok(false)
    }

    /// One of `operators`. Those spelled as words and taking text need a blank behind them.
    pub(super) fn operator(&mut self, wanted: fn(Operator) -> bool) -> Option<Operator> {
        Operator::ALL.into_iter().filter(|operator| wanted(*operator)).find(|operator| {
            if operator.is_word() && operator.takes_text() {
                self.word(operator.text())
            } else {
                self.token(operator.text())
            }
        })
    }

    pub(super) fn modifier(&mut self) -> Option<Modifier> {
        Modifier::ALL.into_iter().find(|modifier| self.word(modifier.text()))
    }

    /// A transformer's name with its parenthesis, except `val(`.
    pub(super) fn transformer(&mut self) -> Option<Transformer> {
        Transformer::ALL
            .into_iter()
            .filter(|transformer| *transformer != Transformer::Val)
            .find(|transformer| self.call(transformer.text()))
    }

    /// `name(`; the parenthesis is no part of the last token.
    pub(super) fn call(&mut self, name: &str) -> bool {
        let found = self.rest().strip_prefix(name).is_some_and(|rest| rest.starts_with('('));
        if found {
            self.take(name.len());
            self.skip(1);
        }
        found
    }

    /// Whether a list or a list's name begins here.
    pub(super) fn is_at_list(&self) -> bool {
        self.rest().starts_with('(') || identifier(self.rest()) > 0
    }

    /// Whether `and`, `or` or `not` begins here.
    pub(super) fn is_at_keyword(&self) -> bool {
        ["and", "or", "not"].into_iter().any(|keyword| {
            self.rest().strip_prefix(keyword).is_some_and(|rest| {
                !rest.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
            })
        })
    }

    /// `token` and at least one blank.
    fn word(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest().strip_prefix(token) else { return false };
        if !rest.starts_with([' ', '\t', '\u{8}', '\r', '\n']) {
            return false;
        }
        self.take(token.len());
        self.blank()
    }

    /// Always true, so that it can end a condition.
    fn take(&mut self, length: usize) -> bool {
        let token = self.rest().get(..length).unwrap_or_default();
        token.clone_into(&mut self.last);
        self.position.advance(token);
        true
    }

    fn skip(&mut self, length: usize) {
        let text = self.rest().get(..length).unwrap_or_default();
        self.position.advance(text);
    }
}

/// Length of the longest prefix of bytes that are `wanted`.
fn leading(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    text.bytes().position(|byte| !wanted(byte)).unwrap_or(text.len())
}

/// `[[:space:]]`, which unlike a blank includes vertical tab and form feed but not backspace.
fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

fn identifier(text: &str) -> usize {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return 0;
    }
    leading(text, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn hexadecimal(text: &str) -> usize {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or_default();
    match leading(digits, |byte| byte.is_ascii_hexdigit()) {
        0 => 0,
        digits => 2 + digits,
    }
}

fn decimal(text: &str) -> usize {
    let digits_at = |at: usize| leading(text.get(at..).unwrap_or_default(), |b| b.is_ascii_digit());
    let begins_with =
        |at: usize, set: &[char]| text.get(at..).is_some_and(|tail| tail.starts_with(set));
    let sign = usize::from(begins_with(0, &['+', '-']));
    let whole = digits_at(sign);
    if whole == 0 {
        return 0;
    }
    let mut length = sign + whole;
    length += usize::from(begins_with(length, &['.']));
    length += digits_at(length);
    if begins_with(length, &['e', 'E']) && begins_with(length + 1, &['+', '-']) {
        match digits_at(length + 2) {
            0 => {}
            exponent => length += 2 + exponent,
        }
    }
    length
}
