//! The running kernel as a source of events.

use std::{collections::BTreeMap, ops::ControlFlow, time::Duration};

use ebpf::{AttachChoice, AttachMode, Filter, LoadError, ProbeConfig, Probes, Selection};

use super::{
    Drops,
    demand::Demand,
    push_down,
    source::{Arrival, Progress},
};
use crate::{
    config::{Attach, ProbeSettings},
    exit::{Exit, Failure},
    log,
};

/// How long the thread sleeps when the kernel has nothing, first and at most: the longer it was quiet, the longer.
const NAPS: (Duration, Duration) = (Duration::from_micros(250), Duration::from_millis(20));

/// The probes, loaded.
#[derive(Debug)]
pub(super) struct ProbeSource {
    probes: Probes,
    nap: Duration,
}

impl ProbeSource {
    /// Loads and attaches what `demand` wants.
    pub(super) fn load(settings: &ProbeSettings, demand: &Demand) -> Result<Self, LoadError> {
        let probes = Probes::load(&config(settings), &demand.selection)?;
        let mut missing = BTreeMap::<_, Vec<_>>::new();
        for (probe, reason) in probes.missing() {
            missing.entry(reason).or_default().push(probe);
        }
        for (reason, probes) in missing {
            let probes = probes.join(", ");
            log::warning(format_args!("this kernel does not offer the probes {probes}: {reason}"));
        }
        let mut source = Self { probes, nap: NAPS.0 };
        source.filter(&demand.filter);
        Ok(source)
    }

    pub(super) fn drain(
        &mut self,
        visit: &mut dyn FnMut(Arrival<'_>) -> ControlFlow<()>,
    ) -> Progress {
        let count = self.probes.drain(|event| visit(Arrival::Event(event)));
        if count == 0 {
            return Progress::Idle;
        }
        self.nap = NAPS.0;
        Progress::More
    }

    pub(super) fn wait(&mut self) {
        self.probes.wait(self.nap);
        self.nap = (self.nap * 2).min(NAPS.1);
    }

    /// What cannot be changed is said; the rest is.
    pub(super) fn demand(&mut self, before: &Demand, after: &Demand) {
        if before.selection != after.selection
            && let Err(error) = self.probes.select(&after.selection)
        {
            log::error(format_args!("the probes cannot be changed: {error}"));
        }
        self.filter(&after.filter);
    }

    /// Reports the ends of processes only.
    pub(super) fn stop(&mut self) {
        if let Err(error) = self.probes.select(&Selection::new()) {
            log::error(format_args!("the probes cannot be changed: {error}"));
        }
    }

    fn filter(&mut self, filter: &Filter) {
        let filter = push_down::fit(filter, self.probes.missing().map(|(probe, _)| probe));
        if let Err(error) = self.probes.filter(&filter) {
            log::error(format_args!("the probes cannot be told what is needless: {error}"));
        }
    }

    pub(super) fn drops(&self) -> Drops {
        Drops::of_probes(self.probes.losses(), self.probes.undecodable())
    }

    pub(super) fn describe(&self) -> String {
        format!("probes, {}", self.probes.attach_mode())
    }

    pub(super) fn boot_time_ns(&self) -> u64 {
        self.probes.boot_time_ns()
    }

    /// Follows a wall clock that was set; by how many ns it was.
    pub(super) fn follow_clock(&mut self) -> i64 {
        match self.probes.follow_clock() {
            Ok(0) => 0,
            Ok(step_ns) => {
                log::warning(format_args!(
                    "the clock was set by {step_ns} ns; times of events follow"
                ));
                step_ns
            }
            Err(error) => {
                log::warning(format_args!("the clock cannot be read: {error}"));
                0
            }
        }
    }
}

/// Why probes cannot be loaded, in one line.
pub(crate) fn reason(error: LoadError) -> String {
    brief(&Failure::Error(Exit::Probes, anyhow::Error::new(error)).text())
}

/// What the kernel said, without the walk of its verifier, which may have thousands of lines.
pub(crate) fn brief(text: &str) -> String {
    let text = text.split_once("Verifier output").map_or(text, |(before, _)| before);
    text.lines().next().unwrap_or_default().trim_end_matches(['.', ' ']).to_owned()
}

fn config(settings: &ProbeSettings) -> ProbeConfig {
    ProbeConfig {
        attach: match settings.attach {
            Attach::Auto => AttachChoice::Auto,
            Attach::Fexit => AttachChoice::Force(AttachMode::Fexit),
            Attach::Dispatcher => AttachChoice::Force(AttachMode::Dispatcher),
        },
        // 0 stands for all; the probes never make more buffers than there are CPUs.
        cpus_per_ring: match settings.cpus_for_each_buffer {
            0 => u32::MAX,
            count => count.into(),
        },
        ring_bytes: (1 << 20) << (settings.buffer_preset - 1),
        snaplen: settings.snaplen,
        drop_failed: settings.drop_failed,
        ..ProbeConfig::default()
    }
}
