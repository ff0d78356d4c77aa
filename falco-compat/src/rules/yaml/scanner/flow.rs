//! Flow collections: `[a, b]` and `{a: b}`.

use super::{Flow, Scanner, YamlError};
use crate::rules::yaml::token::TokenKind;

impl Scanner<'_> {
    pub(super) fn flow_start(&mut self) {
        self.insert_simple_key();
        self.simple_key_allowed = true;
        self.json_like = false;
        let (flow, kind) = if self.input.peek() == b'[' {
            (Flow::Sequence, TokenKind::FlowSequenceStart)
        } else {
            (Flow::Map, TokenKind::FlowMapStart)
        };
        self.push(kind);
        self.input.take();
        self.flows.push(flow);
    }

    pub(super) fn flow_end(&mut self) -> Result<(), YamlError> {
        if !self.in_flow() {
            return Err(self.error("illegal flow end"));
        }
        self.finish_solo_entry();
        self.simple_key_allowed = false;
        self.json_like = true;
        let (flow, kind) = if self.input.peek() == b']' {
            (Flow::Sequence, TokenKind::FlowSequenceEnd)
        } else {
            (Flow::Map, TokenKind::FlowMapEnd)
        };
        if self.flows.last() != Some(&flow) {
            return Err(self.error("illegal flow end"));
        }
        self.push(kind);
        self.input.take();
        self.flows.pop();
        Ok(())
    }

    pub(super) fn flow_entry(&mut self) {
        self.finish_solo_entry();
        self.simple_key_allowed = true;
        self.json_like = false;
        self.push(TokenKind::FlowEntry);
        self.input.take();
    }

    /// In `{a, b}` an entry is a key without a value, in `[a, b]` it is no key.
    fn finish_solo_entry(&mut self) {
        match self.flows.last().copied() {
            Some(Flow::Map) if self.verify_simple_key() => {
                self.push(TokenKind::Value);
            }
            Some(Flow::Sequence) => self.invalidate_simple_key(),
            Some(Flow::Map) | None => {}
        }
    }
}
