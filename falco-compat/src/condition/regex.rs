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

    /// Whether all of `value` matches. Values that are no UTF-8 match only where the pattern does not
    /// look at them, which with both ends anchored is nowhere.
    pub(super) fn matches(&self, value: &[u8]) -> bool {
        self.0.is_match(value)
    }
}

#[cfg(test)]
mod tests;
