//! Turns the text of a YAML file into tokens.

mod block;
mod directive;
mod flow;
mod simple_key;

use super::{
    YamlError,
    cursor::{Cursor, Mark},
    scalar::{Chomp, Fold, Form, ScalarRules, scan_scalar},
    token::{Status, Token, TokenId, TokenKind, TokenQueue},
};
use simple_key::SimpleKey;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Indent {
    Sequence,
    Map,
}

#[derive(Clone, Copy, Debug)]
struct Level {
    column: usize,
    kind: Indent,
    status: Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    Sequence,
    Map,
}

/// Reads tokens on demand.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(super) struct Scanner<'a> {
    input: Cursor<'a>,
    tokens: TokenQueue,
    ended: bool,
    simple_key_allowed: bool,
    scalar_allowed: bool,
    /// After a quoted scalar or a closed flow a `:` needs no blank behind it.
    json_like: bool,
    simple_keys: Vec<SimpleKey>,
    /// Every block ever opened; [`Self::open`] indexes it, simple keys decide about it later.
    levels: Vec<Level>,
    open: Vec<usize>,
    flows: Vec<Flow>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            input: Cursor::new(text),
            tokens: TokenQueue::default(),
            ended: false,
            simple_key_allowed: true,
            scalar_allowed: true,
            json_like: false,
            simple_keys: Vec::new(),
            levels: Vec::new(),
            open: Vec::new(),
            flows: Vec::new(),
        }
    }

    /// Where the scanner is, which may be well past the token that is next.
    pub(super) fn mark(&self) -> Mark {
        self.input.mark()
    }

    /// The next token, `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<&Token>, YamlError> {
        loop {
            match self.tokens.front().map(|token| token.status) {
                Some(Status::Valid) => break,
                Some(Status::Invalid) => {
                    self.tokens.pop();
                }
                _ if self.ended => break,
                _ => self.scan_next()?,
            }
        }
        Ok(self.tokens.front())
    }

    pub(super) fn pop(&mut self) -> Result<Option<Token>, YamlError> {
        self.peek()?;
        Ok(self.tokens.pop())
    }

    fn in_flow(&self) -> bool {
        !self.flows.is_empty()
    }

    fn error(&self, message: &str) -> YamlError {
        YamlError::new(self.input.mark(), message)
    }

    fn scan_next(&mut self) -> Result<(), YamlError> {
        self.skip_to_token();
        self.close_blocks_to_here();
        if self.input.at_end() {
            self.end_stream();
            return Ok(());
        }
        if self.input.column() == 0 {
            if self.input.peek() == b'%' {
                self.directive();
                return Ok(());
            }
            if self.input.at_document_start() {
                self.document_indicator(TokenKind::DocumentStart);
                return Ok(());
            }
            if self.input.at_document_end() {
                self.document_indicator(TokenKind::DocumentEnd);
                return Ok(());
            }
        }
        self.scan_structure()
    }

    fn scan_structure(&mut self) -> Result<(), YamlError> {
        match self.input.peek() {
            b'[' | b'{' => {
                self.flow_start();
                return Ok(());
            }
            b']' | b'}' => return self.flow_end(),
            b',' if self.input.column() == 0 => {
                return Err(self.error("plain value cannot start with flow indicator character"));
            }
            b',' if !self.scalar_allowed => return Err(self.error("unexpected scalar")),
            b',' => {
                self.flow_entry();
                return Ok(());
            }
            b'-' if self.input.separated_at(1) => return self.block_entry(),
            b'?' if self.input.blank_or_break_at(1) => return self.key(),
            b':' if self.at_value() => return self.value(),
            b'*' | b'&' => return self.anchor_or_alias(),
            b'!' => return self.tag(),
            b'|' | b'>' if !self.in_flow() => return self.block_scalar(),
            _ => {}
        }
        if !self.scalar_allowed {
            return Err(self.error("unexpected scalar"));
        }
        match self.input.peek() {
            b'\'' | b'"' => self.quoted_scalar(),
            _ if self.at_plain_scalar() => self.plain_scalar(),
            _ => Err(self.error("unknown token")),
        }
    }

    fn at_value(&self) -> bool {
        if !self.in_flow() {
            return self.input.separated_at(1);
        }
        self.json_like || self.input.blank_or_break_at(1) || self.input.is_at(1, b",]}")
    }

    fn at_plain_scalar(&self) -> bool {
        let input = &self.input;
        if input.blank_or_break_at(0) || input.is_at(0, b",[]{}#&*!|>'\"%@`") {
            return false;
        }
        if self.in_flow() {
            let blank_next =
                input.is_at(1, b" \t") || input.separated_at(1) && !input.blank_or_break_at(1);
            return !(input.is_at(0, b"?") || input.is_at(0, b"-:") && blank_next);
        }
        !(input.is_at(0, b"-?:") && input.separated_at(1))
    }

    fn skip_to_token(&mut self) {
        loop {
            while self.input.at_blank() {
                if !self.in_flow() && self.input.peek() == b'\t' {
                    self.simple_key_allowed = false;
                }
                self.input.take();
            }
            if self.input.is_at(0, b"#") {
                self.skip_line();
            }
            let length = self.input.break_len();
            if length == 0 {
                return;
            }
            self.input.skip(length);
            self.invalidate_simple_key();
            self.scalar_allowed = true;
            if !self.in_flow() {
                self.simple_key_allowed = true;
            }
        }
    }

    fn skip_line(&mut self) {
        while !self.input.at_end() && !self.input.at_break() {
            self.input.take();
        }
    }

    fn end_stream(&mut self) {
        if self.input.column() > 0 {
            self.input.reset_column();
        }
        self.close_all_blocks();
        self.simple_keys.clear();
        self.simple_key_allowed = false;
        self.scalar_allowed = false;
        self.ended = true;
    }

    fn push(&mut self, kind: TokenKind) -> TokenId {
        let mark = self.input.mark();
        self.tokens.push(kind, mark, Vec::new())
    }

    fn document_indicator(&mut self, kind: TokenKind) {
        self.close_all_blocks();
        self.simple_keys.clear();
        self.simple_key_allowed = false;
        self.json_like = false;
        self.push(kind);
        self.input.skip(3);
    }

    fn block_entry(&mut self) -> Result<(), YamlError> {
        if self.in_flow() || !self.simple_key_allowed {
            return Err(self.error("illegal block entry"));
        }
        self.open_block(Indent::Sequence);
        self.simple_key_allowed = true;
        self.json_like = false;
        self.push(TokenKind::BlockEntry);
        self.input.take();
        Ok(())
    }

    fn key(&mut self) -> Result<(), YamlError> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return Err(self.error("illegal map key"));
            }
            self.open_block(Indent::Map);
        }
        self.simple_key_allowed = !self.in_flow();
        self.push(TokenKind::Key);
        self.input.take();
        Ok(())
    }

    fn value(&mut self) -> Result<(), YamlError> {
        let after_simple_key = self.verify_simple_key();
        self.json_like = false;
        if after_simple_key {
            self.simple_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.simple_key_allowed {
                    return Err(self.error("illegal map value"));
                }
                self.open_block(Indent::Map);
            }
            self.simple_key_allowed = !self.in_flow();
        }
        self.scalar_allowed = true;
        self.push(TokenKind::Value);
        self.input.take();
        Ok(())
    }

    /// Columns before the text of the innermost block, plus one; 0 outside of blocks.
    fn block_indent(&self) -> usize {
        self.innermost().map_or(0, |level| level.column + 1)
    }

    fn plain_scalar(&mut self) -> Result<(), YamlError> {
        let (form, indent) = if self.in_flow() {
            (Form::PlainInFlow, 0)
        } else {
            (Form::Plain, self.block_indent())
        };
        self.insert_simple_key();
        let mark = self.input.mark();
        let rules = ScalarRules {
            form,
            indent,
            detect_indent: false,
            fold: Fold::Flow,
            chomp: Chomp::Strip,
        };
        let scalar = scan_scalar(&mut self.input, rules)?;
        self.simple_key_allowed = scalar.ended_by_indent;
        self.json_like = false;
        self.tokens.push(TokenKind::PlainScalar, mark, scalar.text);
        Ok(())
    }

    fn quoted_scalar(&mut self) -> Result<(), YamlError> {
        self.insert_simple_key();
        let mark = self.input.mark();
        let form = if self.input.take() == b'\'' { Form::SingleQuoted } else { Form::DoubleQuoted };
        let rules = ScalarRules {
            form,
            indent: 0,
            detect_indent: false,
            fold: Fold::Flow,
            chomp: Chomp::Clip,
        };
        let scalar = scan_scalar(&mut self.input, rules)?;
        self.simple_key_allowed = false;
        self.scalar_allowed = self.in_flow();
        self.json_like = true;
        self.tokens.push(TokenKind::NonPlainScalar, mark, scalar.text);
        Ok(())
    }

    fn block_scalar(&mut self) -> Result<(), YamlError> {
        let mark = self.input.mark();
        let fold = if self.input.take() == b'>' { Fold::Block } else { Fold::Keep };
        let mut chomp = None;
        let mut indent = None;
        loop {
            match self.input.peek() {
                byte @ (b'+' | b'-') if chomp.is_none() => {
                    self.input.take();
                    chomp = Some(if byte == b'+' { Chomp::Keep } else { Chomp::Strip });
                }
                byte @ b'0'..=b'9' if indent.is_none() => {
                    self.input.take();
                    if byte == b'0' {
                        return Err(self.error("cannot set zero indentation for a block scalar"));
                    }
                    indent = Some(usize::from(byte - b'0'));
                }
                _ => break,
            }
        }
        while self.input.at_blank() {
            self.input.take();
        }
        if self.input.is_at(0, b"#") {
            self.skip_line();
        }
        if !self.input.at_end() && !self.input.at_break() {
            return Err(self.error("unexpected character in block scalar"));
        }
        let rules = ScalarRules {
            form: Form::Block,
            indent: indent.unwrap_or(1) + self.block_indent().saturating_sub(1),
            detect_indent: indent.is_none(),
            fold,
            chomp: chomp.unwrap_or(Chomp::Clip),
        };
        let scalar = scan_scalar(&mut self.input, rules)?;
        self.simple_key_allowed = true;
        self.json_like = false;
        self.tokens.push(TokenKind::NonPlainScalar, mark, scalar.text);
        Ok(())
    }
}
