//! Where events come from: the probes, a capture, or nowhere.

use std::{
    ops::ControlFlow,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use event::{Event, capture::Record, convert::Converter};

use super::{Drops, Setup, demand::Demand, probes::ProbeSource};
use crate::{
    config::Engine,
    exit::{Exit, Failure, OrExit as _},
    input::{self, Input},
    log,
};

/// What comes from a source.
#[derive(Debug)]
pub(super) enum Arrival<'a> {
    /// Something that was there before.
    State(&'a Record<'a>),
    /// Something happened.
    Event(&'a Event<'a>),
}

/// What is left after [`Source::drain`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Perhaps more.
    More,
    /// Nothing for now.
    Idle,
    /// Nothing ever again.
    End,
}

/// A source that is open.
#[derive(Debug)]
pub(super) enum Source {
    /// The running kernel.
    Probes(Box<ProbeSource>),
    /// A capture: for tests, and to try outputs and rules out.
    Capture(Box<CaptureSource>),
    /// Nothing ever happens, but everything else is served.
    Nothing {
        /// Why, if it was not meant to be so.
        why: Option<String>,
    },
}

/// What of a source is ready before it is opened. Unlike an open capture it may go to another thread.
#[derive(Debug)]
pub(super) struct Loaded {
    /// When loading began, ns since the epoch.
    pub(super) began_ns: u64,
    /// The probes or why there are none; `None` where none are wanted.
    probes: Option<Result<Box<ProbeSource>, String>>,
}

impl Source {
    /// Loads the probes if `engine` names them. Those that cannot be loaded are said to be missing, once.
    pub(super) fn load(engine: &Engine, setup: &Setup) -> Loaded {
        let began_ns = super::now_ns();
        let Engine::Probes(settings) = engine else { return Loaded { began_ns, probes: None } };
        let probes = ProbeSource::load(settings, &setup.demand);
        let probes = probes.map(Box::new).map_err(|error| {
            let why = super::reason(error);
            log::error(format_args!(
                "no events: {why}. Everything else is served. Probes need a kernel from 5.8 on with BTF, and \
                 CAP_BPF and CAP_PERFMON (or root)"
            ));
            why
        });
        Loaded { began_ns, probes: Some(probes) }
    }

    /// Opens what `engine` names; `loaded` is what [`Source::load`] made of it.
    pub(super) fn open(engine: &Engine, loaded: Loaded) -> Result<Self, Failure> {
        match (engine, loaded.probes) {
            (_, Some(Ok(probes))) => Ok(Self::Probes(probes)),
            (_, Some(Err(why))) => Ok(Self::Nothing { why: Some(why) }),
            (Engine::Capture(path), None) => {
                Ok(Self::Capture(Box::new(CaptureSource::open(path)?)))
            }
            (Engine::Nothing | Engine::Probes(_), None) => Ok(Self::Nothing { why: None }),
        }
    }

    /// Gives what is there to `visit`, until it breaks off.
    #[inline]
    pub(super) fn drain(
        &mut self,
        visit: &mut dyn FnMut(Arrival<'_>) -> ControlFlow<()>,
    ) -> Result<Progress, Failure> {
        match self {
            Self::Probes(probes) => Ok(probes.drain(visit)),
            Self::Capture(capture) => capture.next(visit),
            Self::Nothing { .. } => Ok(Progress::Idle),
        }
    }

    /// Sleeps until something happens, at most for `patience`.
    pub(super) fn wait(&mut self, patience: Duration) {
        match self {
            Self::Probes(probes) => probes.wait(),
            Self::Capture(_) => {}
            Self::Nothing { .. } => {
                let deadline = Instant::now() + patience;
                while let Some(left) = deadline.checked_duration_since(Instant::now()) {
                    thread::park_timeout(left);
                }
            }
        }
    }

    /// Produces what `after` demands from now on, instead of what `before` did.
    pub(super) fn demand(&mut self, before: &Demand, after: &Demand) {
        match self {
            Self::Probes(probes) => probes.demand(before, after),
            Self::Capture(_) | Self::Nothing { .. } => {}
        }
    }

    /// Whether it produces nothing but what is demanded.
    pub(super) const fn is_selective(&self) -> bool {
        matches!(self, Self::Probes(_))
    }

    /// Produces nothing more, but the ends of processes; what it has can still be drained.
    pub(super) fn stop(&mut self) {
        match self {
            Self::Probes(probes) => probes.stop(),
            Self::Capture(_) | Self::Nothing { .. } => *self = Self::Nothing { why: None },
        }
    }

    /// What it could not deliver so far.
    pub(super) fn drops(&self) -> Drops {
        match self {
            Self::Probes(probes) => probes.drops(),
            Self::Capture(_) | Self::Nothing { .. } => Drops::default(),
        }
    }

    /// When the machine was started, ns since the epoch; 0 where events are not of this machine.
    pub(super) fn boot_time_ns(&self) -> u64 {
        match self {
            Self::Probes(probes) => probes.boot_time_ns(),
            Self::Capture(_) | Self::Nothing { .. } => 0,
        }
    }

    /// Follows a wall clock that was set; by how many ns it was since the last call.
    pub(super) fn follow_clock(&mut self) -> i64 {
        match self {
            Self::Probes(probes) => probes.follow_clock(),
            Self::Capture(_) | Self::Nothing { .. } => 0,
        }
    }

    /// Falco's name for it, in metrics.
    pub(super) fn engine(&self) -> &'static str {
        match self {
            Self::Probes(_) => "modern_bpf",
            Self::Capture(_) => "savefile",
            Self::Nothing { .. } => "nodriver",
        }
    }

    /// Why there are no events, if there should be some.
    pub(super) fn blind(&self) -> Option<&str> {
        match self {
            Self::Probes(_) | Self::Capture(_) => None,
            Self::Nothing { why } => why.as_deref(),
        }
    }

    /// How it gets its events, for a person.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Probes(probes) => probes.describe(),
            Self::Capture(capture) => capture.name.clone(),
            Self::Nothing { .. } => "nothing".to_owned(),
        }
    }
}

/// A capture that is played as if it happened now.
#[derive(Debug)]
pub(super) struct CaptureSource {
    input: Input,
    /// For messages.
    name: String,
    converter: Converter,
}

impl CaptureSource {
    fn open(path: &Path) -> Result<Self, Failure> {
        let name = format!("capture `{}`", path.display());
        Ok(Self { input: Input::open(path)?, name, converter: Converter::new() })
    }

    /// One record; a pipe may make us wait for it.
    fn next(
        &mut self,
        visit: &mut dyn FnMut(Arrival<'_>) -> ControlFlow<()>,
    ) -> Result<Progress, Failure> {
        let next = self.input.next_unnamed();
        let _ = match &next {
            Ok(Some(Record::Event(event))) if self.converter.passes(event) => {
                visit(Arrival::Event(event))
            }
            Ok(Some(Record::Event(event))) => {
                let time_ns = event.time_ns;
                let converted =
                    self.converter.convert(*event).or_exit_with(Exit::Capture, || {
                        format!("{}, event at {time_ns} ns", self.name)
                    })?;
                match converted.event() {
                    Some(event) => visit(Arrival::Event(&event)),
                    None => ControlFlow::Continue(()),
                }
            }
            Ok(Some(record)) => {
                if let Record::Section = record {
                    self.converter.clear();
                }
                visit(Arrival::State(record))
            }
            Ok(None) => return Ok(Progress::End),
            Err(_) => {
                let source = &self.name;
                return next.map(|_| Progress::End).map_err(|error| input::failure(source, error));
            }
        };
        Ok(Progress::More)
    }
}
