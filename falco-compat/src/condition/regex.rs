//! Regular expressions as RE2 reads them in POSIX mode: extended syntax, no Perl additions.
//!
//! The syntax is parsed here ([`parser`]), because no Rust crate accepts exactly this language or
//! speaks of its errors in RE2's words; matching is left to `regex-automata`. `.` does not match a
//! line break, `^` and `$` match around one, and a value must match from end to end.

mod class;
mod parser;

use regex_automata::meta;
use regex_automata::util::syntax;
use regex_syntax::hir::{Hir, Look};

/// Most memory for a compiled expression. Patterns are at most 255 bytes long, but repetitions nest.
const MAX_BYTES: usize = 8 << 20;

/// A pattern that whole values are matched with.
#[derive(Clone, Debug)]
pub(super) struct FullRegex(meta::Regex);

impl FullRegex {
    /// Compiles `pattern`; the error is RE2's.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let hir = parser::parse(pattern)?;
        let whole = Hir::concat(vec![Hir::look(Look::Start), hir, Hir::look(Look::End)]);
        let config = meta::Config::new().nfa_size_limit(Some(MAX_BYTES)).onepass_size_limit(None);
        meta::Builder::new()
            .configure(config)
            .syntax(syntax::Config::new())
            .build_from_hir(&whole)
            .map(Self)
            .map_err(|_| "pattern too large - compile failed".to_owned())
    }

    /// Whether all of `value` matches. Bytes that RE2 reads no character from match nowhere.
    pub(super) fn matches(&self, value: &[u8]) -> bool {
        match std::str::from_utf8(value) {
            Ok(_) => self.0.is_match(value),
            Err(error) => {
                let (valid, rest) = value.split_at(error.valid_up_to());
                let mut text = valid.to_vec();
                lenient_into(rest, &mut text);
                self.0.is_match(&text)
            }
        }
    }
}

/// Appends `bytes` with U+FFFD for each sequence that is no UTF-8 but is a character to RE2's `.`:
/// surrogates, overlong sequences of three and four bytes, and code points beyond U+10FFFF.
fn lenient_into(bytes: &[u8], out: &mut Vec<u8>) {
    let mut rest = bytes;
    while let Some(&lead) = rest.first() {
        let length = match lead {
            0xE0 | 0xED => 3,
            0xF0 | 0xF4 => 4,
            _ => 1,
        };
        let whole = rest
            .split_at_checked(length)
            .filter(|(sequence, _)| sequence.iter().skip(1).all(|byte| byte & 0xC0 == 0x80));
        let (sequence, next) = whole.unwrap_or_else(|| rest.split_at(1));
        if sequence.len() > 1 && std::str::from_utf8(sequence).is_err() {
            out.extend_from_slice("\u{FFFD}".as_bytes());
        } else {
            out.extend_from_slice(sequence);
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests;
