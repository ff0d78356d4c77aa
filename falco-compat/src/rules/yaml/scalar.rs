//! Reads the text of a scalar: folding, chomping, indentation and escapes.

use super::{
    YamlError,
    cursor::{Cursor, Mark},
};

/// How line ends inside a scalar are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// `|`: kept.
    Keep,
    /// `>`.
    Block,
    /// Plain and quoted scalars.
    Flow,
}

/// What happens to line ends at the end of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chomp {
    Strip,
    Clip,
    Keep,
}

/// The form of a scalar, which decides where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    PlainInFlow,
    SingleQuoted,
    DoubleQuoted,
    Block,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct ScalarRules {
    pub(super) form: Form,
    /// Columns that belong to the structure and not to the text.
    pub(super) indent: usize,
    /// Take the indent from the first line that has text.
    pub(super) detect_indent: bool,
    pub(super) fold: Fold,
    pub(super) chomp: Chomp,
}

#[derive(Debug)]
pub(super) struct Scalar {
    pub(super) text: Vec<u8>,
    /// The scalar ended because a line was indented less.
    pub(super) ended_by_indent: bool,
}

/// Reads the scalar at the cursor; for quoted ones the opening quote has been taken.
pub(super) fn scan_scalar(input: &mut Cursor<'_>, rules: ScalarRules) -> Result<Scalar, YamlError> {
    let mut scan = Scan {
        input,
        rules,
        text: Vec::new(),
        last_escaped: None,
        found_text: false,
        past_opening_break: rules.fold == Fold::Flow,
        empty_line: false,
        more_indented: false,
        folded_lines: 0,
        folding_began_more_indented: false,
        run_end: 0,
    };
    let ended_by_indent = scan.lines()?;
    scan.trim();
    Ok(Scalar { text: scan.text, ended_by_indent })
}

#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
struct Scan<'a, 'i> {
    input: &'a mut Cursor<'i>,
    rules: ScalarRules,
    text: Vec<u8>,
    /// Length of the text after the last escape: nothing before it is trimmed.
    last_escaped: Option<usize>,
    found_text: bool,
    past_opening_break: bool,
    empty_line: bool,
    more_indented: bool,
    folded_lines: usize,
    folding_began_more_indented: bool,
    /// Length of the text after the last run of ordinary bytes.
    run_end: usize,
}

/// What a line of a scalar ended with.
enum LineEnd {
    Break { escaped: bool, last_text: usize },
    Scalar,
}

