//! `pmatch`: whether a path lies at or below one of many path patterns.
//!
//! Paths are compared component by component, empty ones left out; a component with `?`, `*` or `[`
//! is a [`glob`]. The patterns are one tree, so a look-up costs one hash per component plus the
//! globs met on the way.

use rustc_hash::FxHashMap;

use super::glob::{self, Case};

/// A set of path patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct PathSet {
    /// Whether a pattern ends here: then everything below matches.
    ends: bool,
    exact: FxHashMap<Box<[u8]>, PathSet>,
    globs: Vec<(Box<[u8]>, PathSet)>,
}

impl PathSet {
    /// A set of `patterns`.
    pub(super) fn new<'a>(patterns: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            set.insert(pattern);
        }
        set
    }

    fn insert(&mut self, pattern: &[u8]) {
        let mut node = self;
        for component in components(pattern) {
            node = if component.iter().any(|byte| b"?*[".contains(byte)) {
                let known = node.globs.iter().position(|(glob, _)| **glob == *component);
                let index = known.unwrap_or(node.globs.len());
                if known.is_none() {
                    node.globs.push((component.into(), Self::default()));
                }
                match node.globs.get_mut(index) {
                    Some((_, next)) => next,
                    None => return,
                }
            } else {
                node.exact.entry(component.into()).or_default()
            };
        }
        node.ends = true;
    }

    /// Whether a pattern matches `path` or one of its ancestors.
    pub(super) fn matches(&self, path: &[u8]) -> bool {
        self.below(components(path))
    }

    fn below<'a>(&self, mut path: impl Iterator<Item = &'a [u8]> + Clone) -> bool {
        if self.ends {
            return true;
        }
        let Some(component) = path.next() else { return false };
        if self.exact.get(component).is_some_and(|next| next.below(path.clone())) {
            return true;
        }
        self.globs.iter().any(|(glob, next)| {
            glob::matches(glob, component, Case::Exact) && next.below(path.clone())
        })
    }
}

fn components(path: &[u8]) -> impl Iterator<Item = &[u8]> + Clone {
    path.split(|byte| *byte == b'/').filter(|component| !component.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(patterns: &[&str], path: &str, expected: bool) {
        let set = PathSet::new(patterns.iter().map(|pattern| pattern.as_bytes()));
        assert_eq!(set.matches(path.as_bytes()), expected, "{patterns:?} {path}");
    }

    #[test]
    fn components_match_whole_from_the_start() {
        check(&["/var/run", "/etc"], "/var/run/docker", true);
        check(&["/etc/"], "/etc", true);
        check(&["etc//"], "/etc/passwd", true);
        check(&["/etc/ld.so"], "/etc/ld.so.cache", false);
        check(&["/var/run"], "/var", false);
        check(&["ld.so.cache"], "/etc/ld.so.cache", false);
    }

    #[test]
    fn globs_match_one_component() {
        check(&["/*/ld.so.cache"], "/etc/ld.so.cache", true);
        check(&["/e*c"], "/etc/passwd", true);
        check(&["/lib*/x", "/l*/y"], "/lib64/y/z", true);
        check(&["/lib*/x", "/l*/y"], "/lib64/z", false);
    }

    #[test]
    fn the_empty_pattern_matches_all_and_no_pattern_nothing() {
        check(&[""], "a", true);
        check(&["/"], "", true);
        check(&["/*"], "", false);
        check(&[], "/etc", false);
    }

    #[test]
    fn shorter_patterns_win_in_any_order() {
        check(&["/usr/lib", "/usr"], "/usr/bin", true);
        check(&["/usr", "/usr/lib"], "/usr/bin", true);
    }
}
