//! Where a person finds an error: line and column as editors count them, the text at fault underlined.
//!
//! Falco's own locations count from 0, and within a condition mix the file's numbers with the condition's.

use std::fmt::Write as _;

use super::{
    issue::Culprit,
    location::{Context, ItemType, Location},
};

/// Characters of a line that are shown.
const SHOWN: usize = 120;

/// Characters that are shown before the text at fault, at most.
const BEFORE: usize = 60;

/// `--> FILE, line L, column C` and, where the text at fault is known, its line with that text underlined.
/// What macros of other files and the configuration bring is not in the file; then the item is named.
pub(super) fn pointer(context: &Context, culprit: &Culprit) -> String {
    let (location, file_text) = context.in_file();
    let found = match culprit {
        Culprit::Text(text) => find(file_text, location.offset, text).map(|at| (at, text.len())),
        Culprit::Here => context
            .condition_so_far()
            .and_then(|so_far| follow(file_text, location.offset, so_far))
            .map(|at| (at, 1)),
        Culprit::Item => None,
    };
    match found {
        Some((at, len)) => underlined(location, file_text, at, len),
        None if location.item_type == ItemType::RulesContent => String::new(),
        None => {
            let Location { file, line, column, .. } = location;
            let mut text = format!("--> {file}, line {}, column {}", line + 1, column + 1);
            if let Culprit::Text(culprit) = culprit {
                _ = write!(text, "; `{culprit}` comes from another file or from `append_output`");
            }
            text.push('\n');
            text
        }
    }
}

fn underlined(location: &Location, content: &str, at: usize, len: usize) -> String {
    let (before, after) = content.split_at_checked(at).unwrap_or((content, ""));
    let line = before.matches('\n').count() + 1;
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = after.split(['\n', '\r']).next().unwrap_or_default();
    let column = before.chars().count();
    let skipped = column.saturating_sub(BEFORE);
    let shown: String = before.chars().chain(after.chars()).skip(skipped).take(SHOWN).collect();
    // A tab would move the marks.
    let shown = shown.replace('\t', " ");
    let left = (shown.chars().count() + skipped).saturating_sub(column);
    let marks = after.get(..len).map_or(1, |it| it.chars().count()).min(left).max(1);
    format!(
        "--> {}, line {line}, column {}\n{shown}\n{}{}\n",
        location.file,
        column + 1,
        " ".repeat(column - skipped),
        "^".repeat(marks),
    )
}

/// The first mention of `text` from `start` on, or else anywhere, that is not a part of a longer name.
fn find(content: &str, start: usize, text: &str) -> Option<usize> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '.';
    let goes_on = |left: Option<char>, right: Option<char>| {
        left.is_some_and(is_part) && right.is_some_and(is_part)
    };
    let is_whole = |at: usize| {
        let before = content.get(..at).and_then(|it| it.chars().next_back());
        let after = content.get(at + text.len()..).and_then(|it| it.chars().next());
        !goes_on(before, text.chars().next()) && !goes_on(text.chars().next_back(), after)
    };
    let from = |start: usize| {
        let mut places = content.get(start..)?.match_indices(text).map(|(at, _)| start + at);
        places.find(|at| is_whole(*at))
    };
    from(start).or_else(|| from(0))
}

/// Where `so_far`, the beginning of the scalar at `start`, ends. Folding changes white space only; `None` if
/// more was changed on the way from the file to the condition.
fn follow(content: &str, start: usize, so_far: &str) -> Option<usize> {
    let text = content.get(start..)?;
    let text = match text.chars().next()? {
        '>' | '|' => text.split_once('\n')?.1,
        '"' | '\'' => text.get(1..)?,
        _ => text,
    };
    let start = content.len() - text.len();
    let mut written = text.char_indices().filter(|(_, it)| !it.is_whitespace());
    let mut last = start;
    for wanted in so_far.chars().filter(|it| !it.is_whitespace()) {
        let (at, found) = written.next()?;
        if found != wanted {
            return None;
        }
        last = start + at;
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use crate::rules::{Loader, OutputAddition, Settings};

    #[track_caller]
    fn check(file: &str, expected: &Expect) {
        let result = Loader::new(Settings::default()).load("f.yaml", file.as_bytes());
        assert!(!result.is_successful());
        let text = result.text();
        let pointer = text.find("-->").and_then(|at| text.get(at..)).unwrap_or_default();
        expected.assert_eq(pointer);
    }

    fn rule(condition: &str, output: &str) -> String {
        format!(
            "- rule: R\n  desc: d\n  condition: {condition}\n  output: {output}\n  priority: INFO\n"
        )
    }

    #[test]
    fn unknown_field_of_a_condition() {
        check(
            &rule(">\n    evt.type=open and\n    proc.foo=x", "o"),
            &expect![[r#"
            --> f.yaml, line 5, column 5
                proc.foo=x
                ^^^^^^^^
        "#]],
        );
    }

    #[test]
    fn unknown_field_of_an_output() {
        check(
            &rule("evt.type=open", "a %proc.name b=%proc.nam c"),
            &expect![[r#"
            --> f.yaml, line 4, column 26
              output: a %proc.name b=%proc.nam c
                                     ^^^^^^^^^
        "#]],
        );
    }

    #[test]
    fn undefined_macro() {
        check(
            &rule("evt.type=open and nothing", "o"),
            &expect![[r#"
            --> f.yaml, line 3, column 32
              condition: evt.type=open and nothing
                                           ^^^^^^^
        "#]],
        );
    }

    #[test]
    fn what_a_macro_brings_is_shown_there() {
        let file =
            "- macro: m\n  condition: proc.foo=x\n".to_owned() + &rule("evt.type=open and m", "o");
        check(
            &file,
            &expect![[r#"
            --> f.yaml, line 2, column 14
              condition: proc.foo=x
                         ^^^^^^^^
        "#]],
        );
    }

    #[test]
    fn what_is_in_no_file_is_named() {
        let addition =
            OutputAddition { output: Some("%proc.nam".to_owned()), ..OutputAddition::default() };
        let settings = Settings { additions: vec![addition], ..Settings::default() };
        let result = Loader::new(settings).load("f.yaml", rule("evt.type=open", "o").as_bytes());
        assert!(result.text().ends_with(
            "\n--> f.yaml, line 4, column 11; `%proc.nam` comes from another file or from `append_output`\n"
        ), "{}", result.text());
    }

    #[test]
    fn syntax_error_in_a_folded_condition() {
        check(
            &rule(">\n    evt.type=open\n    and (proc.name=a\n    or proc.name b)", "o"),
            &expect![[r#"
                --> f.yaml, line 6, column 16
                    or proc.name b)
                               ^
            "#]],
        );
    }

    #[test]
    fn syntax_error_behind_a_list_points_at_the_condition() {
        let file = "- list: l\n  items: [a, b]\n".to_owned() + &rule("proc.name in (l) and (", "o");
        check(
            &file,
            &expect![[r#"
            --> f.yaml, line 5, column 14
        "#]],
        );
    }

    #[test]
    fn long_lines_are_cut() {
        let mut output = String::new();
        for number in 0..40 {
            _ = write!(output, "field {number} ");
        }
        check(
            &rule("evt.type=open", &format!("{output}%proc.größe {output}")),
            &expect![[r#"
            --> f.yaml, line 4, column 361
            ld 33 field 34 field 35 field 36 field 37 field 38 field 39 %proc.größe field 0 field 1 field 2 field 3 field 4 field 5 
                                                                        ^^^^^^^^^^^
        "#]],
        );
    }
}
