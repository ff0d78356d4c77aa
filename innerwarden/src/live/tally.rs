//! How often each rule matched.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use falco_compat::rules::Priority;

use crate::ruleset::Ruleset;

/// Counts by rule, in the order of rules. Written by the event thread, read by anyone.
#[derive(Debug)]
pub(crate) struct Tally {
    rules: Vec<RuleTally>,
    /// Alerts of rules that a reload has removed.
    removed: AtomicU64,
}

/// One rule's.
#[derive(Debug)]
pub(crate) struct RuleTally {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// Its source.
    pub(crate) source: Arc<str>,
    /// Its priority.
    pub(crate) priority: Priority,
    /// Its tags.
    pub(crate) tags: BTreeSet<String>,
    matches: AtomicU64,
}

impl RuleTally {
    /// How often it matched.
    pub(crate) fn matches(&self) -> u64 {
        self.matches.load(Ordering::Relaxed)
    }
}

impl Tally {
    /// Zeros for the rules of `ruleset`.
    pub(crate) fn new(ruleset: &Ruleset) -> Self {
        let rules = ruleset.rules().iter().map(|rule| RuleTally {
            name: rule.name.clone(),
            source: rule.source.clone(),
            priority: rule.priority,
            tags: rule.tags.clone(),
            matches: AtomicU64::new(0),
        });
        Self { rules: rules.collect(), removed: AtomicU64::new(0) }
    }

    /// Each rule's.
    pub(crate) fn rules(&self) -> &[RuleTally] {
        &self.rules
    }

    /// Counts a match of rule `index`.
    #[inline]
    pub(crate) fn count(&self, index: usize) {
        if let Some(rule) = self.rules.get(index) {
            rule.matches.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Goes on counting where `old` ends.
    pub(crate) fn inherit(&self, old: &Self) {
        let mine: HashMap<_, _> = self.rules.iter().map(|rule| (&*rule.name, rule)).collect();
        let mut removed = old.removed.load(Ordering::Relaxed);
        for rule in &old.rules {
            match mine.get(&*rule.name) {
                Some(heir) => {
                    heir.matches.fetch_add(rule.matches(), Ordering::Relaxed);
                }
                None => removed += rule.matches(),
            }
        }
        self.removed.fetch_add(removed, Ordering::Relaxed);
    }

    /// All matches, those of rules that are gone included.
    pub(crate) fn total(&self) -> u64 {
        let removed = self.removed.load(Ordering::Relaxed);
        self.rules.iter().map(RuleTally::matches).sum::<u64>() + removed
    }

    /// As Falco prints them at the end.
    pub(crate) fn report(&self) -> String {
        let mut out = format!("Events detected: {}\nRule counts by severity:\n", self.total());
        for priority in Priority::ALL {
            let of_priority = self.rules.iter().filter(|rule| rule.priority == priority);
            let count: u64 = of_priority.map(RuleTally::matches).sum();
            if count > 0 {
                let name =
                    if priority == Priority::Informational { "INFO" } else { priority.text() };
                let _ = writeln!(out, "   {}: {count}", name.to_uppercase());
            }
        }
        out.push_str("Triggered rules by rule name:\n");
        for rule in self.rules.iter().filter(|rule| rule.matches() > 0) {
            let _ = writeln!(out, "   {}: {}", rule.name, rule.matches());
        }
        out
    }
}
