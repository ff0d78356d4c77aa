//! `/metrics`: figures for Prometheus.
//!
//! What means the same as in Falco has Falco's name with `innerwarden_` in the place of `falcosecurity_`.

mod text;

use std::sync::{Arc, atomic::Ordering};

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use event::EventType;
use ingest::container::Engine;
use jiff::Timestamp;

use self::text::Text;
use super::{InForce, Status};
use crate::{
    agent,
    live::{BUFFER_KINDS, Figures},
    usage::Usage,
};

pub(super) async fn answer(State(status): State<Arc<Status>>) -> Response {
    let kind = [(CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, text(&status)).into_response()
}

/// All figures.
pub(super) fn text(status: &Status) -> String {
    let mut out = Text::default();
    let in_force = status.in_force();
    program(&mut out, status, &in_force);
    outputs(&mut out, &in_force);
    rules(&mut out, &in_force);
    events(&mut out, status);
    out.finish()
}

fn program(out: &mut Text, status: &Status, in_force: &InForce) {
    out.info("falco_version_info", &[("version", env!("CARGO_PKG_VERSION"))]);
    for (file, sum) in &in_force.rules_files {
        out.info("falco_sha256_rules_files_info", &[("file_name", file), ("sha256", sum)]);
    }
    for (file, sum) in &in_force.config_files {
        out.info("falco_sha256_config_files_info", &[("file_name", file), ("sha256", sum)]);
    }
    if let Ok(kernel) = nix::sys::utsname::uname() {
        let release = kernel.release().to_string_lossy();
        out.info("falco_kernel_release_info", &[("kernel_release", &release)]);
    }
    out.info("evt_hostname_info", &[("hostname", &agent::hostname())]);
    let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    out.gauge("falco_host_num_cpus_total", cpus);
    out.gauge("falco_start_timestamp_nanoseconds", status.started_at_ns);
    let now_ns = i64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0);
    let running_ns = now_ns.saturating_sub(status.started_at_ns).max(0);
    out.counter("falco_duration_seconds_total", &[], running_ns / 1_000_000_000);
    let usage = Usage::now();
    let spent_s = (usage.user + usage.system).as_secs_f64();
    let running = std::time::Duration::from_nanos(running_ns.unsigned_abs());
    out.gauge("falco_cpu_usage_ratio", spent_s / running.as_secs_f64().max(0.001));
    out.counter("cpu_seconds_total", &[], spent_s);
    if let Some(bytes) = Usage::resident_bytes() {
        out.gauge("falco_memory_rss_bytes", bytes);
    }
    let outcomes = &status.outcomes;
    let loaded_at_ns = outcomes.loaded_at_ns.load(Ordering::Relaxed);
    out.gauge("falco_reload_timestamp_nanoseconds", loaded_at_ns);
    let (accepted, refused) = (&outcomes.accepted, &outcomes.refused);
    out.counter("reloads_total", &[("result", "accepted")], accepted.load(Ordering::Relaxed));
    out.counter("reloads_total", &[("result", "refused")], refused.load(Ordering::Relaxed));
}

fn outputs(out: &mut Text, in_force: &InForce) {
    let states: Vec<_> = in_force.outputs.states().collect();
    let dropped = states.iter().map(|it| it.dropped.load(Ordering::Relaxed)).sum::<u64>();
    out.counter("falco_outputs_queue_num_drops_total", &[], dropped);
    for state in &states {
        let of = [("output", state.name)];
        out.counter("outputs_written_total", &of, state.written.load(Ordering::Relaxed));
    }
    for state in &states {
        let of = [("output", state.name)];
        out.counter("outputs_failed_total", &of, state.failed.load(Ordering::Relaxed));
    }
    for state in &states {
        let of = [("output", state.name)];
        out.counter("outputs_dropped_total", &of, state.dropped.load(Ordering::Relaxed));
    }
    for state in &states {
        out.labelled_gauge(
            "outputs_queued",
            &[("output", state.name)],
            state.queued.load(Ordering::Relaxed),
        );
    }
}

fn rules(out: &mut Text, in_force: &InForce) {
    out.gauge("rules_in_force", in_force.tally.rules().len());
    if !in_force.rules_counted {
        return;
    }
    for rule in in_force.tally.rules().iter().filter(|rule| rule.matches() > 0) {
        let priority = (rule.priority as u8).to_string();
        let tags: Vec<_> =
            rule.tags.iter().map(|tag| text::label_name(&format!("tag_{tag}"))).collect();
        let mut labels =
            vec![("priority", &*priority), ("rule_name", &*rule.name), ("source", &*rule.source)];
        labels.extend(tags.iter().map(|tag| (tag.as_str(), "true")));
        out.counter("falco_rules_matches_total", &labels, rule.matches());
    }
}

fn containers(out: &mut Text, figures: &Figures) {
    for engine in Engine::ALL {
        let counters = figures.containers.engine(engine);
        let results = [
            ("answered", counters.answered),
            ("not_found", counters.not_found),
            ("timed_out", counters.timed_out),
            ("failed", counters.failed),
        ];
        for (result, count) in results {
            let of = [("engine", engine.name()), ("result", result)];
            out.counter("container_lookups_total", &of, count);
        }
    }
    let waiting = figures.waiting;
    out.counter("container_requests_dropped_total", &[], figures.containers.requests_dropped);
    out.counter("waiting_events_total", &[("result", "held")], waiting.held);
    out.counter("waiting_events_total", &[("result", "refused")], waiting.refused);
    out.counter("waiting_timeouts_total", &[], waiting.timed_out);
    out.counter("waiting_alerts_total", &[("result", "gained")], waiting.gained);
    out.counter("waiting_alerts_total", &[("result", "averted")], waiting.averted);
}

/// What tells types of events apart.
fn named(kind: EventType) -> [(&'static str, &'static str); 2] {
    let direction = if kind.is_enter() { "enter" } else { "exit" };
    [("dir", direction), ("event", kind.info().name)]
}

fn events(out: &mut Text, status: &Status) {
    let figures = status.desk.figures();
    let engine = [("engine_name", figures.engine), ("evt_source", "syscall")];
    out.info("scap_engine_name_info", &engine);
    let drops = &figures.drops;
    out.counter("scap_n_evts_total", &[], drops.seen.max(figures.recorded));
    out.counter("scap_n_drops_total", &[], drops.total);
    for (kind, count) in BUFFER_KINDS.iter().zip(drops.buffer) {
        out.counter("scap_n_drops_buffer_total", &[("dir", "exit"), ("drop", kind)], count);
    }
    out.counter("scap_n_drops_scratch_map_total", &[], drops.scratch);
    out.counter("scap_n_drops_bug_total", &[], drops.bug);
    for loss in &drops.by_kind {
        let [dir, event] = named(loss.kind);
        out.counter("drops_total", &[dir, event, ("reason", loss.reason.name())], loss.events);
    }
    out.counter("needless_events_total", &[], drops.needless);
    out.counter("events_total", &[("stage", "recorded")], figures.recorded);
    out.counter("events_total", &[("stage", "delivered")], figures.delivered);
    for (kind, events) in &drops.sent_by_kind {
        out.counter("probe_events_total", &named(*kind), *events);
    }
    out.counter("state_mended_total", &[], figures.mended);
    out.gauge("scap_n_threads", figures.threads);
    containers(out, &figures);
    for (kind, count) in figures.losses.iter().filter(|(kind, _)| !kind.is_empty()) {
        out.counter("losses_total", &[("kind", kind)], *count);
    }
}
