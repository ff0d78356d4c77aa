//! Loading rules and configuration anew, beside the running ones.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
        mpsc::Sender,
    },
    thread,
};

use falco_compat::rules::Priority;
use jiff::Timestamp;

use super::Wake;
use crate::{
    command::run::Arguments,
    config::RunConfig,
    exit::{Exit, Failure, OrExit as _},
    live::{self, Setup, Voice},
    log,
    output::Outputs,
};

/// Name of the alert about a reload that was refused.
const RULE: &str = "Falco internal: hot restart failure";

/// Loads rules and configuration.
#[derive(Debug)]
pub(super) struct Reloader {
    arguments: Arguments,
    wake: Sender<Wake>,
    /// A thread is loading.
    is_loading: Arc<AtomicBool>,
    /// Something changed while it was.
    is_stale: AtomicBool,
    outcomes: Arc<Outcomes>,
}

/// What became of reloads, to be read by anyone.
#[derive(Debug, Default)]
pub(crate) struct Outcomes {
    /// When the rules in force were loaded, ns since the epoch.
    pub(crate) loaded_at_ns: AtomicI64,
    /// Reloads that were taken over.
    pub(crate) accepted: AtomicU64,
    /// Reloads that were refused.
    pub(crate) refused: AtomicU64,
    /// Why the last one was refused; `None` when it was not.
    last_error: Mutex<Option<String>>,
}

impl Outcomes {
    /// Why the last reload was refused; `None` when it was not.
    pub(crate) fn last_error(&self) -> Option<String> {
        self.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn accept(&self) {
        let now_ns = Timestamp::now().as_nanosecond();
        self.loaded_at_ns.store(i64::try_from(now_ns).unwrap_or(0), Ordering::Relaxed);
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn refuse(&self, why: String) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }
}

impl Reloader {
    pub(super) fn new(arguments: Arguments, wake: Sender<Wake>) -> Self {
        let outcomes = Arc::new(Outcomes::default());
        outcomes.accept();
        let (is_loading, is_stale) = (Arc::default(), AtomicBool::new(false));
        Self { arguments, wake, is_loading, is_stale, outcomes }
    }

    /// What became of reloads so far.
    pub(super) fn outcomes(&self) -> &Arc<Outcomes> {
        &self.outcomes
    }

    /// The files and folders that rules and configuration are, or would be, read from.
    pub(super) fn sources(&self, config: &RunConfig) -> Vec<PathBuf> {
        let mut paths = config.files.clone();
        paths.extend(live::rules_paths(&self.arguments.rules, config));
        paths
    }

    /// The rules files that count now.
    pub(super) fn rules_files(&self, config: &RunConfig) -> Vec<PathBuf> {
        let mut paths = live::rules_paths(&self.arguments.rules, config);
        paths.retain(|path| path.exists());
        // What cannot be listed was reported when it was loaded.
        falco_compat::rules::find_files(&paths).unwrap_or_default()
    }

    /// Starts the outputs of `config`.
    pub(super) fn outputs(&self, config: &RunConfig) -> Result<Arc<Outputs>, Failure> {
        start_outputs(config, &self.wake)
    }

    /// Loads everything on a thread of its own, because of `reason`. What comes of it arrives as [`Wake::Reloaded`].
    /// Outputs whose settings stay the same are those of `voice`.
    pub(super) fn start(&self, voice: &Arc<Voice>, reason: &str) {
        if self.is_loading.swap(true, Ordering::AcqRel) {
            self.is_stale.store(true, Ordering::Release);
            return;
        }
        log::info(format_args!("loading rules and configuration anew ({reason})"));
        let (arguments, wake, voice) = (self.arguments.clone(), self.wake.clone(), voice.clone());
        let load = move || {
            let outcome = load(&arguments, &voice, &wake);
            let _ = wake.send(Wake::Reloaded(Box::new(outcome)));
        };
        if let Err(error) = thread::Builder::new().name("reload".to_owned()).spawn(load) {
            self.is_loading.store(false, Ordering::Release);
            log::error(format_args!("cannot load anew: no thread ({error})"));
        }
    }

    /// Looks at what came of a reload. A failure is told to everyone, and what was in force stays in force.
    pub(super) fn judge(
        &self,
        outcome: Result<(RunConfig, Box<Setup>), Failure>,
        voice: &Arc<Voice>,
    ) -> Option<(RunConfig, Box<Setup>)> {
        self.is_loading.store(false, Ordering::Release);
        if self.is_stale.swap(false, Ordering::AcqRel) {
            self.start(voice, "files changed meanwhile");
            return None;
        }
        match outcome {
            Ok(loaded) => {
                self.outcomes.accepted.fetch_add(1, Ordering::Relaxed);
                self.outcomes.accept();
                Some(loaded)
            }
            Err(failure) => {
                let why = failure.text();
                self.outcomes.refuse(why.clone());
                log::error(format_args!(
                    "not reloaded, the old rules and configuration stay: {why}"
                ));
                voice.internal(Priority::Critical, RULE, &format!("{RULE}: {why}"), Vec::new());
                None
            }
        }
    }
}

fn load(
    arguments: &Arguments,
    voice: &Arc<Voice>,
    wake: &Sender<Wake>,
) -> Result<(RunConfig, Box<Setup>), Failure> {
    let config = arguments.configuration.load()?;
    let is_same = *voice.outputs().settings() == config.live.outputs;
    // Rules come first: outputs that nobody will use must not be started.
    let mut setup = Setup::load(&arguments.rules, &config, voice.outputs())?;
    if !is_same {
        setup.voice = Arc::new(Voice::new(&config.settings, start_outputs(&config, wake)?));
    }
    Ok((config, setup))
}

fn start_outputs(config: &RunConfig, wake: &Sender<Wake>) -> Result<Arc<Outputs>, Failure> {
    let wake = wake.clone();
    let gone: Arc<dyn Fn(&'static str) + Send + Sync> = Arc::new(move |name| {
        let _ = wake.send(Wake::OutputGone(name));
    });
    let outputs = Outputs::start(&config.live.outputs, &gone);
    Ok(Arc::new(outputs.or_exit_with(Exit::File, || "cannot start an output".to_owned())?))
}
