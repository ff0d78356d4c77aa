//! The reading position in a YAML text, and the character classes the scanner asks about.

/// A place in a text; everything is zero-based.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Bytes before it, not counting a byte order mark.
    pub offset: usize,
    /// Line.
    pub line: usize,
    /// Bytes before it in its line.
    pub column: usize,
}

/// What reading past the end gives. A text may hold this byte too and then ends some tokens early.
pub(super) const END: u8 = 4;

/// Reads a text byte by byte and knows where it is.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    mark: Mark,
    /// The byte that ends lines, decided by the first line end; lone others don't count lines.
    line_end: Option<u8>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, mark: Mark::default(), line_end: None }
    }

    pub(super) fn mark(&self) -> Mark {
        self.mark
    }

    pub(super) fn column(&self) -> usize {
        self.mark.column
    }

    /// Calls the end of the text the start of a line.
    pub(super) fn reset_column(&mut self) {
        self.mark.column = 0;
    }

    pub(super) fn at_end(&self) -> bool {
        self.mark.offset >= self.text.len()
    }

    pub(super) fn peek(&self) -> u8 {
        self.at(0).unwrap_or(END)
    }

    fn at(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.mark.offset.saturating_add(ahead)).copied()
    }

    /// Takes one byte. Past the end it takes [`END`]s, and the position moves on.
    pub(super) fn take(&mut self) -> u8 {
        let byte = self.peek();
        self.mark.offset += 1;
        self.mark.column += 1;
        if self.line_end.is_none() {
            self.line_end = match byte {
                b'\n' => Some(b'\n'),
                b'\r' if self.peek() == b'\n' => Some(b'\n'),
                b'\r' => Some(b'\r'),
                _ => None,
            };
        }
        if Some(byte) == self.line_end {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        byte
    }

    /// Takes bytes that end nothing and escape nothing, unless at the start of a line.
    pub(super) fn take_while_ordinary(&mut self, out: &mut Vec<u8>) {
        let is_ordinary = |byte: &u8| {
            let special = b" \t\r\n\x04:'\"\\,?[]{}";
            !special.contains(byte)
        };
        if self.mark.column == 0 {
            return;
        }
        let rest = self.text.get(self.mark.offset..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_ordinary(byte)).unwrap_or(rest.len());
        out.extend_from_slice(rest.get(..length).unwrap_or_default());
        self.mark.offset += length;
        self.mark.column += length;
    }

    pub(super) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.take();
        }
    }

    pub(super) fn starts_with(&self, text: &[u8]) -> bool {
        self.text.get(self.mark.offset..).is_some_and(|rest| rest.starts_with(text))
    }

    /// Bytes of the line end `ahead` bytes from here, 0 if there is none.
    fn break_len_at(&self, ahead: usize) -> usize {
        match (self.at(ahead), self.at(ahead + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\n' | b'\r'), _) => 1,
            _ => 0,
        }
    }

    /// Bytes of the line end here, 0 if there is none.
    pub(super) fn break_len(&self) -> usize {
        self.break_len_at(0)
    }

    pub(super) fn at_break(&self) -> bool {
        self.break_len() > 0
    }

    pub(super) fn at_blank(&self) -> bool {
        self.blank_at(0)
    }

    fn blank_at(&self, ahead: usize) -> bool {
        matches!(self.at(ahead), Some(b' ' | b'\t'))
    }

    /// Whether a blank, a line end or the end of the text is `ahead` bytes from here.
    pub(super) fn separated_at(&self, ahead: usize) -> bool {
        self.blank_at(ahead)
            || self.break_len_at(ahead) > 0
            || self.at(ahead).is_none_or(|byte| byte == END)
    }

    /// Like [`Self::separated_at`] without the end of the text.
    pub(super) fn blank_or_break_at(&self, ahead: usize) -> bool {
        self.blank_at(ahead) || self.break_len_at(ahead) > 0
    }

    pub(super) fn is_at(&self, ahead: usize, set: &[u8]) -> bool {
        self.at(ahead).is_some_and(|byte| set.contains(&byte))
    }

    /// `---` or `...`, followed by a separation.
    pub(super) fn at_document_indicator(&self) -> bool {
        self.at_document_start() || self.at_document_end()
    }

    pub(super) fn at_document_start(&self) -> bool {
        self.starts_with(b"---") && self.separated_at(3)
    }

    pub(super) fn at_document_end(&self) -> bool {
        self.starts_with(b"...") && self.separated_at(3)
    }

    /// A blank or line end, then `#`: bytes of both, if here. Comments need the separation.
    pub(super) fn comment_after_separation(&self) -> Option<usize> {
        let separation = if self.at_blank() { 1 } else { self.break_len() };
        (separation > 0 && self.at(separation) == Some(b'#')).then_some(separation + 1)
    }
}