impl Scan<'_, '_> {
    /// Reads all lines; true if a smaller indentation ended the scalar.
    fn lines(&mut self) -> Result<bool, YamlError> {
        while !self.input.at_end() {
            let LineEnd::Break { escaped, last_text } = self.line()? else { return Ok(false) };
            if self.rules.fold == Fold::Flow {
                self.text.truncate(last_text);
            }
            let length = self.input.break_len();
            self.input.skip(length);
            self.indentation()?;
            self.join(escaped);
            if !self.empty_line && self.input.column() < self.rules.indent {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Bytes of what ends the scalar, if it is here.
    fn end(&self) -> Option<usize> {
        let input = &self.input;
        match self.rules.form {
            Form::Plain if input.is_at(0, b":") && input.separated_at(1) => Some(1),
            Form::PlainInFlow
                if input.is_at(0, b",?[]{}")
                    || input.is_at(0, b":")
                        && (input.separated_at(1) || input.is_at(1, b",]}")) =>
            {
                Some(1)
            }
            Form::Plain | Form::PlainInFlow => input.comment_after_separation(),
            Form::SingleQuoted => (input.is_at(0, b"'") && !input.is_at(1, b"'")).then_some(1),
            Form::DoubleQuoted => input.is_at(0, b"\"").then_some(1),
            Form::Block => (input.peek() == super::cursor::END).then_some(0),
        }
    }

    fn line(&mut self) -> Result<LineEnd, YamlError> {
        let plain = matches!(self.rules.form, Form::Plain | Form::PlainInFlow);
        let quoted = matches!(self.rules.form, Form::SingleQuoted | Form::DoubleQuoted);
        let mut last_text = self.text.len();
        let mut escaped = false;
        loop {
            self.ordinary_run();
            last_text = last_text.max(self.run_end);
            if self.end().is_some() || self.input.at_break() || self.input.at_end() {
                break;
            }
            if self.input.column() == 0 && self.input.at_document_indicator() {
                if plain {
                    break;
                }
                if quoted {
                    return Err(self.error("illegal document indicator in scalar"));
                }
            }
            self.found_text = true;
            self.past_opening_break = true;
            let double = self.rules.form == Form::DoubleQuoted;
            if double && self.input.is_at(0, b"\\") && self.input.is_at(1, b"\r\n") {
                self.input.take();
                last_text = self.text.len();
                self.last_escaped = Some(last_text);
                escaped = true;
                break;
            }
            let single = self.rules.form == Form::SingleQuoted;
            if double && self.input.is_at(0, b"\\") || single && self.input.is_at(0, b"'") {
                escape(self.input, &mut self.text)?;
                last_text = self.text.len();
                self.last_escaped = Some(last_text);
                continue;
            }
            let byte = self.input.take();
            self.text.push(byte);
            if byte != b' ' && byte != b'\t' {
                last_text = self.text.len();
            }
        }
        if self.input.at_end() {
            return if quoted {
                Err(self.error("illegal EOF in scalar"))
            } else {
                Ok(LineEnd::Scalar)
            };
        }
        if plain && self.input.column() == 0 && self.input.at_document_indicator() {
            return Ok(LineEnd::Scalar);
        }
        if let Some(length) = self.end() {
            if quoted {
                self.input.skip(length);
            }
            return Ok(LineEnd::Scalar);
        }
        Ok(LineEnd::Break { escaped, last_text })
    }

    /// Takes bytes that mean nothing in any form of scalar, which is most of them.
    fn ordinary_run(&mut self) {
        let before = self.text.len();
        self.input.take_while_ordinary(&mut self.text);
        if self.text.len() > before {
            self.found_text = true;
            self.past_opening_break = true;
            self.run_end = self.text.len();
        }
    }

    /// Skips the indentation of the next line.
    fn indentation(&mut self) -> Result<(), YamlError> {
        let detecting = self.rules.detect_indent && !self.found_text;
        while self.input.peek() == b' '
            && (self.input.column() < self.rules.indent || detecting)
            && self.end().is_none()
        {
            self.input.take();
        }
        if detecting {
            self.rules.indent = self.rules.indent.max(self.input.column());
        }
        let quoted = matches!(self.rules.form, Form::SingleQuoted | Form::DoubleQuoted);
        while self.input.at_blank() {
            if self.input.peek() == b'\t' && self.input.column() < self.rules.indent && !quoted {
                return Err(self.error("illegal tab when looking for indentation"));
            }
            if self.rules.fold != Fold::Flow || self.end().is_some() {
                break;
            }
            self.input.take();
        }
        Ok(())
    }

    /// Adds what the line end just passed stands for.
    fn join(&mut self, escaped: bool) {
        let next_empty = self.input.at_break();
        let next_more_indented = self.input.at_blank();
        if self.rules.fold == Fold::Block && self.folded_lines == 0 && next_empty {
            self.folding_began_more_indented = self.more_indented;
        }
        if self.past_opening_break {
            match self.rules.fold {
                Fold::Keep => self.text.push(b'\n'),
                Fold::Block => self.join_folded(next_empty, next_more_indented),
                Fold::Flow if next_empty => self.text.push(b'\n'),
                Fold::Flow if !self.empty_line && !escaped => self.text.push(b' '),
                Fold::Flow => {}
            }
        }
        self.empty_line = next_empty;
        self.more_indented = next_more_indented;
        self.past_opening_break = true;
    }

    fn join_folded(&mut self, next_empty: bool, next_more_indented: bool) {
        let joined = !self.empty_line
            && !next_empty
            && !self.more_indented
            && !next_more_indented
            && self.input.column() >= self.rules.indent;
        if joined {
            self.text.push(b' ');
        } else if next_empty {
            self.folded_lines += 1;
        } else {
            self.text.push(b'\n');
        }
        if !next_empty && self.folded_lines > 0 {
            self.text.resize(self.text.len() + self.folded_lines - 1, b'\n');
            if self.folding_began_more_indented || next_more_indented || !self.found_text {
                self.text.push(b'\n');
            }
            self.folded_lines = 0;
        }
    }

    fn trim(&mut self) {
        if matches!(self.rules.form, Form::Plain | Form::PlainInFlow)
            && let Some(last) = self.last_kept(b" \t")
        {
            self.text.truncate(last + 1);
        }
        if self.rules.chomp == Chomp::Keep {
            return;
        }
        match (self.last_kept(b"\n"), self.rules.chomp) {
            (None, _) => self.text.clear(),
            (Some(last), Chomp::Clip) => self.text.truncate(last.saturating_add(2)),
            (Some(last), _) => self.text.truncate(last.saturating_add(1)),
        }
    }

    /// Index of the last byte that is not one of `trimmed`, but never before an escape's end.
    fn last_kept(&self, trimmed: &[u8]) -> Option<usize> {
        let last = self.text.iter().rposition(|byte| !trimmed.contains(byte));
        last.max(self.last_escaped)
    }

    fn error(&self, message: &str) -> YamlError {
        YamlError::new(self.input.mark(), message)
    }
}

/// Takes an escape sequence; the cursor is at its backslash or first quote.
fn escape(input: &mut Cursor<'_>, out: &mut Vec<u8>) -> Result<(), YamlError> {
    let introducer = input.take();
    let byte = input.take();
    if introducer == b'\'' && byte == b'\'' {
        out.push(b'\'');
        return Ok(());
    }
    match byte {
        b'0' => out.push(0),
        b'a' => out.push(7),
        b'b' => out.push(8),
        b't' | b'\t' => out.push(b'\t'),
        b'n' => out.push(b'\n'),
        b'v' => out.push(0x0b),
        b'f' => out.push(0x0c),
        b'r' => out.push(b'\r'),
        b'e' => out.push(0x1b),
        b' ' | b'"' | b'\'' | b'\\' | b'/' => out.push(byte),
        // yaml-cpp gives the bare bytes 85 and A0 for these two, which is no text.
        b'N' => push_char(out, '\u{85}'),
        b'_' => push_char(out, '\u{a0}'),
        b'L' => push_char(out, '\u{2028}'),
        b'P' => push_char(out, '\u{2029}'),
        b'x' => unicode(input, 2, out)?,
        b'u' => unicode(input, 4, out)?,
        b'U' => unicode(input, 8, out)?,
        _ => {
            let message = format!("unknown escape character: {}", char::from(byte));
            return Err(YamlError::new(input.mark(), message));
        }
    }
    Ok(())
}

fn unicode(input: &mut Cursor<'_>, digits: usize, out: &mut Vec<u8>) -> Result<(), YamlError> {
    let taken: Vec<u8> = (0..digits).map(|_| input.take()).collect();
    let mark = input.mark();
    let mut value: u32 = 0;
    for byte in taken {
        let Some(digit) = char::from(byte).to_digit(16) else {
            return Err(YamlError::new(mark, "bad character found while scanning hex number"));
        };
        value = value << 4 | digit;
    }
    let Some(character) = char::from_u32(value) else {
        return Err(invalid_unicode(mark, value));
    };
    push_char(out, character);
    Ok(())
}

fn invalid_unicode(mark: Mark, value: u32) -> YamlError {
    YamlError::new(mark, format!("invalid unicode: {value}"))
}

fn push_char(out: &mut Vec<u8>, character: char) {
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
}
