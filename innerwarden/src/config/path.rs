//! The path of a key, as `-o` writes it: `a.b[0].c`, `list[]` to append, `\` before a literal `.`, `[`, `]`
//! or `\`.

/// One step into a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Value of a key.
    Key(String),
    /// Element of a list.
    Index(usize),
    /// A new element at the end of a list.
    Append,
}

/// A path that cannot be read; `position` is a byte offset into it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("key `{path}`, position {position}: {problem}")]
pub(crate) struct PathError {
    /// The path.
    pub(crate) path: String,
    /// Where.
    pub(crate) position: usize,
    /// What is wrong.
    pub(crate) problem: PathProblem,
}

/// What is wrong with a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum PathProblem {
    /// Two dots in a row, or a dot or bracket at the start or a dot at the end.
    #[error("a name is missing")]
    NameMissing,
    /// Something other than `.` or `[` after `]`.
    #[error("expected `.` or `[` after `]`")]
    NoDot,
    /// `[` without `]`.
    #[error("`[` without `]`")]
    BracketOpen,
    /// The index is no number.
    #[error("expected a number between brackets, found `{0}`")]
    IndexNotNumber(String),
    /// `\` before a character that needs none.
    #[error("`\\` may only come before `.`, `[`, `]` or `\\`")]
    Escape,
}

/// Splits `path` into steps; there is at least one, and the first is a key.
pub(crate) fn parse(path: &str) -> Result<Vec<Step>, PathError> {
    let mut parser = PathParser { path, steps: Vec::new(), rest: path };
    loop {
        parser.name()?;
        while parser.rest.starts_with('[') {
            parser.index()?;
        }
        match parser.rest.strip_prefix('.') {
            Some(rest) => parser.rest = rest,
            None if parser.rest.is_empty() => return Ok(parser.steps),
            None => return Err(parser.error(PathProblem::NoDot)),
        }
    }
}

struct PathParser<'a> {
    path: &'a str,
    steps: Vec<Step>,
    rest: &'a str,
}

impl PathParser<'_> {
    fn name(&mut self) -> Result<(), PathError> {
        let mut name = String::new();
        let mut chars = self.rest.chars();
        loop {
            let rest = chars.as_str();
            match chars.next() {
                Some('\\') => {
                    let Some(literal @ ('.' | '[' | ']' | '\\')) = chars.next() else {
                        self.rest = rest;
                        return Err(self.error(PathProblem::Escape));
                    };
                    name.push(literal);
                }
                Some('.' | '[') | None => {
                    self.rest = rest;
                    break;
                }
                Some(other) => name.push(other),
            }
        }
        if name.is_empty() {
            return Err(self.error(PathProblem::NameMissing));
        }
        self.steps.push(Step::Key(name));
        Ok(())
    }

    fn index(&mut self) -> Result<(), PathError> {
        let inside = self.rest.strip_prefix('[').unwrap_or_default();
        let Some((index, rest)) = inside.split_once(']') else {
            return Err(self.error(PathProblem::BracketOpen));
        };
        self.steps.push(match index.parse() {
            Ok(index) => Step::Index(index),
            Err(_) if index.is_empty() => Step::Append,
            Err(_) => return Err(self.error(PathProblem::IndexNotNumber(index.to_owned()))),
        });
        self.rest = rest;
        Ok(())
    }

    fn error(&self, problem: PathProblem) -> PathError {
        PathError {
            path: self.path.to_owned(),
            position: self.path.len() - self.rest.len(),
            problem,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(path: &str, expected: &Expect) {
        let shown = match parse(path) {
            Ok(steps) => format!("{steps:?}"),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&shown);
    }

    #[test]
    fn keys_and_indices() {
        check(
            "append_output[0].suggested_output",
            &expect![[r#"[Key("append_output"), Index(0), Key("suggested_output")]"#]],
        );
        check("matrix[1][]", &expect![[r#"[Key("matrix"), Index(1), Append]"#]]);
    }

    #[test]
    fn backslash_makes_literal() {
        check(
            r"static_fields.kubernetes\.io/a\[0\]\\",
            &expect![[r#"[Key("static_fields"), Key("kubernetes.io/a[0]\\")]"#]],
        );
    }

    #[test]
    fn mistakes_have_a_position() {
        check("", &expect!["key ``, position 0: a name is missing"]);
        check("a..b", &expect!["key `a..b`, position 2: a name is missing"]);
        check("a.", &expect!["key `a.`, position 2: a name is missing"]);
        check("[0]", &expect!["key `[0]`, position 0: a name is missing"]);
        check("a[0]b", &expect!["key `a[0]b`, position 4: expected `.` or `[` after `]`"]);
        check("a[0", &expect!["key `a[0`, position 1: `[` without `]`"]);
        check(
            "a[x]",
            &expect!["key `a[x]`, position 1: expected a number between brackets, found `x`"],
        );
        check(
            r"a\b",
            &expect![[r"key `a\b`, position 1: `\` may only come before `.`, `[`, `]` or `\`"]],
        );
    }
}
