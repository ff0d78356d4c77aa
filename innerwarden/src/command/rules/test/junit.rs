//! Results as JUnit XML, which continuous integration systems show.

use std::{fmt::Write as _, time::Duration};

/// What came of a case.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// Name of the case.
    pub(super) name: String,
    /// File and line of the case.
    pub(super) place: String,
    /// How long it took.
    pub(super) elapsed: Duration,
    /// What happened.
    pub(super) verdict: Verdict,
}

/// What happened to a case.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    /// All alerts came and no other.
    Passed,
    /// The diff.
    Failed(String),
    /// It could not run, and why.
    Broken(String),
}

/// The report on `outcomes` of the file `suite`.
pub(super) fn report(suite: &str, outcomes: &[Outcome]) -> String {
    let count =
        |wanted: fn(&Verdict) -> bool| outcomes.iter().filter(|it| wanted(&it.verdict)).count();
    let failures = count(|it| matches!(it, Verdict::Failed(_)));
    let errors = count(|it| matches!(it, Verdict::Broken(_)));
    let time: Duration = outcomes.iter().map(|it| it.elapsed).sum();
    let suite = escaped(suite);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let counts = format!(
        "tests=\"{}\" failures=\"{failures}\" errors=\"{errors}\" time=\"{:.3}\"",
        outcomes.len(),
        time.as_secs_f64()
    );
    let _ = writeln!(xml, "<testsuites {counts}>\n  <testsuite name=\"{suite}\" {counts}>");
    for outcome in outcomes {
        let (name, seconds) = (escaped(&outcome.name), outcome.elapsed.as_secs_f64());
        let _ = write!(
            xml,
            "    <testcase classname=\"{suite}\" name=\"{name}\" time=\"{seconds:.3}\""
        );
        let (element, message, text) = match &outcome.verdict {
            Verdict::Passed => {
                xml.push_str("/>\n");
                continue;
            }
            Verdict::Failed(diff) => ("failure", "alerts differ", diff),
            Verdict::Broken(error) => ("error", "case cannot run", error),
        };
        let _ = writeln!(
            xml,
            ">\n      <{element} message=\"{message}\">{}\n{}</{element}>\n    </testcase>",
            escaped(&outcome.place),
            escaped(text)
        );
    }
    xml.push_str("  </testsuite>\n</testsuites>\n");
    xml
}

/// Text for XML: its special characters escaped, and those that XML cannot hold replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(character),
            character if character.is_control() => out.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn report_counts_and_escapes() {
        let outcome = |name: &str, verdict| Outcome {
            name: name.to_owned(),
            place: "c.yaml:3".to_owned(),
            elapsed: Duration::from_millis(5),
            verdict,
        };
        let outcomes = [
            outcome("a & b", Verdict::Passed),
            outcome("c", Verdict::Failed("    - <R>\u{1b}\n".to_owned())),
            outcome("d", Verdict::Broken("no file".to_owned())),
        ];
        expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites tests="3" failures="1" errors="1" time="0.015">
              <testsuite name="c.yaml" tests="3" failures="1" errors="1" time="0.015">
                <testcase classname="c.yaml" name="a &amp; b" time="0.005"/>
                <testcase classname="c.yaml" name="c" time="0.005">
                  <failure message="alerts differ">c.yaml:3
                - &lt;R&gt;�
            </failure>
                </testcase>
                <testcase classname="c.yaml" name="d" time="0.005">
                  <error message="case cannot run">c.yaml:3
            no file</error>
                </testcase>
              </testsuite>
            </testsuites>
        "#]]
        .assert_eq(&report("c.yaml", &outcomes));
    }
}
