//! The parser: POSIX extended regular expressions with RE2's limits and error texts.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, Look, Repetition};

use super::class;

/// Largest number in braces, and largest product of nested ones.
const MAX_REPEAT: u32 = 1000;

/// The expression that `pattern` describes.
pub(super) fn parse(pattern: &str) -> Result<Hir, String> {
    let mut parser = Parser { pattern, rest: pattern, groups: vec![Group::default()] };
    while let Some(next) = parser.rest.chars().next() {
        parser.item(next)?;
    }
    let whole = parser.groups.pop().unwrap_or_default();
    if parser.groups.is_empty() {
        Ok(whole.close().hir)
    } else {
        Err(format!("missing ): {pattern}"))
    }
}

struct Parser<'a> {
    pattern: &'a str,
    rest: &'a str,
    /// The innermost group last.
    groups: Vec<Group>,
}

/// An expression, and how often its most repeated part occurs.
struct Item {
    hir: Hir,
    repeats: u32,
}

impl Item {
    fn once(hir: Hir) -> Self {
        Self { hir, repeats: 1 }
    }
}

/// What stands between two parentheses so far.
#[derive(Default)]
struct Group {
    alternatives: Vec<Item>,
    items: Vec<Item>,
}

impl Group {
    fn end_alternative(&mut self) {
        let items = std::mem::take(&mut self.items);
        let repeats = items.iter().map(|item| item.repeats).max().unwrap_or(1);
        let hir = Hir::concat(items.into_iter().map(|item| item.hir).collect());
        self.alternatives.push(Item { hir, repeats });
    }

    fn close(mut self) -> Item {
        self.end_alternative();
        let repeats = self.alternatives.iter().map(|item| item.repeats).max().unwrap_or(1);
        let hir = Hir::alternation(self.alternatives.into_iter().map(|item| item.hir).collect());
        Item { hir, repeats }
    }
}

impl Parser<'_> {
    fn item(&mut self, next: char) -> Result<(), String> {
        let at = self.rest;
        match next {
            '(' => {
                self.skip(1);
                self.groups.push(Group::default());
            }
            '|' => {
                self.skip(1);
                if let Some(group) = self.groups.last_mut() {
                    group.end_alternative();
                }
            }
            ')' => {
                self.skip(1);
                if self.groups.len() < 2 {
                    return Err(format!("unexpected ): {}", self.pattern));
                }
                let group = self.groups.pop().unwrap_or_default();
                self.push(group.close());
            }
            '^' => self.look(Look::StartLF),
            '$' => self.look(Look::EndLF),
            '.' => {
                self.skip(1);
                let mut any = ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]);
                any.negate();
                self.push(Item::once(Hir::class(Class::Unicode(any))));
            }
            '[' => {
                let class = class::parse(&mut self.rest)?;
                self.push(Item::once(Hir::class(Class::Unicode(class))));
            }
            '*' | '+' | '?' => {
                self.skip(1);
                let (min, max) = match next {
                    '*' => (0, None),
                    '+' => (1, None),
                    _ => (0, Some(1)),
                };
                self.repeat(min, max, &next.to_string())?;
            }
            '{' => match braces(at) {
                Some((min, max, length)) => {
                    self.skip(length);
                    self.repeat_counted(min, max, at.get(..length).unwrap_or_default())?;
                }
                None => self.literal('{'),
            },
            '\\' => {
                let escaped = escape(&mut self.rest)?;
                self.push(Item::once(literal(escaped)));
            }
            other => self.literal(other),
        }
        Ok(())
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn push(&mut self, item: Item) {
        if let Some(group) = self.groups.last_mut() {
            group.items.push(item);
        }
    }

    fn look(&mut self, look: Look) {
        self.skip(1);
        self.push(Item::once(Hir::look(look)));
    }

    fn literal(&mut self, character: char) {
        self.skip(character.len_utf8());
        self.push(Item::once(literal(character)));
    }

    fn repeat_counted(&mut self, min: u32, max: Option<u32>, text: &str) -> Result<(), String> {
        let too_large = min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || max < min);
        if too_large {
            return Err(format!("invalid repetition size: {text}"));
        }
        self.repeat(min, max, text)
    }

    fn repeat(&mut self, min: u32, max: Option<u32>, text: &str) -> Result<(), String> {
        let item = self.groups.last_mut().and_then(|group| group.items.pop());
        let Some(Item { hir, repeats }) = item else {
            return Err(format!("no argument for repetition operator: {text}"));
        };
        let times = max.unwrap_or(min).max(1);
        let repeats = repeats.saturating_mul(times);
        if times > 1 && repeats > MAX_REPEAT {
            return Err(format!("invalid repetition size: {text}"));
        }
        let repetition = Repetition { min, max, greedy: true, sub: Box::new(hir) };
        self.push(Item { hir: Hir::repetition(repetition), repeats });
        Ok(())
    }
}

fn literal(character: char) -> Hir {
    Hir::literal(character.to_string().into_bytes())
}

/// `{n}`, `{n,}` or `{n,m}` at the start of `text`, and its length.
fn braces(text: &str) -> Option<(u32, Option<u32>, usize)> {
    let (inside, _) = text.strip_prefix('{')?.split_once('}')?;
    let (min, max) = match inside.split_once(',') {
        None => (number(inside)?, Some(number(inside)?)),
        Some((min, "")) => (number(min)?, None),
        Some((min, max)) => (number(min)?, Some(number(max)?)),
    };
    Some((min, max, inside.len() + 2))
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let has_leading_zero = text.len() > 1 && text.starts_with('0');
    (is_number && !has_leading_zero).then(|| text.parse().unwrap_or(u32::MAX))
}

/// The character that the escape at the start of `rest` stands for; takes it off.
pub(super) fn escape(rest: &mut &str) -> Result<char, String> {
    let whole = *rest;
    let mut characters = whole.chars();
    characters.next();
    let Some(kind) = characters.next() else { return Err("trailing \\".to_owned()) };
    let found = match kind {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'a' => Some('\u{7}'),
        'f' => Some('\u{c}'),
        'v' => Some('\u{b}'),
        '0'..='7' => octal(kind, &mut characters),
        'x' => hexadecimal(&mut characters),
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => Some(other),
        _ => None,
    };
    let left = characters.as_str();
    let taken = whole.get(..whole.len() - left.len()).unwrap_or_default();
    *rest = left;
    found.ok_or_else(|| format!("invalid escape sequence: {taken}"))
}

/// Up to three digits; a single one other than zero would be a back reference.
fn octal(first: char, characters: &mut std::str::Chars<'_>) -> Option<char> {
    let mut code = first.to_digit(8)?;
    let mut digits = 1;
    while digits < 3 {
        let mut ahead = characters.clone();
        let Some(digit) = ahead.next().and_then(|digit| digit.to_digit(8)) else { break };
        *characters = ahead;
        code = code * 8 + digit;
        digits += 1;
    }
    if digits == 1 && first != '0' { None } else { char::from_u32(code) }
}

fn hexadecimal(characters: &mut std::str::Chars<'_>) -> Option<char> {
    let first = characters.next()?;
    if first != '{' {
        let second = characters.next()?;
        return char::from_u32(first.to_digit(16)? * 16 + second.to_digit(16)?);
    }
    let mut code: u32 = 0;
    let mut digits = 0;
    loop {
        match characters.next()? {
            '}' if digits > 0 => return char::from_u32(code),
            digit => code = code.checked_mul(16)?.checked_add(digit.to_digit(16)?)?,
        }
        digits += 1;
        if code > u32::from(char::MAX) {
            return None;
        }
    }
}
