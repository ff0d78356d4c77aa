//! Numbers and fields of a line of `/proc`, left to right.

/// What is left of a line. Blanks in front of a number are skipped, as `strtoull` does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(line: &'a [u8]) -> Self {
        Self { rest: line }
    }

    pub(super) const fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn decimal<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.number(10).and_then(|it| T::try_from(it).ok())
    }

    pub(super) fn hex<T: TryFrom<u64>>(&mut self) -> Option<T> {
        self.number(16).and_then(|it| T::try_from(it).ok())
    }

    pub(super) fn octal(&mut self) -> Option<u64> {
        self.number(8)
    }

    /// A decimal number that may have a minus.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let start = *self;
        self.skip_blanks();
        let negative = self.byte(b'-');
        let value = self.number(10).and_then(|it| i64::try_from(it).ok());
        match value {
            Some(value) if negative => Some(-value),
            Some(value) => Some(value),
            None => {
                *self = start;
                None
            }
        }
    }

    /// A number that fits; otherwise nothing is consumed.
    fn number(&mut self, radix: u32) -> Option<u64> {
        let start = *self;
        self.skip_blanks();
        let mut value: Option<u64> = None;
        while let Some((&byte, rest)) = self.rest.split_first() {
            let Some(digit) = char::from(byte).to_digit(radix) else { break };
            let next = value.unwrap_or(0).checked_mul(u64::from(radix));
            let Some(next) = next.and_then(|it| it.checked_add(u64::from(digit))) else {
                *self = start;
                return None;
            };
            value = Some(next);
            self.rest = rest;
        }
        if value.is_none() {
            *self = start;
        }
        value
    }

    /// Whether the next byte is `expected`, which is consumed.
    pub(super) fn byte(&mut self, expected: u8) -> bool {
        match self.rest.split_first() {
            Some((&byte, rest)) if byte == expected => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    pub(super) fn skip_blanks(&mut self) {
        let blanks = self.rest.iter().take_while(|&&it| matches!(it, b' ' | b'\t')).count();
        self.rest = self.rest.get(blanks..).unwrap_or_default();
    }

    /// The next field, empty at the end.
    pub(super) fn field(&mut self) -> &'a [u8] {
        self.skip_blanks();
        let length = self.rest.iter().take_while(|&&it| !matches!(it, b' ' | b'\t')).count();
        let (field, rest) = self.rest.split_at_checked(length).unwrap_or_default();
        self.rest = rest;
        field
    }

    /// Skips `count` fields; whether there were as many.
    pub(super) fn skip_fields(&mut self, count: usize) -> bool {
        (0..count).all(|_| !self.field().is_empty())
    }
}

/// The lines of `text`, without their ends.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}
