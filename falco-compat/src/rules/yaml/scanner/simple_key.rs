//! Simple keys: scalars that turn out to be keys when a `:` follows on the same line.

use super::{Indent, Scanner, Status};
use crate::rules::yaml::{
    cursor::Mark,
    token::{TokenId, TokenKind},
};

/// Longest distance between a simple key and its `:`, in bytes.
const MAX_LENGTH: usize = 1024;

/// A key put down before its `:` was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleKey {
    mark: Mark,
    flow_depth: usize,
    /// The block it would open and that block's token.
    block: Option<(usize, TokenId)>,
    key: TokenId,
}

impl Scanner<'_> {
    pub(super) fn insert_simple_key(&mut self) {
        let flow_depth = self.flows.len();
        let active = self.simple_keys.last().is_some_and(|key| key.flow_depth == flow_depth);
        if !self.simple_key_allowed || active {
            return;
        }
        let mark = self.input.mark();
        let block = self.open_block(Indent::Map);
        let key = self.push(TokenKind::Key);
        let simple_key = SimpleKey { mark, flow_depth, block, key };
        self.decide(simple_key, Status::Unverified);
        self.simple_keys.push(simple_key);
    }

    /// Gives up the simple key of this flow level.
    pub(super) fn invalidate_simple_key(&mut self) {
        let flow_depth = self.flows.len();
        if let Some(key) = self.simple_keys.pop_if(|key| key.flow_depth == flow_depth) {
            self.decide(key, Status::Invalid);
        }
    }

    /// Whether a `:` here makes the latest simple key of this flow level a key.
    pub(super) fn verify_simple_key(&mut self) -> bool {
        let flow_depth = self.flows.len();
        let Some(key) = self.simple_keys.pop_if(|key| key.flow_depth == flow_depth) else {
            return false;
        };
        let here = self.input.mark();
        let valid = here.line == key.mark.line && here.offset - key.mark.offset <= MAX_LENGTH;
        self.decide(key, if valid { Status::Valid } else { Status::Invalid });
        valid
    }

    fn decide(&mut self, key: SimpleKey, status: Status) {
        if let Some((level, token)) = key.block {
            if let Some(level) = self.levels.get_mut(level) {
                level.status = status;
            }
            if let Some(token) = self.tokens.token_mut(token) {
                token.status = status;
            }
        }
        if let Some(token) = self.tokens.token_mut(key.key) {
            token.status = status;
        }
    }
}
