//! `metrics.output_rule` and `metrics.output_file`: figures as alerts and as lines of a file, as Falco writes them.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use falco_compat::{format::FieldValue, rules::Priority};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::{
    agent,
    config::MetricsSettings,
    live::{Figures, Tally, Voice},
    log,
    usage::Usage,
};

/// Name of the alert.
const RULE: &str = "Falco internal: metrics snapshot";

/// When the next snapshot is due, and what the last one said.
#[derive(Debug, Default)]
pub(super) struct Snapshots {
    due: Option<Instant>,
    samples: u64,
    previous_events: u64,
    /// A failure to write has been said.
    failing: bool,
}

impl Snapshots {
    /// How long nothing is due; `None`: nothing ever is.
    pub(super) fn left(&self) -> Option<Duration> {
        Some(self.due?.saturating_duration_since(Instant::now()))
    }

    /// From now on, snapshots are due as `settings` say.
    pub(super) fn configure(&mut self, settings: &MetricsSettings) {
        self.due = settings.interval.and_then(|interval| Instant::now().checked_add(interval));
    }

    /// Writes a snapshot if one is due.
    pub(super) fn write(
        &mut self,
        settings: &MetricsSettings,
        figures: &Figures,
        tally: &Tally,
        voice: &Voice,
    ) {
        let now = Instant::now();
        if self.due.is_none_or(|due| now < due) {
            return;
        }
        self.due = settings.interval.and_then(|interval| now.checked_add(interval));
        self.samples += 1;
        let fields = self.fields(settings, figures, tally, voice);
        self.previous_events = figures.delivered;
        if let Some(path) = &settings.file {
            let members = fields.iter().map(|(name, value)| (name.clone(), value.clone()));
            let members: Map<_, _> = members.collect();
            let line = json!({ "output_fields": members, "sample": self.samples });
            match append(path, &line) {
                Ok(()) => self.failing = false,
                Err(error) if !self.failing => {
                    self.failing = true;
                    log::error(format_args!("metrics: cannot write `{}`: {error}", path.display()));
                }
                Err(_) => {}
            }
        }
        if settings.as_alert {
            let fields = fields.into_iter().map(|(name, value)| (name, field(&value)));
            let message = "Falco metrics snapshot";
            voice.internal(Priority::Informational, RULE, message, fields.collect());
        }
    }

    /// Names as in Falco, sorted.
    fn fields(
        &self,
        settings: &MetricsSettings,
        figures: &Figures,
        tally: &Tally,
        voice: &Voice,
    ) -> Vec<(String, Value)> {
        let states = voice.outputs().states();
        let dropped = states.map(|it| it.dropped.load(Ordering::Relaxed)).sum::<u64>();
        let time_ns = u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0);
        let events = figures.drops.seen.max(figures.recorded);
        let mut fields: Vec<(String, Value)> = [
            ("evt.hostname", Value::from(agent::hostname())),
            ("evt.source", "syscall".into()),
            ("evt.time", time_ns.into()),
            ("falco.memory_rss_bytes", Usage::resident_bytes().into()),
            ("falco.n_threads", figures.threads.into()),
            ("falco.num_evts", figures.delivered.into()),
            ("falco.num_evts_prev", self.previous_events.into()),
            ("falco.outputs_queue_num_drops", dropped.into()),
            ("falco.rules.matches_total", tally.total().into()),
            ("falco.version", env!("CARGO_PKG_VERSION").into()),
            ("scap.engine_name", figures.engine.into()),
            ("scap.n_drops", figures.drops.total.into()),
            ("scap.n_evts", events.into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if settings.rules {
            let matched = tally.rules().iter().filter(|rule| rule.matches() > 0);
            fields.extend(
                matched.map(|rule| {
                    (format!("falco.rules.{}", plain(&rule.name)), rule.matches().into())
                }),
            );
        }
        fields.sort_by(|one, other| one.0.cmp(&other.0));
        fields.dedup_by(|one, other| one.0 == other.0);
        fields
    }
}

fn append(path: &Path, line: &Value) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())
}

fn field(value: &Value) -> FieldValue {
    match (value.as_u64(), value.as_str()) {
        (Some(number), _) => FieldValue::Uint(number),
        (None, Some(text)) => text.into(),
        (None, None) => FieldValue::Null,
    }
}

/// A rule's name as a part of a field's, as Falco makes it: one `_` for all that is special.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for it in name.chars() {
        let it = if it.is_ascii_alphanumeric() || it == ':' { it } else { '_' };
        if it != '_' || !plain.ends_with('_') {
            plain.push(it);
        }
    }
    if plain.ends_with('_') {
        plain.pop();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_rules_become_plain() {
        assert_eq!(plain("Read file (untrusted), by /bin"), "Read_file_untrusted_by_bin");
        assert_eq!(plain("-- a::b --"), "_a::b");
    }
}
