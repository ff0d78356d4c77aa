//! `fnmatch` without flags: `*`, `?`, `[…]` and `\`, where slashes and leading dots are ordinary.
//!
//! Time is at most pattern length times text length: only the last `*` is ever taken back, which
//! suffices because everything else matches exactly one byte. Behaviour follows glibc in the C
//! locale, down to broken brackets.

use std::cmp::Ordering;

/// Whether upper and lower case are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Exact,
    Folded,
}

impl Case {
    fn fold(self, byte: u8) -> u8 {
        match self {
            Self::Exact => byte,
            Self::Folded => byte.to_ascii_lowercase(),
        }
    }
}

/// Whether all of `text` matches `pattern`.
pub(super) fn matches(pattern: &[u8], text: &[u8], case: Case) -> bool {
    let (mut at, mut position) = (0, 0);
    // Where to go on after the last `*` has eaten one byte more.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if pattern.get(at) == Some(&b'*') {
            at += 1;
            retry = Some((at, position));
            continue;
        }
        let step = match text.get(position) {
            Some(&byte) => one(pattern, at, byte, case),
            None if at == pattern.len() => return true,
            // What is left of the pattern needs bytes that are not there.
            None => return false,
        };
        match (step, &mut retry) {
            (Some(next), _) => {
                at = next;
                position += 1;
            }
            (None, Some((star, eaten))) => {
                *eaten += 1;
                at = *star;
                position = *eaten;
            }
            (None, None) => return false,
        }
    }
}

/// Where the pattern goes on if its item at `at` matches `byte`.
fn one(pattern: &[u8], at: usize, byte: u8, case: Case) -> Option<usize> {
    let expected = match *pattern.get(at)? {
        b'?' => return Some(at + 1),
        b'[' => return bracket(pattern, at, byte, case),
        b'\\' => {
            let escaped = *pattern.get(at + 1)?;
            return (case.fold(escaped) == case.fold(byte)).then_some(at + 2);
        }
        literal => literal,
    };
    (case.fold(expected) == case.fold(byte)).then_some(at + 1)
}

/// Where the pattern goes on if the bracket at `at` matches `byte`.
fn bracket(pattern: &[u8], at: usize, byte: u8, case: Case) -> Option<usize> {
    let inverted = matches!(pattern.get(at + 1), Some(b'!' | b'^'));
    let mut inside = at + 1 + usize::from(inverted);
    let folded = case.fold(byte);
    let first = inside;
    loop {
        let Some(&item) = pattern.get(inside) else {
            // Without an end it is an ordinary bracket.
            return (byte == b'[').then_some(at + 1);
        };
        if item == b']' && inside > first {
            return inverted.then_some(inside + 1);
        }
        match item_matches(pattern, inside, byte, folded, case)? {
            Item::Yes(next) => {
                let end = closing(pattern, next)?;
                return (!inverted).then_some(end);
            }
            Item::No(next) => inside = next,
        }
    }
}

/// What one item of a bracket says, and where the next one is.
enum Item {
    Yes(usize),
    No(usize),
}

impl Item {
    fn of(matches: bool, next: usize) -> Self {
        if matches { Self::Yes(next) } else { Self::No(next) }
    }
}

/// `None` when the bracket is broken so that it matches nothing.
fn item_matches(pattern: &[u8], at: usize, byte: u8, folded: u8, case: Case) -> Option<Item> {
    let item = *pattern.get(at)?;
    if item == b'[' {
        if let Some(class) = class_at(pattern, at) {
            let (name, next) = class;
            return Some(Item::of(in_class(name, byte)?, next));
        }
        if pattern.get(at + 1) == Some(&b'=')
            && let Some(&[single, b'=', b']']) = pattern.get(at + 2..at + 5)
        {
            return Some(Item::of(single == byte, at + 5));
        }
    }
    let (low, mut next) = if item == b'\\' {
        (case.fold(*pattern.get(at + 1)?), at + 2)
    } else if item == b'[' && pattern.get(at + 1) == Some(&b'.') {
        symbol_at(pattern, at)?
    } else {
        (case.fold(item), at + 1)
    };
    let is_range = pattern.get(next) == Some(&b'-')
        && pattern.get(next + 1).is_some_and(|after| *after != b']');
    if !is_range {
        return Some(Item::of(low == folded, next));
    }
    let mut high = *pattern.get(next + 1)?;
    next += 2;
    if high == b'\\' {
        high = *pattern.get(next)?;
        next += 1;
    } else if high == b'[' && pattern.get(next) == Some(&b'.') {
        (high, next) = symbol_at(pattern, next - 1)?;
    }
    Some(Item::of(low <= folded && folded <= case.fold(high), next))
}

/// Behind the `]` that ends the bracket of which an item ending at `at` has matched.
fn closing(pattern: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match *pattern.get(at)? {
            b']' => return Some(at + 1),
            b'\\' => {
                pattern.get(at + 1)?;
                at += 2;
            }
            b'[' if pattern.get(at + 1) == Some(&b'=') => {
                // An equivalence class is one character between equals signs, or all is lost.
                at = matches!(pattern.get(at + 3..at + 5), Some(b"=]")).then_some(at + 5)?;
            }
            b'[' if pattern.get(at + 1) == Some(&b'.') => at = symbol_at(pattern, at)?.1,
            b'[' => at = class_at(pattern, at).map_or(at + 1, |(_, next)| next),
            _ => at += 1,
        }
    }
}

/// The name, of letters from a to y as in glibc, in `[:name:]` at `at`, and what is behind it.
fn class_at(pattern: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = pattern.get(at..)?.strip_prefix(b"[:")?;
    let length = rest.iter().position(|byte| !(b'a'..=b'y').contains(byte))?;
    match rest.get(length..length + 2)?.cmp(b":]") {
        Ordering::Equal => Some((rest.get(..length)?, at + 2 + length + 2)),
        Ordering::Less | Ordering::Greater => None,
    }
}

/// The only character in `[.x.]` at `at`, and what is behind it; longer symbols do not exist.
fn symbol_at(pattern: &[u8], at: usize) -> Option<(u8, usize)> {
    match pattern.get(at + 2..at + 5)? {
        [symbol, b'.', b']'] => Some((*symbol, at + 5)),
        _ => None,
    }
}

fn in_class(name: &[u8], byte: u8) -> Option<bool> {
    Some(match name {
        b"alpha" => byte.is_ascii_alphabetic(),
        b"upper" => byte.is_ascii_uppercase(),
        b"lower" => byte.is_ascii_lowercase(),
        b"digit" => byte.is_ascii_digit(),
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        b"space" => matches!(byte, b'\t'..=b'\r' | b' '),
        b"blank" => matches!(byte, b'\t' | b' '),
        b"punct" => byte.is_ascii_punctuation(),
        b"cntrl" => byte.is_ascii_control(),
        b"graph" => byte.is_ascii_graphic(),
        b"print" => byte.is_ascii_graphic() || byte == b' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
