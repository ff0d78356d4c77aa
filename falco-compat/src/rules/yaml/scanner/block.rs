//! Blocks: what indentation opens and closes.

use super::{Indent, Level, Scanner};
use crate::rules::yaml::token::{Status, TokenId, TokenKind};

impl Scanner<'_> {
    /// Opens a block at this column unless one is open there. Gives the level and its token.
    pub(super) fn open_block(&mut self, kind: Indent) -> Option<(usize, TokenId)> {
        if self.in_flow() {
            return None;
        }
        let column = self.input.column();
        if let Some(last) = self.open.last().and_then(|&level| self.levels.get(level)) {
            let sequence_in_map = kind == Indent::Sequence && last.kind == Indent::Map;
            if column < last.column || column == last.column && !sequence_in_map {
                return None;
            }
        }
        let token = self.push(match kind {
            Indent::Sequence => TokenKind::BlockSequenceStart,
            Indent::Map => TokenKind::BlockMapStart,
        });
        let level = self.levels.len();
        self.levels.push(Level { column, kind, status: Status::Valid });
        self.open.push(level);
        Some((level, token))
    }

    pub(super) fn innermost(&self) -> Option<Level> {
        self.open.last().and_then(|&level| self.levels.get(level)).copied()
    }

    pub(super) fn close_blocks_to_here(&mut self) {
        if self.in_flow() {
            return;
        }
        while let Some(level) = self.innermost() {
            let column = self.input.column();
            let entry = self.input.is_at(0, b"-") && self.input.separated_at(1);
            let ends_here = level.kind == Indent::Sequence && !entry;
            if level.column < column || level.column == column && !ends_here {
                break;
            }
            self.close_block();
        }
        while self.innermost().is_some_and(|level| level.status == Status::Invalid) {
            self.close_block();
        }
    }

    pub(super) fn close_all_blocks(&mut self) {
        while !self.in_flow() && !self.open.is_empty() {
            self.close_block();
        }
    }

    pub(super) fn close_block(&mut self) {
        let Some(level) = self.innermost() else { return };
        self.open.pop();
        if level.status != Status::Valid {
            self.invalidate_simple_key();
            return;
        }
        self.push(match level.kind {
            Indent::Sequence => TokenKind::BlockSequenceEnd,
            Indent::Map => TokenKind::BlockMapEnd,
        });
    }
}
