//! Sequences and maps, in block and flow style.

use super::{Content, Documents, Mark, NodeId, Parser, TokenKind, YamlError};

/// The collection the parser is in; only a flow sequence may hold a lone `a: b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    FlowSequence,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    BlockSequence,
    FlowSequence,
    BlockMap,
    FlowMap,
    /// `a: b` in a flow sequence.
    Compact,
    /// `: b`.
    CompactNoKey,
}

type Pairs = Vec<(NodeId, NodeId)>;

impl Parser<'_> {
    /// Reads a collection whose first token is next.
    pub(super) fn collection(
        &mut self,
        documents: &mut Documents,
        anchor: Option<Vec<u8>>,
        mark: Mark,
        shape: Shape,
    ) -> Result<NodeId, YamlError> {
        // Registered before its content, which may refer to it.
        let id = self.leaf(documents, anchor, mark, Content::Null);
        let in_flow_sequence = shape == Shape::FlowSequence;
        self.collections.push(if in_flow_sequence {
            Collection::FlowSequence
        } else {
            Collection::Other
        });
        let content = match shape {
            Shape::BlockSequence => Content::Sequence(self.block_sequence(documents)?),
            Shape::FlowSequence => Content::Sequence(self.flow_sequence(documents)?),
            Shape::BlockMap => Content::Map(self.block_map(documents)?),
            Shape::FlowMap => Content::Map(self.flow_map(documents)?),
            Shape::Compact => {
                self.scanner.pop()?;
                let key = self.node(documents)?;
                let value = self.optional_value(documents, mark)?;
                Content::Map(vec![(key, value)])
            }
            Shape::CompactNoKey => {
                let key = documents.add(mark, Content::Null);
                self.scanner.pop()?;
                let value = self.node(documents)?;
                Content::Map(vec![(key, value)])
            }
        };
        self.collections.pop();
        documents.fill(id, content);
        Ok(id)
    }

    /// The next token's kind and place; its absence is an error at the scanner's place.
    fn expect(&mut self, message: &'static str) -> Result<(TokenKind, Mark), YamlError> {
        match self.scanner.peek()?.map(|token| (token.kind, token.mark)) {
            Some(next) => Ok(next),
            None => Err(YamlError::new(self.scanner.mark(), message)),
        }
    }

    fn block_sequence(&mut self, documents: &mut Documents) -> Result<Vec<NodeId>, YamlError> {
        const UNFINISHED: &str = "end of sequence not found";
        self.scanner.pop()?;
        let mut elements = Vec::new();
        loop {
            let (kind, mark) = self.expect(UNFINISHED)?;
            if !matches!(kind, TokenKind::BlockEntry | TokenKind::BlockSequenceEnd) {
                return Err(YamlError::new(mark, UNFINISHED));
            }
            self.scanner.pop()?;
            if kind == TokenKind::BlockSequenceEnd {
                return Ok(elements);
            }
            let next = self.scanner.peek()?.map(|token| (token.kind, token.mark));
            elements.push(match next {
                Some((TokenKind::BlockEntry | TokenKind::BlockSequenceEnd, mark)) => {
                    documents.add(mark, Content::Null)
                }
                _ => self.node(documents)?,
            });
        }
    }

    fn flow_sequence(&mut self, documents: &mut Documents) -> Result<Vec<NodeId>, YamlError> {
        const UNFINISHED: &str = "end of sequence flow not found";
        self.scanner.pop()?;
        let mut elements = Vec::new();
        loop {
            if self.expect(UNFINISHED)?.0 == TokenKind::FlowSequenceEnd {
                self.scanner.pop()?;
                return Ok(elements);
            }
            elements.push(self.node(documents)?);
            match self.expect(UNFINISHED)? {
                (TokenKind::FlowEntry, _) => {
                    self.scanner.pop()?;
                }
                (TokenKind::FlowSequenceEnd, _) => {}
                (_, mark) => return Err(YamlError::new(mark, UNFINISHED)),
            }
        }
    }

    fn block_map(&mut self, documents: &mut Documents) -> Result<Pairs, YamlError> {
        const UNFINISHED: &str = "end of map not found";
        self.scanner.pop()?;
        let mut pairs = Vec::new();
        loop {
            let (kind, mark) = self.expect(UNFINISHED)?;
            let key = match kind {
                TokenKind::BlockMapEnd => {
                    self.scanner.pop()?;
                    return Ok(pairs);
                }
                TokenKind::Key => {
                    self.scanner.pop()?;
                    self.node(documents)?
                }
                TokenKind::Value => documents.add(mark, Content::Null),
                _ => return Err(YamlError::new(mark, UNFINISHED)),
            };
            let value = self.optional_value(documents, mark)?;
            pairs.push((key, value));
        }
    }

    fn flow_map(&mut self, documents: &mut Documents) -> Result<Pairs, YamlError> {
        const UNFINISHED: &str = "end of map flow not found";
        self.scanner.pop()?;
        let mut pairs = Vec::new();
        loop {
            let (kind, mark) = self.expect(UNFINISHED)?;
            let key = match kind {
                TokenKind::FlowMapEnd => {
                    self.scanner.pop()?;
                    return Ok(pairs);
                }
                TokenKind::Key => {
                    self.scanner.pop()?;
                    self.node(documents)?
                }
                _ => documents.add(mark, Content::Null),
            };
            let value = self.optional_value(documents, mark)?;
            pairs.push((key, value));
            match self.expect(UNFINISHED)? {
                (TokenKind::FlowEntry, _) => {
                    self.scanner.pop()?;
                }
                (TokenKind::FlowMapEnd, _) => {}
                (_, mark) => return Err(YamlError::new(mark, UNFINISHED)),
            }
        }
    }

    fn optional_value(
        &mut self,
        documents: &mut Documents,
        mark: Mark,
    ) -> Result<NodeId, YamlError> {
        if self.peek_kind()? != Some(TokenKind::Value) {
            return Ok(documents.add(mark, Content::Null));
        }
        self.scanner.pop()?;
        self.node(documents)
    }
}
