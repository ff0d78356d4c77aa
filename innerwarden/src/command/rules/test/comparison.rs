//! Expected alerts against those that came, as a diff that a person reads.

use std::fmt::Write as _;

use serde_json::Value;

use super::expectation::Expectation;

/// Above this many pairs the alignment is by position; nobody reads such a diff anyway.
const MAX_PAIRS: usize = 4_000_000;

/// The diff; `None` when every alert came, in order, and no other.
pub(super) fn compare(expected: &[Expectation], alerts: &[Value]) -> Option<String> {
    let fits = |expected: &Expectation, alert: &Value| expected.difference(alert).is_none();
    if expected.len() == alerts.len() && expected.iter().zip(alerts).all(|(it, at)| fits(it, at)) {
        return None;
    }
    let mut diff = String::new();
    let (mut missing, mut extra) = (Vec::new(), Vec::new());
    for step in align(expected, alerts) {
        match step {
            Step::Same(expected) => {
                gap(&mut diff, &mut missing, &mut extra);
                let _ = writeln!(diff, "    = {}", expected.rule);
            }
            Step::Missing(expected) => missing.push(expected),
            Step::Extra(alert) => extra.push(alert),
        }
    }
    gap(&mut diff, &mut missing, &mut extra);
    Some(diff)
}

enum Step<'a> {
    Same(&'a Expectation),
    Missing(&'a Expectation),
    Extra(&'a Value),
}

/// The longest common subsequence of both, with what is between.
fn align<'a>(expected: &'a [Expectation], alerts: &'a [Value]) -> Vec<Step<'a>> {
    let (rows, columns) = (expected.len() + 1, alerts.len() + 1);
    if rows.saturating_mul(columns) > MAX_PAIRS {
        let missing = expected.iter().map(Step::Missing);
        return missing.chain(alerts.iter().map(Step::Extra)).collect();
    }
    // `common[row * columns + column]`: how many fit from there to the end.
    let mut common = vec![0u32; rows * columns];
    let at = |common: &[u32], row: usize, column: usize| {
        common.get(row * columns + column).copied().unwrap_or(0)
    };
    for (row, expectation) in expected.iter().enumerate().rev() {
        for (column, alert) in alerts.iter().enumerate().rev() {
            let best = if expectation.difference(alert).is_none() {
                at(&common, row + 1, column + 1) + 1
            } else {
                at(&common, row + 1, column).max(at(&common, row, column + 1))
            };
            if let Some(cell) = common.get_mut(row * columns + column) {
                *cell = best;
            }
        }
    }
    let mut steps = Vec::new();
    let (mut row, mut column) = (0, 0);
    loop {
        match (expected.get(row), alerts.get(column)) {
            (Some(expectation), Some(alert)) if expectation.difference(alert).is_none() => {
                steps.push(Step::Same(expectation));
                row += 1;
                column += 1;
            }
            (Some(expectation), alert)
                if alert.is_none()
                    || at(&common, row + 1, column) >= at(&common, row, column + 1) =>
            {
                steps.push(Step::Missing(expectation));
                row += 1;
            }
            (_, Some(alert)) => {
                steps.push(Step::Extra(alert));
                column += 1;
            }
            (_, None) => return steps,
        }
    }
}

/// What is between two alerts that fit: those of the same rule are shown as one that differs.
fn gap(diff: &mut String, missing: &mut Vec<&Expectation>, extra: &mut Vec<&Value>) {
    for expected in missing.drain(..) {
        let same_rule = |alert: &&Value| text(alert, "rule") == expected.rule;
        if let Some(index) = extra.iter().position(same_rule) {
            let alert = extra.remove(index);
            if let Some(difference) = expected.difference(alert) {
                let _ = writeln!(diff, "    ~ {}: {difference}", expected.rule);
            }
        } else {
            let _ = writeln!(diff, "    - {} (expected, did not come)", expected.rule);
        }
    }
    for alert in extra.drain(..) {
        let (rule, output) = (text(alert, "rule"), text(alert, "output"));
        let _ = writeln!(diff, "    + {rule} (came, was not expected): {output}");
    }
}

fn text<'a>(alert: &'a Value, key: &str) -> &'a str {
    alert.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;
    use crate::document::{self, Entry};

    #[track_caller]
    fn check(expected: &str, alerts: &[Value], diff: &Expect) {
        let node = document::parse(expected).unwrap();
        let expected = Expectation::read_all(&Entry::root(&node)).unwrap();
        // The first line keeps the indentation of the others, which snapshots would strip.
        let found = compare(&expected, alerts).map(|it| format!("alerts\n{it}"));
        diff.assert_eq(&found.unwrap_or_default());
    }

    fn alert(rule: &str, output: &str) -> Value {
        json!({
            "rule": rule,
            "output": output,
            "priority": "Notice",
            "tags": ["b", "a"],
            "output_fields": { "fd.num": 3, "proc.name": "cat", "user.name": null },
        })
    }

    #[test]
    fn expected_alerts_pass() {
        let alerts = [alert("A", "a cat"), alert("B", ""), alert("B", "")];
        check(
            "- {rule: A, priority: Notice, contains: cat, tags: [a, b], \
             fields: {fd.num: 3, proc.name: cat, user.name: ~}}\n- {rule: B, count: 2}",
            &alerts,
            &expect![""],
        );
        check("[]", &[], &expect![""]);
    }

    #[test]
    fn missing_and_extra_alerts_show() {
        check(
            "[A, B, C]",
            &[alert("A", ""), alert("D", "text"), alert("C", "")],
            &expect![[r#"
                alerts
                    = A
                    - B (expected, did not come)
                    + D (came, was not expected): text
                    = C
            "#]],
        );
    }

    #[test]
    fn wrong_details_show() {
        check(
            "[{rule: A, priority: Error}, {rule: B, fields: {fd.num: 4}}, {rule: C, contains: x}]",
            &[alert("A", ""), alert("B", ""), alert("C", "y")],
            &expect![[r#"
                alerts
                    ~ A: priority: expected `Error`, found `Notice`
                    ~ B: fd.num: expected `4`, found `3`
                    ~ C: output contains: expected `x`, found `y`
            "#]],
        );
    }
}
