//! Which mount a field such as `container.mount.dest[/proc*]` means.

use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

use host::Mount;
use regex::bytes::{Regex, RegexBuilder};

/// Largest compiled pattern, bytes.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// The side of a mount that a pattern looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::field) enum MountKey {
    /// Where it comes from.
    Source,
    /// Where it is seen.
    Destination,
}

/// The argument of a mount field, compiled when the rule loads. Equal when the text is.
#[derive(Clone)]
pub struct MountSelector {
    text: Arc<str>,
    by: By,
}

#[derive(Clone)]
enum By {
    Index(u32),
    Pattern(MountKey, Option<Regex>),
}

impl MountSelector {
    /// Reads `text`: a decimal index without leading zeros, or else a regular expression that is
    /// searched for in `key`. It is no glob: `/proc*` finds `/pro`, `/proc`, `/procc` anywhere.
    ///
    /// A text that is no regular expression selects nothing.
    pub(in crate::field) fn new(text: &str, key: MountKey) -> Self {
        let is_index = !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text.len() == 1 || !text.starts_with('0'));
        let index = if is_index { text.parse::<u64>().ok() } else { None };
        let by = match index {
            // The plugin keeps 32 bits of it.
            Some(index) => {
                By::Index(u32::try_from(index & u64::from(u32::MAX)).unwrap_or(u32::MAX))
            }
            None => By::Pattern(key, compile(text)),
        };
        Self { text: Arc::from(text), by }
    }

    /// The first of `mounts` that is meant; `None` if none is.
    pub(in crate::field) fn select<'m>(&self, mounts: &'m [Mount]) -> Option<&'m Mount> {
        match &self.by {
            By::Index(index) => mounts.get(*index as usize),
            By::Pattern(key, pattern) => {
                let pattern = pattern.as_ref()?;
                mounts.iter().find(|mount| {
                    let side = match key {
                        MountKey::Source => &mount.source,
                        MountKey::Destination => &mount.destination,
                    };
                    // An empty match does not count in the plugin's regex library.
                    pattern.find_iter(side.as_bytes()).any(|found| !found.is_empty())
                })
            }
        }
    }
}

fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .multi_line(true)
        .size_limit(MAX_PATTERN_BYTES)
        .build()
        .ok()
}

impl PartialEq for MountSelector {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for MountSelector {}

impl Hash for MountSelector {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for MountSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Indexes of the mounts in `sources` that `argument` selects, first one only.
    #[track_caller]
    fn check(argument: &str, sources: &[&str], expected: Option<usize>) {
        let mount = |source: &&str| Mount { source: (*source).to_owned(), ..Mount::default() };
        let mounts: Vec<_> = sources.iter().map(mount).collect();
        let selected = MountSelector::new(argument, MountKey::Source).select(&mounts);
        let index = selected.and_then(|found| mounts.iter().position(|it| std::ptr::eq(it, found)));
        assert_eq!(index, expected, "{argument}");
    }

    #[test]
    fn patterns_are_searched_for_anywhere() {
        for pattern in
            ["foo", "/tmp", "/tmp/*", "/tmp*", "/", "foo$", "^/tmp", "tmp/fo", "tmp/[fo,ba]"]
        {
            check(pattern, &["/tmp/foo"], Some(0));
        }
        check("^tmp", &["/tmp/foo"], None);
        check("/proc*", &["/etc", "/home/product", "/proc"], Some(1));
        check("^/proc*$", &["/proc/1", "/proccc"], Some(1));
        check("/root*", &["/var/root", "/roo"], Some(0));
        check("/root*", &["/root.d", "/ro"], Some(0));
        check("/root*", &["/var/ro", "/roo"], Some(1));
    }

    #[test]
    fn empty_matches_do_not_count() {
        check("x*", &["/etc"], None);
        check("x*", &["/etc/x"], Some(0));
        check("", &["/etc"], None);
        check(".*", &["", "/"], Some(1));
    }

    #[test]
    fn digits_are_an_index_unless_they_begin_with_zero() {
        check("0", &["/a", "/b"], Some(0));
        check("1", &["/a", "/b"], Some(1));
        check("2", &["/a", "/b2"], None);
        check("01", &["/a", "/b01"], Some(1));
        check("4294967297", &["/a", "/b"], Some(1));
        check("99999999999999999999999", &["/a", "/99999999999999999999999"], Some(1));
    }

    #[test]
    fn what_is_no_regular_expression_selects_nothing() {
        check("(", &["/("], None);
        check("a{1000000000}", &["/a"], None);
    }
}
