//! Directives, anchors, aliases and tags.

use super::{Scanner, Status, YamlError};
use crate::rules::yaml::{cursor::Cursor, token::TokenKind};

impl Scanner<'_> {
    pub(super) fn directive(&mut self) {
        self.close_all_blocks();
        self.simple_keys.clear();
        self.simple_key_allowed = false;
        self.json_like = false;
        let mark = self.input.mark();
        self.input.take();
        let name = self.word();
        let mut arguments = Vec::new();
        loop {
            while self.input.at_blank() {
                self.input.take();
            }
            if self.input.at_end() || self.input.at_break() || self.input.is_at(0, b"#") {
                break;
            }
            arguments.push(self.word());
        }
        let id = self.tokens.push(TokenKind::Directive, mark, name);
        if let Some(token) = self.tokens.token_mut(id) {
            token.arguments = arguments;
            token.status = Status::Valid;
        }
    }

    fn word(&mut self) -> Vec<u8> {
        let mut word = Vec::new();
        while !self.input.at_end() && !self.input.blank_or_break_at(0) {
            word.push(self.input.take());
        }
        word
    }

    pub(super) fn anchor_or_alias(&mut self) -> Result<(), YamlError> {
        self.insert_simple_key();
        self.simple_key_allowed = false;
        self.json_like = false;
        let mark = self.input.mark();
        let (kind, word) = if self.input.take() == b'*' {
            (TokenKind::Alias, "alias")
        } else {
            (TokenKind::Anchor, "anchor")
        };
        let mut name = Vec::new();
        while !self.input.at_end()
            && !self.input.is_at(0, b"[]{},")
            && !self.input.blank_or_break_at(0)
        {
            name.push(self.input.take());
        }
        if name.is_empty() {
            let sign = if kind == TokenKind::Alias { '*' } else { '&' };
            return Err(self.error(&format!("{word} not found after {sign}")));
        }
        let ends = self.input.at_end()
            || self.input.is_at(0, b"?:,]}%@`")
            || self.input.blank_or_break_at(0);
        if !ends {
            return Err(self.error(&format!("illegal character found while scanning {word}")));
        }
        self.tokens.push(kind, mark, name);
        Ok(())
    }

    /// Scans a tag. The token holds it as written, without translation by `%TAG` directives:
    /// nothing here asks for more than whether there is one, and whether it is the lone `!`.
    pub(super) fn tag(&mut self) -> Result<(), YamlError> {
        self.insert_simple_key();
        self.simple_key_allowed = false;
        self.json_like = false;
        let mark = self.input.mark();
        self.input.take();
        let mut text = vec![b'!'];
        if self.input.peek() == b'<' {
            text.extend(verbatim_tag(&mut self.input)?);
        } else {
            let (handle, complete) = tag_handle(&mut self.input)?;
            text.extend(handle);
            if complete && self.input.peek() == b'!' {
                self.input.take();
                text.push(b'!');
                let suffix = tag_characters(&mut self.input);
                if suffix.is_empty() {
                    return Err(self.error("tag handle with no suffix"));
                }
                text.extend(suffix);
            }
        }
        self.tokens.push(TokenKind::Tag, mark, text);
        Ok(())
    }
}

fn verbatim_tag(input: &mut Cursor<'_>) -> Result<Vec<u8>, YamlError> {
    input.take();
    let mut text = vec![b'<'];
    while !input.at_end() {
        if input.peek() == b'>' {
            text.push(input.take());
            return Ok(text);
        }
        let length = tag_character(input, b"#;/?:@&=+$,_.!~*'()[]");
        if length == 0 {
            break;
        }
        text.extend((0..length).map(|_| input.take()));
    }
    Err(YamlError::new(input.mark(), "end of verbatim tag not found"))
}

/// The part up to a second `!`, and whether it could be a handle.
fn tag_handle(input: &mut Cursor<'_>) -> Result<(Vec<u8>, bool), YamlError> {
    let mut text = Vec::new();
    let mut first_other = None;
    while !input.at_end() {
        if input.peek() == b'!' {
            if let Some(mark) = first_other {
                let message = "illegal character found while scanning tag handle";
                return Err(YamlError::new(mark, message));
            }
            break;
        }
        if first_other.is_none() && !is_word(input.peek()) {
            first_other = Some(input.mark());
        }
        let length =
            if first_other.is_none() { 1 } else { tag_character(input, b"#;/?:@&=+$_.~*'()") };
        if length == 0 {
            break;
        }
        text.extend((0..length).map(|_| input.take()));
    }
    Ok((text, first_other.is_none()))
}

fn tag_characters(input: &mut Cursor<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    loop {
        let length = tag_character(input, b"#;/?:@&=+$_.~*'()");
        if length == 0 {
            return text;
        }
        text.extend((0..length).map(|_| input.take()));
    }
}

/// Bytes of the tag character here: a word character, one of `others`, or a `%` escape.
fn tag_character(input: &Cursor<'_>, others: &[u8]) -> usize {
    const HEX: &[u8] = b"0123456789abcdefABCDEF";
    if input.at_end() {
        return 0;
    }
    if is_word(input.peek()) || input.is_at(0, others) {
        return 1;
    }
    let escaped = input.is_at(0, b"%") && input.is_at(1, HEX) && input.is_at(2, HEX);
    if escaped { 3 } else { 0 }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}
