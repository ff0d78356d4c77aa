//! Attacks and ordinary work, done to a real kernel while `innerwarden run` watches: which rules of Falco alert.
//!
//! `attacks.txt` and `ordinary.txt` say what is done, `attacks.expected` which rules that has to match. The latter was
//! written by Falco 0.44.1 with its modern probe and container plugin and these rules: with
//! `INNERWARDEN_LIVE_WATCHER` set to a shell command that starts Falco with the configuration file `$1`, these tests
//! run it instead of innerwarden, and with `UPDATE_EXPECT=1` they write down what it says.
//! `INNERWARDEN_LIVE_ARGUMENTS` are further arguments of `innerwarden run`.
//!
//! It needs root, what `scripts/setup.sh` installs and the official rules 5.1.0 (`INNERWARDEN_SHARED`). Without it, a
//! test says why it skips; in CI as root, only the rules may be missing.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod action;
mod alert;
mod container;
mod stage;
mod watcher;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use expect_test::expect_file;

use action::Action;
use alert::Alerts;
use stage::Stage;
use watcher::Watcher;

/// Held by who watches: one at a time, since each makes the other busy.
static TURN: Mutex<()> = Mutex::new(());

/// What was done and what was said of it.
struct Run {
    actions: Vec<Action>,
    alerts: Alerts,
    /// The same of a recording of it, made by the process that alerted; `None` where Falco did.
    replayed: Option<Alerts>,
}

impl Run {
    /// Does what `script` says under the eyes of a watcher with this configuration; `None` where that cannot be.
    fn of(script: &str, configuration: &str) -> Option<Self> {
        Self::with(script, configuration, &[])
    }

    /// The same, with further arguments for innerwarden.
    fn with(script: &str, configuration: &str, arguments: &[&str]) -> Option<Self> {
        if !stage::can_run() {
            return None;
        }
        let rules = watcher::official_rules()?;
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let actions = action::parse(script);
        let mut stage = Stage::new(&actions);
        let mut watcher = Watcher::start(&stage, &rules, configuration, arguments);
        // It watches from the first alert on; when the last one has come, so have all before it.
        while !watcher.sees(&mut stage, "begin") {}
        for action in &actions {
            stage.act(&action.name);
        }
        while !watcher.sees(&mut stage, "end") {}
        let alerts = Alerts::of(&stage, &watcher.end());
        // Read only when the test fails: what the watcher lost, for one.
        eprintln!("{}", stage.read("watcher.log"));
        let replayed = watcher::replay(&stage).map(|it| Alerts::of(&stage, &it));
        Some(Self { actions, alerts, replayed })
    }

    /// Checks that a replay says the same, to the last field.
    #[track_caller]
    fn check_replay(&self) {
        let Some(replayed) = &self.replayed else { return };
        for Action { name, .. } in &self.actions {
            assert_eq!(self.alerts.timeless(name), replayed.timeless(name), "{name}: replay");
        }
    }

    /// A line for each action, with the rules that it matched.
    fn table(&self) -> String {
        self.actions.iter().map(|it| self.alerts.line(&it.name)).collect()
    }
}

#[test]
fn attacks_alert_as_in_falco() {
    let Some(run) = Run::of(include_str!("attacks.txt"), "") else { return };
    expect_file!["attacks.expected"].assert_eq(&run.table());
    run.check_replay();
    let rules: BTreeSet<_> = run.alerts.rules().collect();
    let (actions, alerts) = (run.actions.len(), run.alerts.count());
    eprintln!("{actions} actions, {alerts} alerts of {} rules", rules.len());
    assert!(actions >= 60 && rules.len() >= 45);
}

#[test]
fn attacks_alert_all_the_same_without_push_down() {
    let arguments = ["-o", "engine.modern_ebpf.push_down=false"];
    let Some(run) = Run::with(include_str!("attacks.txt"), "", &arguments) else { return };
    expect_file!["attacks.expected"].assert_eq(&run.table());
}

#[test]
fn ordinary_work_does_not_alert() {
    // Without metadata of a container, this rule takes what is not known for a mount of the host's `/`. Here nobody
    // but runc knows the containers.
    let configuration = "rules: [{disable: {rule: Launch Sensitive Mount Container}}]\n";
    let Some(run) = Run::of(include_str!("ordinary.txt"), configuration) else { return };
    let table = run.table();
    let loud: Vec<_> = table.lines().filter(|it| !it.ends_with(": ")).collect();
    assert_eq!(loud, [""; 0]);
    run.check_replay();
    assert!(run.actions.len() >= action::parse(include_str!("attacks.txt")).len());
}
