//! Character classes: `[…]` with ranges, escapes and `[:name:]`.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::parser::escape;

/// The class at the start of `rest`; takes it off.
pub(super) fn parse(rest: &mut &str) -> Result<ClassUnicode, String> {
    let whole = *rest;
    let missing = || format!("missing ]: {whole}");
    skip(rest, 1);
    let negated = rest.starts_with('^');
    skip(rest, usize::from(negated));
    let mut class = ClassUnicode::empty();
    let mut is_first = true;
    loop {
        let next = rest.chars().next().ok_or_else(missing)?;
        if next == ']' && !is_first {
            skip(rest, 1);
            break;
        }
        if next == '-' && !is_first && !rest.starts_with("-]") {
            let Some(after) = rest.chars().nth(1).map(char::len_utf8) else {
                return Err("invalid UTF-8".to_owned());
            };
            let bad = rest.get(..1 + after).unwrap_or_default();
            return Err(format!("invalid character class range: {bad}"));
        }
        is_first = false;
        if let Some(length) = named_length(rest) {
            let name = rest.get(..length).unwrap_or_default();
            let mut named =
                named(name).ok_or_else(|| format!("invalid character class range: {name}"))?;
            if name.starts_with("[:^") {
                named.negate();
            }
            class.union(&named);
            skip(rest, length);
            continue;
        }
        class.push(range(rest, whole)?);
    }
    if negated {
        class.negate();
    }
    Ok(class)
}

fn range(rest: &mut &str, whole: &str) -> Result<ClassUnicodeRange, String> {
    let start = *rest;
    let low = character(rest, whole)?;
    let is_range = rest.len() >= 2 && rest.starts_with('-') && !rest.starts_with("-]");
    if !is_range {
        return Ok(ClassUnicodeRange::new(low, low));
    }
    skip(rest, 1);
    let high = character(rest, whole)?;
    if high < low {
        let bad = start.get(..start.len() - rest.len()).unwrap_or_default();
        return Err(format!("invalid character class range: {bad}"));
    }
    Ok(ClassUnicodeRange::new(low, high))
}

fn character(rest: &mut &str, whole: &str) -> Result<char, String> {
    match rest.chars().next() {
        None => Err(format!("missing ]: {whole}")),
        Some('\\') => escape(rest),
        Some(character) => {
            skip(rest, character.len_utf8());
            Ok(character)
        }
    }
}

/// Length of `[:name:]` at the start of `rest`, known or not.
fn named_length(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix("[:")?;
    inside.find(":]").map(|length| length + 4)
}

fn named(name: &str) -> Option<ClassUnicode> {
    let ranges: &[(char, char)] = match name.strip_prefix("[:")?.strip_suffix(":]")? {
        "alnum" | "^alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" | "^alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" | "^ascii" => &[('\0', '\u{7f}')],
        "blank" | "^blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" | "^cntrl" => &[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')],
        "digit" | "^digit" => &[('0', '9')],
        "graph" | "^graph" => &[('!', '~')],
        "lower" | "^lower" => &[('a', 'z')],
        "print" | "^print" => &[(' ', '~')],
        "punct" | "^punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" | "^space" => &[('\t', '\r'), (' ', ' ')],
        "upper" | "^upper" => &[('A', 'Z')],
        "word" | "^word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        "xdigit" | "^xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    let ranges = ranges.iter().map(|&(low, high)| ClassUnicodeRange::new(low, high));
    Some(ClassUnicode::new(ranges))
}

fn skip(rest: &mut &str, length: usize) {
    *rest = rest.get(length..).unwrap_or_default();
}
