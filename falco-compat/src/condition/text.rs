//! Comparing texts as C strings: byte by byte, up to the first NUL.

use memchr::memmem::Finder;

use super::glob::{self, Case};
use super::operator::Operator;
use super::regex::FullRegex;

/// Up to the first NUL.
pub(super) fn c_str(text: &[u8]) -> &[u8] {
    match memchr::memchr(0, text) {
        Some(end) => text.get(..end).unwrap_or_default(),
        None => text,
    }
}

/// Without the NULs at the end.
pub(super) fn trim_nul(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let Some(shorter) = text.strip_suffix(&[0]) {
        text = shorter;
    }
    text
}

/// A comparison with one constant text.
#[derive(Clone, Debug)]
pub(super) enum TextTest {
    Equal(Box<[u8]>),
    NotEqual(Box<[u8]>),
    Less(Box<[u8]>),
    LessOrEqual(Box<[u8]>),
    Greater(Box<[u8]>),
    GreaterOrEqual(Box<[u8]>),
    Contains(Box<Finder<'static>>),
    /// In lower case.
    IContains(Box<[u8]>),
    StartsWith(Box<[u8]>),
    EndsWith(Box<[u8]>),
    Glob(Box<[u8]>, Case),
    Regex(Box<FullRegex>),
    /// An operator that texts do not have.
    Never,
}

impl TextTest {
    /// The test of `operator` against `constant`.
    pub(super) fn new(operator: Operator, constant: &[u8]) -> Result<Self, String> {
        let boxed = || -> Box<[u8]> { constant.into() };
        Ok(match operator {
            Operator::Equal | Operator::DoubleEqual | Operator::In | Operator::Intersects => {
                Self::Equal(boxed())
            }
            Operator::NotEqual => Self::NotEqual(boxed()),
            Operator::Less => Self::Less(boxed()),
            Operator::LessOrEqual => Self::LessOrEqual(boxed()),
            Operator::Greater => Self::Greater(boxed()),
            Operator::GreaterOrEqual => Self::GreaterOrEqual(boxed()),
            Operator::Contains => Self::Contains(Box::new(Finder::new(constant).into_owned())),
            Operator::IContains => Self::IContains(constant.to_ascii_lowercase().into()),
            Operator::StartsWith => Self::StartsWith(boxed()),
            Operator::EndsWith => Self::EndsWith(boxed()),
            Operator::Glob => Self::Glob(boxed(), Case::Exact),
            Operator::IGlob => Self::Glob(boxed(), Case::Folded),
            Operator::Regex => {
                let pattern = String::from_utf8_lossy(constant);
                let regex = FullRegex::new(&pattern)
                    .map_err(|error| format!("invalid regex pattern: {error}"))?;
                Self::Regex(Box::new(regex))
            }
            Operator::Exists | Operator::BContains | Operator::BStartsWith | Operator::Pmatch => {
                Self::Never
            }
        })
    }

    /// Whether `value` passes.
    pub(super) fn matches(&self, value: &[u8]) -> bool {
        if let Self::Regex(regex) = self {
            return regex.matches(trim_nul(value));
        }
        let text = c_str(value);
        match self {
            Self::Equal(constant) => *text == **constant,
            Self::NotEqual(constant) => *text != **constant,
            Self::Less(constant) => *text < **constant,
            Self::LessOrEqual(constant) => *text <= **constant,
            Self::Greater(constant) => *text > **constant,
            Self::GreaterOrEqual(constant) => *text >= **constant,
            Self::Contains(finder) => finder.find(text).is_some(),
            Self::IContains(constant) => contains_folded(text, constant),
            Self::StartsWith(constant) => text.starts_with(constant),
            Self::EndsWith(constant) => text.ends_with(constant),
            Self::Glob(pattern, case) => glob::matches(pattern, text, *case),
            Self::Regex(_) | Self::Never => false,
        }
    }
}

/// Compares two texts of the event.
pub(super) fn compare(operator: Operator, left: &[u8], right: &[u8]) -> bool {
    // Membership looks at all bytes of the right side but drops the NULs that end the left one.
    if matches!(operator, Operator::In | Operator::Intersects) {
        return trim_nul(left) == right;
    }
    let (left, right) = (c_str(left), c_str(right));
    match operator {
        Operator::Equal | Operator::DoubleEqual => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterOrEqual => left >= right,
        Operator::Contains => memchr::memmem::find(left, right).is_some(),
        Operator::IContains => {
            right.is_empty()
                || left.windows(right.len()).any(|window| window.eq_ignore_ascii_case(right))
        }
        Operator::StartsWith => left.starts_with(right),
        Operator::EndsWith => left.ends_with(right),
        Operator::Glob => glob::matches(right, left, Case::Exact),
        Operator::IGlob => glob::matches(right, left, Case::Folded),
        Operator::In
        | Operator::Intersects
        | Operator::Exists
        | Operator::BContains
        | Operator::BStartsWith
        | Operator::Regex
        | Operator::Pmatch => false,
    }
}

/// `lower` is in lower case.
fn contains_folded(text: &[u8], lower: &[u8]) -> bool {
    let Some(first) = lower.first() else { return true };
    let Some(last_start) = text.len().checked_sub(lower.len()) else { return false };
    let upper = first.to_ascii_uppercase();
    let starts = text.get(..=last_start).unwrap_or_default();
    memchr::memchr2_iter(*first, upper, starts).any(|start| {
        text.get(start..start + lower.len())
            .is_some_and(|window| window.eq_ignore_ascii_case(lower))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(operator: Operator, value: &str, constant: &str, expected: bool) {
        let test = TextTest::new(operator, constant.as_bytes()).unwrap();
        assert_eq!(test.matches(value.as_bytes()), expected);
        assert_eq!(compare(operator, value.as_bytes(), constant.as_bytes()), expected);
    }

    #[test]
    fn texts_end_at_the_first_nul() {
        check(Operator::Equal, "a\0b", "a", true);
        check(Operator::EndsWith, "a\0b", "b", false);
        check(Operator::NotEqual, "a\0", "a", false);
    }

    #[test]
    fn the_empty_text_is_everywhere() {
        check(Operator::Contains, "", "", true);
        check(Operator::IContains, "x", "", true);
        check(Operator::StartsWith, "x", "", true);
        check(Operator::EndsWith, "", "", true);
    }

    #[test]
    fn case_is_ignored_by_icontains_and_iglob() {
        check(Operator::IContains, "/usr/LIB/x", "lib", true);
        check(Operator::IContains, "li", "lib", false);
        check(Operator::IGlob, "/ETC/passwd", "/etc/*", true);
    }

    #[test]
    fn texts_have_an_order() {
        check(Operator::Less, "9", "10", false);
        check(Operator::GreaterOrEqual, "b", "a", true);
    }
}
