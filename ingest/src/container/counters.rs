//! What the lookup of containers did and could not do.

use std::sync::atomic::{AtomicU64, Ordering};

use super::config::Engine;

/// Counts of one engine since the service began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EngineCounters {
    /// Containers asked for; a container may be asked for several times.
    pub asked: u64,
    /// Containers that it knew.
    pub answered: u64,
    /// Containers that it did not know.
    pub not_found: u64,
    /// Requests that it did not answer in time.
    pub timed_out: u64,
    /// Requests that failed otherwise: no connection, garbage, an answer too large.
    pub failed: u64,
    /// Times that its socket was connected for listing and listening.
    pub connected: u64,
}

/// Counts since the service began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContainerCounters {
    /// Counts of each engine, in the order of [`Engine::ALL`].
    pub engines: [EngineCounters; 4],
    /// Containers asked for by the event thread.
    pub requested: u64,
    /// Of these, dropped because too many waited.
    pub requests_dropped: u64,
    /// Containers that no runtime knew.
    pub unknown: u64,
    /// Answers given.
    pub answers: u64,
    /// Containers forgotten because too many were remembered.
    pub evicted: u64,
}

impl ContainerCounters {
    /// Counts of `engine`.
    pub fn engine(&self, engine: Engine) -> EngineCounters {
        self.engines.get(engine as usize).copied().unwrap_or_default()
    }
}

/// A count that tasks share.
#[derive(Debug, Default)]
pub(super) struct Cell(AtomicU64);

impl Cell {
    pub(super) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts of one engine; see [`EngineCounters`].
#[derive(Debug, Default)]
pub(super) struct EngineCells {
    pub(super) asked: Cell,
    pub(super) answered: Cell,
    pub(super) not_found: Cell,
    pub(super) timed_out: Cell,
    pub(super) failed: Cell,
    pub(super) connected: Cell,
}

impl EngineCells {
    fn read(&self) -> EngineCounters {
        EngineCounters {
            asked: self.asked.value(),
            answered: self.answered.value(),
            not_found: self.not_found.value(),
            timed_out: self.timed_out.value(),
            failed: self.failed.value(),
            connected: self.connected.value(),
        }
    }
}

/// Counts of the service; see [`ContainerCounters`].
#[derive(Debug, Default)]
pub(super) struct ServiceCells {
    pub(super) requested: Cell,
    pub(super) requests_dropped: Cell,
    pub(super) unknown: Cell,
    pub(super) answers: Cell,
    pub(super) evicted: Cell,
}

/// All counts.
#[derive(Debug, Default)]
pub(super) struct Cells {
    podman: EngineCells,
    docker: EngineCells,
    cri: EngineCells,
    containerd: EngineCells,
    pub(super) service: ServiceCells,
}

impl Cells {
    pub(super) fn of(&self, engine: Engine) -> &EngineCells {
        match engine {
            Engine::Podman => &self.podman,
            Engine::Docker => &self.docker,
            Engine::Cri => &self.cri,
            Engine::Containerd => &self.containerd,
        }
    }

    pub(super) fn read_all(&self) -> ContainerCounters {
        ContainerCounters {
            engines: Engine::ALL.map(|engine| self.of(engine).read()),
            requested: self.service.requested.value(),
            requests_dropped: self.service.requests_dropped.value(),
            unknown: self.service.unknown.value(),
            answers: self.service.answers.value(),
            evicted: self.service.evicted.value(),
        }
    }
}
