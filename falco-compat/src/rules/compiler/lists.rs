//! Lists: replaced by their items in other lists, then in the text of conditions.
//!
//! Both steps are Falco's, with what follows from them: references between lists are followed one
//! level deep, and a list's name is replaced wherever it stands as a word, quoted or not.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::CompiledList;
use crate::rules::{collector::Collector, issue::LoadError};

/// Most items of all lists together once references are replaced.
const MAX_ITEMS: usize = 4_000_000;

/// Replaces items that name an earlier list by that list's items.
pub(super) fn compile_lists(collector: &Collector) -> Result<Vec<CompiledList>, LoadError> {
    let mut used = HashSet::new();
    let mut lists = Vec::new();
    let mut budget = MAX_ITEMS;
    for list in collector.lists.iter() {
        let mut items = Vec::new();
        for item in &list.item.items {
            let visible = collector.lists.get(item).filter(|it| it.index < list.visibility);
            let added = match visible {
                Some(other) => {
                    used.insert(other.item.name.as_str());
                    other.item.items.as_slice()
                }
                None => std::slice::from_ref(item),
            };
            budget = budget.checked_sub(added.len()).ok_or_else(|| {
                let message = format!("Lists have more than {MAX_ITEMS} items");
                LoadError::validate(message, &list.item.context)
            })?;
            items.extend_from_slice(added);
        }
        lists.push(CompiledList { name: list.item.name.clone(), items, used: false });
    }
    for list in &mut lists {
        list.used = used.contains(list.name.as_str());
    }
    Ok(lists)
}

/// Replaces lists in conditions and remembers which it met.
#[derive(Debug)]
pub(super) struct Expander {
    lists: Vec<List>,
    /// Lists by name, of those whose name is one word.
    by_name: HashMap<String, usize>,
    /// Lists whose name is several words, which have to be searched for.
    unusual: Vec<usize>,
    /// Bytes that expanded conditions may still have.
    budget: usize,
    /// Bytes that may still be copied to replace lists.
    work: usize,
}

/// Most bytes copied to replace lists in all conditions.
const MAX_WORK: usize = 4 << 30;

#[derive(Debug)]
struct List {
    name: String,
    /// The items as they stand in a condition.
    text: String,
    /// The lists named in the text; only later ones will be replaced in it.
    mentions: Vec<usize>,
    used: bool,
}

/// A condition that lists blow up beyond all reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("conditions are too large once lists are replaced by their items")]
pub(super) struct TooLarge;

impl Expander {
    pub(super) fn new(compiled: &[CompiledList], budget: usize) -> Self {
        let lists = compiled.iter().map(|list| {
            let items: Vec<_> = list.items.iter().map(|item| quoted(item)).collect();
            let (name, text) = (list.name.clone(), items.join(", "));
            List { name, text, mentions: Vec::new(), used: false }
        });
        let mut expander = Self {
            lists: lists.collect(),
            by_name: HashMap::new(),
            unusual: Vec::new(),
            budget,
            work: MAX_WORK,
        };
        for (slot, list) in expander.lists.iter().enumerate() {
            if list.name.bytes().any(is_delimiter) {
                expander.unusual.push(slot);
            } else {
                expander.by_name.insert(list.name.clone(), slot);
            }
        }
        for list in &mut expander.lists {
            list.mentions = mentions(&list.text, &expander.by_name).collect();
        }
        expander
    }

    /// The condition with every list replaced, in the order of their definition.
    pub(super) fn expand(&mut self, condition: &str) -> Result<String, TooLarge> {
        let mut text = condition.to_owned();
        let mut candidates: BTreeSet<usize> = self.unusual.iter().copied().collect();
        candidates.extend(mentions(condition, &self.by_name));
        while let Some(slot) = candidates.pop_first() {
            let Some(list) = self.lists.get_mut(slot) else { continue };
            self.work = self.work.checked_sub(text.len()).ok_or(TooLarge)?;
            if let Some(replaced) = replace_list(&text, list, self.budget)? {
                text = replaced;
                list.used = true;
                candidates.extend(list.mentions.iter().filter(|&&other| other > slot));
            }
        }
        self.budget = self.budget.checked_sub(text.len()).ok_or(TooLarge)?;
        Ok(text)
    }

    /// Of each list, whether a condition refers to it.
    pub(super) fn into_used(self) -> impl Iterator<Item = bool> {
        self.lists.into_iter().map(|list| list.used)
    }
}

/// The lists that words of a text name.
fn mentions<'a>(
    text: &'a str,
    by_name: &'a HashMap<String, usize>,
) -> impl Iterator<Item = usize> + 'a {
    text.split([' ', '\t', '\n', '\r', '(', ')', ',', '='])
        .filter_map(|word| by_name.get(word).copied())
}

/// A text with a blank in it, in quotes unless it begins with one.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(' ') && !text.starts_with(['"', '\'']) {
        format!("\"{text}\"")
    } else {
        text.to_owned()
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_delimiter(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b'(' | b')' | b',' | b'=')
}

/// Replaces the list's name where it stands as a word; `None` if it nowhere does.
fn replace_list(text: &str, list: &List, limit: usize) -> Result<Option<String>, TooLarge> {
    let bytes = text.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut search = 0;
    let mut found = false;
    while let Some(at) = text.get(search..).and_then(|rest| rest.find(&list.name)) {
        let start = search + at;
        let mut end = start + list.name.len();
        let before = if start > copied { bytes.get(start - 1) } else { out.as_bytes().last() };
        let is_word =
            [before, bytes.get(end)].into_iter().flatten().all(|&byte| is_delimiter(byte));
        if !is_word {
            search = next_char(text, start);
            continue;
        }
        found = true;
        out.push_str(text.get(copied..start).unwrap_or_default());
        out.truncate(out.trim_end_matches([' ', '\t', '\n', '\r']).len());
        while bytes.get(end).copied().is_some_and(is_blank) {
            end += 1;
        }
        if list.text.is_empty() {
            if out.ends_with(',') {
                out.pop();
            } else if bytes.get(end) == Some(&b',') {
                end += 1;
            }
        }
        let at_start = out.is_empty();
        if !at_start {
            out.push(' ');
        }
        out.push_str(&list.text);
        out.push(' ');
        copied = end;
        // At the start of a condition Falco steps over one character too many.
        search = if at_start { next_char(text, end) } else { end };
        if out.len() > limit {
            return Err(TooLarge);
        }
    }
    if !found {
        return Ok(None);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Ok(Some(out))
}

/// The character boundary after the one at `at`.
fn next_char(text: &str, at: usize) -> usize {
    (at + 1..text.len()).find(|&next| text.is_char_boundary(next)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests;
