//! `getopt`: short options of a command line.

use bumpalo::collections::Vec as ArenaVec;

use super::{Getopt, Source};
use crate::field::Context;
use crate::value::Value;

/// Which letters are options, and which of them have values.
#[derive(Clone, Debug)]
pub(super) enum OptionString {
    Known(Box<Letters>),
    /// From the event.
    Extracted(Source),
}

/// Sets of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    options: [bool; 256],
    with_value: [bool; 256],
}

impl OptionString {
    pub(super) fn new(source: Source) -> Self {
        match source {
            Source::Text(text) => Self::Known(Box::new(Letters::new(&text))),
            other => Self::Extracted(other),
        }
    }

    fn letters<'v, 'e: 'v>(&'v self, ctx: &Context<'e>) -> Option<Letters> {
        match self {
            Self::Known(letters) => Some(**letters),
            Self::Extracted(source) => match source.extract(ctx)? {
                Value::Str(text) => Some(Letters::new(text)),
                _ => None,
            },
        }
    }
}

impl Letters {
    fn new(text: &[u8]) -> Self {
        let mut letters = Self { options: [false; 256], with_value: [false; 256] };
        for (index, letter) in text.iter().enumerate() {
            if *letter == b':' {
                continue;
            }
            set(&mut letters.options, *letter);
            if text.get(index + 1) == Some(&b':') {
                set(&mut letters.with_value, *letter);
            }
        }
        letters
    }

    fn is_option(&self, letter: u8) -> bool {
        letter != b':' && is_set(&self.options, letter)
    }
}

fn set(letters: &mut [bool; 256], letter: u8) {
    if let Some(slot) = letters.get_mut(usize::from(letter)) {
        *slot = true;
    }
}

fn is_set(letters: &[bool; 256], letter: u8) -> bool {
    letters.get(usize::from(letter)).copied().unwrap_or(false)
}

impl Getopt {
    /// Options and their values in order, or the last value of the selected option.
    pub(super) fn extract<'v, 'e: 'v>(&'v self, ctx: &Context<'e>) -> Option<Value<'v>> {
        let letters = self.options.letters(ctx)?;
        let Value::List(arguments) = self.arguments.extract(ctx)? else { return None };
        let mut found =
            Found { selected: self.selected, last: None, all: ArenaVec::new_in(ctx.arena) };
        scan(arguments, &letters, &mut found);
        match self.selected {
            Some(_) => found.last.map(Value::Str),
            None => Some(Value::List(found.all.into_bump_slice())),
        }
    }
}

struct Found<'v> {
    selected: Option<u8>,
    last: Option<&'v [u8]>,
    all: ArenaVec<'v, &'v [u8]>,
}

impl<'v> Found<'v> {
    fn is_wanted(&self, letter: u8) -> bool {
        self.selected.is_none_or(|selected| selected == letter)
    }

    fn add(&mut self, letter: &'v [u8], value: Option<&'v [u8]>) {
        if self.selected.is_some() {
            self.last = Some(value.unwrap_or(letter));
        } else {
            self.all.push(letter);
            self.all.extend(value);
        }
    }
}

/// Long options are skipped; the first argument that is no option ends the scan.
fn scan<'v>(arguments: &[&'v [u8]], letters: &Letters, found: &mut Found<'v>) {
    let mut arguments = arguments.iter();
    while let Some(&argument) = arguments.next() {
        match argument {
            b"--" | [] | b"-" => return,
            [b'-', b'-', ..] => continue,
            [b'-', ..] => {}
            _ => return,
        }
        for (index, &letter) in argument.iter().enumerate().skip(1) {
            let name = argument.get(index..=index).unwrap_or_default();
            if !letters.is_option(letter) {
                if found.selected.is_none() {
                    found.add(b"?", None);
                }
                continue;
            }
            if !is_set(&letters.with_value, letter) {
                if found.is_wanted(letter) {
                    found.add(name, None);
                }
                continue;
            }
            let rest = argument.get(index + 1..).filter(|rest| !rest.is_empty());
            let value = rest.or_else(|| arguments.next().copied());
            if found.is_wanted(letter) {
                match value {
                    Some(value) => found.add(name, Some(value)),
                    // Without its value an option counts as an empty text.
                    None => found.add(b"", None),
                }
            }
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::*;

    #[track_caller]
    fn check(arguments: &[&str], letters: &str, selected: Option<u8>, expected: &[&str]) {
        let arena = Bump::new();
        let arguments: Vec<&[u8]> = arguments.iter().map(|argument| argument.as_bytes()).collect();
        let mut found = Found { selected, last: None, all: ArenaVec::new_in(&arena) };
        scan(&arguments, &Letters::new(letters.as_bytes()), &mut found);
        found.all.extend(found.last);
        let expected: Vec<&[u8]> = expected.iter().map(|text| text.as_bytes()).collect();
        assert_eq!(found.all.as_slice(), expected);
    }

    #[test]
    fn clusters_and_values_are_taken_apart() {
        check(&["-nt", "val", "-x"], "nt:", None, &["n", "t", "val", "?"]);
        check(&["-ntval"], "nt:", None, &["n", "t", "val"]);
        check(&["-t"], "t:", None, &[""]);
    }

    #[test]
    fn the_scan_ends_at_the_first_other_argument() {
        check(&["-a", "file", "-b"], "ab", None, &["a"]);
        check(&["--long", "-a", "--", "-b"], "ab", None, &["a"]);
        check(&["-a", "-", "-b"], "ab", None, &["a"]);
    }

    #[test]
    fn the_last_value_of_a_selected_option_counts() {
        check(&["-t", "1", "-t2", "-n"], "nt:", Some(b't'), &["2"]);
        check(&["-n"], "nt:", Some(b'n'), &["n"]);
        check(&["-n"], "nt:", Some(b't'), &[]);
    }
}
