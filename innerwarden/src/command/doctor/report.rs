//! How findings are shown: aligned lines for people, JSON for programs.

use serde_json::{Value, json};

use super::finding::{Finding, State};
use crate::{exit::Failure, stdout::Stdout};

/// Prints the findings of the check `name`.
pub(super) fn print(out: &mut Stdout, name: &str, findings: &[Finding]) -> Result<(), Failure> {
    let colours = out.is_terminal();
    findings.iter().try_for_each(|finding| {
        let lines = lines(name, finding, colours);
        lines.iter().try_for_each(|line| out.line(line))
    })
}

/// Prints everything as one JSON object.
pub(super) fn print_json(
    out: &mut Stdout,
    can_run: bool,
    findings: &[(&str, Finding)],
) -> Result<(), Failure> {
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let findings: Vec<_> = findings
        .iter()
        .map(|(name, it)| {
            json!({
                "check": name,
                "state": it.state.word(),
                "found": it.found,
                "costs": or_null(&it.cost),
                "do": or_null(&it.advice),
            })
        })
        .collect();
    out.line(json!({ "can_run": can_run, "findings": findings }).to_string())
}

fn lines(name: &str, finding: &Finding, colours: bool) -> Vec<String> {
    let word = format!("{:<8}", finding.state.word());
    let word = match (colours, finding.state) {
        (false, _) => word,
        (true, State::Ok) => format!("\x1b[32m{word}\x1b[0m"),
        (true, State::Limited) => format!("\x1b[33m{word}\x1b[0m"),
        (true, State::Missing) => format!("\x1b[31m{word}\x1b[0m"),
    };
    let mut lines = vec![format!("{word} {name:<13} {}", printable(&finding.found))];
    for (label, text) in [("costs", &finding.cost), ("do", &finding.advice)] {
        if !text.is_empty() {
            lines.push(format!("{:23}{label}: {}", "", printable(text)));
        }
    }
    lines
}

/// `text` as one line that cannot steer a terminal: names of files and answers of the kernel are in it.
fn printable(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn costs_and_advice_are_below_what_was_found() {
        let limited = Finding::limited("a\nb\x1b[2J", "some", "that");
        let text = [lines("kernel", &Finding::ok("new"), false), lines("btf", &limited, false)];
        expect![[r"
            ok       kernel        new
            limited  btf           a b [2J
                                   costs: some
                                   do: that"]]
        .assert_eq(&text.concat().join("\n"));
        assert_eq!(lines("x", &limited, true)[0], "\x1b[33mlimited \x1b[0m x             a b [2J");
    }
}
