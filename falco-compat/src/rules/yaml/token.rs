//! The tokens of YAML and the queue they wait in until simple keys are decided.

use std::collections::VecDeque;

use super::cursor::Mark;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Directive,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMapStart,
    BlockSequenceEnd,
    BlockMapEnd,
    BlockEntry,
    FlowSequenceStart,
    FlowMapStart,
    FlowSequenceEnd,
    FlowMapEnd,
    FlowEntry,
    Key,
    Value,
    Anchor,
    Alias,
    Tag,
    PlainScalar,
    NonPlainScalar,
}

/// Whether a token that was put down tentatively (a key before its `:`) counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Valid,
    Invalid,
    Unverified,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) mark: Mark,
    /// Scalar content, anchor name, directive name, or the tag's text.
    pub(super) value: Vec<u8>,
    /// Directive arguments.
    pub(super) arguments: Vec<Vec<u8>>,
    pub(super) status: Status,
}

/// Identifies a token for as long as it is queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TokenId(usize);

#[derive(Debug, Default)]
pub(super) struct TokenQueue {
    tokens: VecDeque<Token>,
    taken: usize,
}

impl TokenQueue {
    pub(super) fn push(&mut self, kind: TokenKind, mark: Mark, value: Vec<u8>) -> TokenId {
        let id = TokenId(self.taken + self.tokens.len());
        let status = Status::Valid;
        self.tokens.push_back(Token { kind, mark, value, arguments: Vec::new(), status });
        id
    }

    pub(super) fn token_mut(&mut self, id: TokenId) -> Option<&mut Token> {
        id.0.checked_sub(self.taken).and_then(|index| self.tokens.get_mut(index))
    }

    pub(super) fn front(&self) -> Option<&Token> {
        self.tokens.front()
    }

    pub(super) fn pop(&mut self) -> Option<Token> {
        let token = self.tokens.pop_front()?;
        self.taken += 1;
        Some(token)
    }
}
