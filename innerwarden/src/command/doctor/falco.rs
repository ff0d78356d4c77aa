//! Whether Falco is installed, whose configuration and rules can be taken over.

use super::{finding::Finding, place::Place};

const CONFIG: &str = "/etc/falco/falco.yaml";
const RULES: [&str; 3] =
    ["/etc/falco/falco_rules.yaml", "/etc/falco/falco_rules.local.yaml", "/etc/falco/rules.d"];

/// Looks for its files.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let config = place.on_host(CONFIG);
    let rules: Vec<_> = RULES.iter().map(|it| place.on_host(it)).filter(|it| it.exists()).collect();
    if !config.exists() && rules.is_empty() {
        return vec![Finding::ok("not installed")];
    }
    let mut finding = Finding::ok(if config.exists() {
        config.display().to_string()
    } else {
        format!("no {}", config.display())
    });
    for file in rules {
        finding.found = format!("{}, {}", finding.found, file.display());
    }
    if config.exists() {
        finding.advice = format!(
            "to be configured as it is: innerwarden run --falco-config {}",
            config.display()
        );
    }
    vec![finding]
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::expect;

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn its_files_are_found_on_the_host() {
        let root = tempfile::tempdir().unwrap();
        let place = Place::below(root.path());
        let found = || lines(&look(&place)).replace(&root.path().display().to_string(), "ROOT");
        expect!["ok | not installed"].assert_eq(&found());
        fs::create_dir_all(root.path().join("etc/falco/rules.d")).unwrap();
        expect!["ok | no ROOT/etc/falco/falco.yaml, ROOT/etc/falco/rules.d"].assert_eq(&found());
        fs::write(root.path().join("etc/falco/falco.yaml"), "").unwrap();
        expect!["ok | ROOT/etc/falco/falco.yaml, ROOT/etc/falco/rules.d | to be configured as it is: innerwarden run --falco-config ROOT/etc/falco/falco.yaml"].assert_eq(&found());
    }
}
