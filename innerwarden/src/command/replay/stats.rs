//! What a replay cost, and which rule how much of it.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use crate::usage::Usage;

/// Rules that are listed by cost, beside all that matched.
const MOST_EXPENSIVE: usize = 10;

/// Counts of a replay.
#[derive(Debug)]
pub(super) struct Stats {
    started: Instant,
    /// What was spent before the first event.
    loading: Usage,
    /// Time and cost of the replay, once it is over.
    spent: Option<(Duration, Usage)>,
    /// Events as recorded.
    pub(super) recorded: u64,
    /// Events that rules could look at.
    pub(super) delivered: u64,
    /// Alerts by rule, in the order of rules.
    alerts: Vec<u64>,
}

/// A rule's line.
#[derive(Clone, Copy, Debug)]
struct RuleLine<'a> {
    name: &'a str,
    alerts: u64,
    /// What it would have cost alone; zero when it was not measured.
    alone: Duration,
}

impl Stats {
    /// The clock starts now, for `rules` rules.
    pub(super) fn start(rules: usize, loading: Usage) -> Self {
        let alerts = vec![0; rules];
        Self { started: Instant::now(), loading, spent: None, recorded: 0, delivered: 0, alerts }
    }

    /// Counts an alert of rule `index`.
    pub(super) fn count(&mut self, index: usize) {
        if let Some(count) = self.alerts.get_mut(index) {
            *count += 1;
        }
    }

    /// The clock stops.
    pub(super) fn stop(&mut self) {
        self.spent = Some((self.started.elapsed(), Usage::now()));
    }

    /// The report. `costs` are what rules would cost alone, if it is known; `losses` what was dropped.
    pub(super) fn report<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        costs: Option<&[Duration]>,
        losses: &[(&str, u64)],
    ) -> String {
        let (elapsed, total) = self.spent.unwrap_or_else(|| (self.started.elapsed(), Usage::now()));
        let user = total.user.saturating_sub(self.loading.user);
        let system = total.system.saturating_sub(self.loading.system);
        let mut out = String::new();
        let _ = writeln!(
            out,
            "events   {} recorded, {} for rules, in {:.3} s: {} a second",
            grouped(self.recorded),
            grouped(self.delivered),
            elapsed.as_secs_f64(),
            grouped(per_second(self.recorded, elapsed))
        );
        let _ = writeln!(
            out,
            "cpu      {:.3} s user, {:.3} s system; before the first event {:.3} s and {:.3} s",
            user.as_secs_f64(),
            system.as_secs_f64(),
            self.loading.user.as_secs_f64(),
            self.loading.system.as_secs_f64()
        );
        let _ = writeln!(out, "memory   {} MB at most", total.max_rss_kb.div_ceil(1024));
        let _ = writeln!(out, "alerts   {}", grouped(self.alerts.iter().sum()));
        for (what, count) in losses.iter().filter(|(_, count)| *count > 0) {
            let _ = writeln!(out, "lost     {} {what}", grouped(*count));
        }
        let costs = costs.unwrap_or_default();
        let lines = names.zip(&self.alerts).enumerate().map(|(index, (name, &alerts))| RuleLine {
            name,
            alerts,
            alone: costs.get(index).copied().unwrap_or_default(),
        });
        table(&mut out, lines.collect());
        out
    }
}

/// Rules that matched, then those that cost most.
fn table(out: &mut String, mut rules: Vec<RuleLine<'_>>) {
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.alone));
    let total: Duration = rules.iter().map(|rule| rule.alone).sum();
    let mut shown: Vec<_> = rules
        .iter()
        .enumerate()
        .filter(|(rank, rule)| rule.alerts > 0 || (*rank < MOST_EXPENSIVE && !rule.alone.is_zero()))
        .map(|(_, rule)| rule)
        .collect();
    shown.sort_by_key(|rule| std::cmp::Reverse((rule.alerts, rule.alone)));
    if shown.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  alerts   ms alone  share  rule");
    for RuleLine { name, alerts, alone } in shown {
        let ms = alone.as_secs_f64() * 1000.0;
        let share =
            if total.is_zero() { 0.0 } else { 100.0 * alone.as_secs_f64() / total.as_secs_f64() };
        let _ = writeln!(out, "{alerts:>8} {ms:>10.2} {share:>5.1}%  {name}");
    }
    let _ = writeln!(
        out,
        "\n`ms alone` is what a rule would cost by itself, estimated from a sample of events; \
         together, rules share most checks and cost less."
    );
}

fn per_second(count: u64, elapsed: Duration) -> u64 {
    let nanoseconds = elapsed.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanoseconds).unwrap_or(u64::MAX)
}

/// A number with commas between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn rules_that_matched_come_first() {
        let line = |name, alerts, ms| RuleLine { name, alerts, alone: Duration::from_millis(ms) };
        let mut out = String::new();
        table(&mut out, vec![line("quiet", 0, 30), line("loud", 7, 10)]);
        expect![[r#"

              alerts   ms alone  share  rule
                   7      10.00  25.0%  loud
                   0      30.00  75.0%  quiet

            `ms alone` is what a rule would cost by itself, estimated from a sample of events; together, rules share most checks and cost less.
        "#]].assert_eq(&out);
    }
}
