//! A rendered template with places that are filled in once metadata is known.

use crate::{
    field::{Context, FieldRef},
    format::{Format, Token, token::Source},
};

/// A rendered template with places that are filled in once metadata is known.
#[derive(Clone, Debug)]
pub struct HeldText {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Ready(Vec<u8>),
    Open { source: Source, width: usize },
}

impl Format {
    /// Renders all but what needs metadata of the container of the event.
    ///
    /// A transformer over metadata and something else is filled in as a whole, later, without the other.
    pub fn hold(&self, ctx: &Context<'_>) -> HeldText {
        let mut pieces = Vec::new();
        let mut ready = Vec::new();
        for token in &self.tokens {
            match token {
                Token::Value { source, width }
                    if source.fields().iter().any(FieldRef::needs_metadata) =>
                {
                    pieces.push(Piece::Ready(std::mem::take(&mut ready)));
                    pieces.push(Piece::Open { source: source.clone(), width: *width });
                }
                Token::Value { .. } | Token::Literal(_) => token.render(ctx, &mut ready),
            }
        }
        pieces.push(Piece::Ready(ready));
        HeldText { pieces }
    }
}

impl HeldText {
    /// The text with the metadata that `ctx` knows.
    pub fn finish(&self, ctx: &Context<'_>) -> Vec<u8> {
        let mut text = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Ready(bytes) => text.extend_from_slice(bytes),
                Piece::Open { source, width } => source.render(*width, ctx, &mut text),
            }
        }
        text
    }
}
