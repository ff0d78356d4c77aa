//! Alerts, by the action that caused them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::stage::Stage;

/// Alerts of the actions of one stage.
pub(crate) struct Alerts {
    by_action: BTreeMap<String, Vec<Value>>,
}

impl Alerts {
    /// Those of `alerts` that `stage` is responsible for.
    pub(crate) fn of(stage: &Stage, alerts: &[Value]) -> Self {
        let mut by_action: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for alert in alerts {
            if let Some(action) = action(stage, alert)
                && !is_of_runtime(alert)
            {
                by_action.entry(action.to_owned()).or_default().push(alert.clone());
            }
        }
        Self { by_action }
    }

    /// A line with the rules that the action `name` matched, `3 ×` where one did so three times.
    pub(crate) fn line(&self, name: &str) -> String {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for alert in self.by_action.get(name).into_iter().flatten() {
            *counts.entry(rule(alert)).or_default() += 1;
        }
        let rules: Vec<_> = counts
            .iter()
            .map(|(rule, count)| match count {
                1 => (*rule).to_owned(),
                _ => format!("{count} × {rule}"),
            })
            .collect();
        format!("{name}: {}\n", rules.join(", "))
    }

    /// Alerts of the action `name` in order of time, and those of one event in order of rules, without what a replay
    /// cannot know.
    pub(crate) fn timeless(&self, name: &str) -> Vec<Value> {
        let mut alerts = self.by_action.get(name).cloned().unwrap_or_default();
        alerts.sort_by_cached_key(|it| {
            (it["time"].as_str().unwrap().to_owned(), rule(it).to_owned())
        });
        for alert in &mut alerts {
            forget_start(alert);
        }
        alerts
    }

    /// The rules that matched, once for each alert.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &str> {
        self.by_action.values().flatten().map(rule)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.rules().count()
    }
}

/// The action of `stage` that caused `alert`. A container's runtime does not have the mark while it prepares the
/// container.
pub(crate) fn action<'a>(stage: &'a Stage, alert: &'a Value) -> Option<&'a str> {
    let text = |name: &str| alert["output_fields"][name].as_str();
    let marked = text("proc.env[IW_ACTION]").and_then(|it| stage.unmark(it));
    marked.or_else(|| stage.in_container(text("container.id")?))
}

/// Whether the container's runtime did what it does only where cgroups are of version 2: there, which devices a
/// container may use is said by a BPF program.
fn is_of_runtime(alert: &Value) -> bool {
    rule(alert) == "BPF Program Not Profiled" && alert["output_fields"]["proc.name"] == "runc"
}

/// Forgets when the container was started, for which the start of the machine has to be known: a replay does not look
/// for it in the capture, as in Falco.
fn forget_start(alert: &mut Value) {
    alert["output_fields"].as_object_mut().unwrap().remove("container.start_ts");
    let words = alert["output"].as_str().unwrap().split(' ');
    let kept: Vec<_> = words.filter(|it| !it.starts_with("container_start_ts=")).collect();
    alert["output"] = kept.join(" ").into();
}

fn rule(alert: &Value) -> &str {
    alert["rule"].as_str().unwrap()
}
