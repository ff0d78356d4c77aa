//! Which of the loaded rules are in force: the `rules:` list of the configuration.

use super::compiler::Rule;

/// What an entry selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// Rules by name; `*` stands for anything.
    Rule(String),
    /// Rules that have this tag.
    Tag(String),
}

/// An entry: rules that are switched on or off. Entries are applied in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// On, or off.
    pub enable: bool,
    /// Which.
    pub selector: Selector,
}

impl Selection {
    pub(crate) fn apply(&self, rule: &mut Rule) {
        let selected = match &self.selector {
            Selector::Rule(pattern) => matches_wildcard(pattern, &rule.name),
            Selector::Tag(tag) => rule.tags.contains(tag),
        };
        if selected {
            rule.enabled = self.enable;
        }
    }
}

/// Whether a text matches a pattern, as Falco matches: after a `*` the first occurrence of what
/// follows is taken and never reconsidered, so `*ab` does not match `abab`.
pub(crate) fn matches_wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() {
        return rest.is_empty();
    }
    for part in &parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    pattern.ends_with('*') || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches_wildcard(pattern, text), expected, "{pattern} / {text}");
    }

    #[test]
    fn stars_match_anything() {
        check("abc", "abc", true);
        check("abc", "abcd", false);
        check("*", "", true);
        check("**", "anything", true);
        check("a*c", "abc", true);
        check("a*c", "ab", false);
        check("*b*", "abc", true);
        check("a*", "abc", true);
        check("", "", true);
        check("", "a", false);
    }

    #[test]
    fn the_first_occurrence_is_final() {
        check("*abc", "abcabc", false);
        check("*.yaml", "a.yaml.yaml", false);
        check("*.yaml", "a.yaml", true);
        check("a*b*c", "aXbYbZc", true);
    }
}
