//! Versions as rules files require them.

use std::fmt;

/// Major, minor and patch; what follows them in a text is ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Same in all that are compatible.
    pub major: u32,
    /// Grows with features.
    pub minor: u32,
    /// Grows with fixes.
    pub patch: u32,
}

impl Version {
    /// The engine version whose rules files load.
    pub const ENGINE: Self = Self { major: 0, minor: 62, patch: 0 };

    /// Reads `x.y.z`, as leniently as Falco: blanks and signs before the numbers, anything after.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let major = number(&mut rest)?;
        rest = rest.strip_prefix('.')?;
        let minor = number(&mut rest)?;
        rest = rest.strip_prefix('.')?;
        let patch = number(&mut rest)?;
        Some(Self { major, minor, patch })
    }

    /// Whether this one serves where `required` is asked for.
    pub fn satisfies(self, required: Self) -> bool {
        self.major == required.major && self >= required
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Takes a number as `scanf` does: wrapping.
fn number(rest: &mut &str) -> Option<u32> {
    let is_space = |it: char| it.is_ascii_whitespace() || it == '\u{b}';
    let trimmed = rest.trim_start_matches(is_space);
    let unsigned = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return None;
    }
    let (number, after) = unsigned.split_at_checked(digits)?;
    let value = number.bytes().fold(0_u64, |value, digit| {
        value.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
    });
    *rest = after;
    let low = u32::try_from(value & u64::from(u32::MAX)).ok()?;
    Some(if trimmed.starts_with('-') { low.wrapping_neg() } else { low })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u32, u32, u32)>) {
        let version = Version::parse(text);
        assert_eq!(version.map(|it| (it.major, it.minor, it.patch)), expected, "{text:?}");
    }

    #[test]
    fn three_numbers_make_a_version() {
        check("0.62.0", Some((0, 62, 0)));
        check("1.2.3-rc1", Some((1, 2, 3)));
        check(" 1. 2.+3", Some((1, 2, 3)));
        check("0.50", None);
        check("-1", None);
        check("abc", None);
        check("1..2", None);
    }

    #[test]
    fn versions_of_the_same_major_are_compatible_upwards() {
        let engine = Version::ENGINE;
        assert!(engine.satisfies(Version { major: 0, minor: 57, patch: 9 }));
        assert!(!engine.satisfies(Version { major: 0, minor: 62, patch: 1 }));
        assert!(!Version { major: 1, minor: 0, patch: 0 }.satisfies(engine));
    }
}
