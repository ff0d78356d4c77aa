//! Which rules `run` would load, and whether they are right.

use falco_compat::rules::find_files;

use super::{finding::Finding, place::Place};
use crate::{
    config::{Dialect, RunConfig},
    live::{load_rules, rules_paths},
};

/// Loads them as `run` does.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let config = match &place.config {
        Ok(config) => config,
        Err(why) => {
            return vec![Finding::missing(
                format!("configuration: {why}"),
                "`run` does not start",
                "correct it",
            )];
        }
    };
    let mut findings = Vec::new();
    if let Some(file) = config.files.first() {
        findings.push(Finding::ok(format!("configuration {}", file.display())));
    }
    let names = names(place, config);
    findings.push(match load_rules(&place.rules, config) {
        Ok(rules) if rules.len() == 0 => Finding::limited(
            format!("{names}: no rules in force"),
            "no alerts",
            "give rules files with -r or rules_files",
        ),
        Ok(rules) => Finding::ok(format!("{names}: {} rules in force", rules.len())),
        Err(failure) => Finding::missing(
            format!("{names}: {}", failure.text()),
            "`run` does not start",
            "innerwarden rules check FILE",
        ),
    });
    findings
}

fn names(place: &Place, config: &RunConfig) -> String {
    let files = find_files(&rules_paths(&place.rules, config)).unwrap_or_default();
    if files.is_empty() && config.dialect == Dialect::Own {
        return "built-in rules".to_owned();
    }
    let names: Vec<_> = files.iter().map(|it| it.display().to_string()).collect();
    names.join(", ")
}
