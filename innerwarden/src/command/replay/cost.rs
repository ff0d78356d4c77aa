//! What each rule would cost alone.
//!
//! Together, rules share most of their checks, so a rule has no cost of its own there. Each is therefore run by
//! itself over a sample of the capture's events, in a second pass that the other figures do not contain.

use std::{
    ops::ControlFlow,
    path::Path,
    time::{Duration, Instant},
};

use falco_compat::engine::{Engine, RuleMatching};

use crate::{
    filter::Scope,
    input::Input,
    replay::{Replay, Seen},
    ruleset::Ruleset,
};

/// One of how many events is measured, so that it takes about as long for every capture. Primes, so that no
/// rhythm of the capture is in step with them.
fn sample(events: u64) -> u32 {
    match events {
        ..10_000 => 1,
        10_000..100_000 => 7,
        100_000.. => 61,
    }
}

/// Runs rules one by one.
pub(super) struct CostMeter {
    engines: Vec<Engine>,
    costs: Vec<Duration>,
    scope: Scope,
    seen: u32,
    sample: u32,
}

impl CostMeter {
    /// The cost of each rule over the whole of `capture`, which has so many `events` for rules, estimated; `None`
    /// when it cannot be read again.
    pub(super) fn measure(capture: &Path, events: u64, ruleset: &Ruleset) -> Option<Vec<Duration>> {
        if capture == Path::new("-") {
            return None;
        }
        let mut input = Input::open(capture).ok()?;
        let mut meter = Self {
            engines: ruleset.one_by_one(),
            costs: vec![Duration::ZERO; ruleset.len()],
            scope: Scope::default(),
            seen: 0,
            sample: sample(events),
        };
        // A capture that breaks off has been reported; its first part counts.
        let _ = Replay::new().capture(&mut input, |seen| {
            if let Seen::Event(step) = seen
                && let Some(event) = step.delivered().filter(|event| ruleset.looks_at(event.kind))
            {
                meter.on_event(event, step.host);
            }
            Ok(ControlFlow::Continue(()))
        });
        Some(meter.costs.iter().map(|cost| *cost * meter.sample).collect())
    }

    fn on_event(&mut self, event: &event::Event<'_>, host: &host::Host) {
        self.seen = self.seen.wrapping_add(1);
        if !self.seen.is_multiple_of(self.sample) {
            return;
        }
        let Self { engines, costs, scope, .. } = self;
        scope.with(event, host, |ctx| {
            for (engine, cost) in engines.iter_mut().zip(costs) {
                if engine.looks_at(event.kind) {
                    // The better of two: whatever interrupts one of them is not the rule's fault.
                    let once = [(); 2].map(|()| {
                        let started = Instant::now();
                        engine.matches(ctx, RuleMatching::First, |_| {});
                        started.elapsed()
                    });
                    *cost += once.into_iter().min().unwrap_or_default();
                }
            }
        });
    }
}
