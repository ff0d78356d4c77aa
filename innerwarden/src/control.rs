//! The thread in charge of a running innerwarden: it starts everything, attends to whatever wakes it, and ends it.

mod files;
mod reload;
mod signals;
mod snapshot;

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    sync::{
        Arc,
        atomic::Ordering,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    time::{Duration, Instant},
};

pub(crate) use reload::Outcomes;

use self::{files::FileWatch, reload::Reloader, snapshot::Snapshots};
use crate::{
    command::run::Arguments,
    config::{RunConfig, Watch, WebSettings},
    exit::{Exit, Failure, OrExit as _},
    live::{self, Desk, Setup, Tally, Tape, Voice},
    log,
    output::Outputs,
    privilege,
    recording::{Compression, Recording},
    web::{InForce, Status, Web},
};

/// Everything that wakes the control thread; a closed list, so nothing else can.
#[derive(Debug)]
pub(crate) enum Wake {
    /// SIGINT or SIGTERM.
    Stop,
    /// SIGHUP.
    Reload,
    /// SIGUSR1: logs were rotated.
    Reopen,
    /// Files of rules or configuration changed.
    FilesChanged,
    /// New rules and configuration are ready, or were refused.
    Reloaded(Box<Result<(RunConfig, Box<Setup>), Failure>>),
    /// The reader of an output has gone for good.
    OutputGone(&'static str),
    /// The event thread has ended.
    Ended(Result<(), Failure>),
}

/// How often outputs are looked at where nothing else happens.
const ROUND: Duration = Duration::from_secs(1);

/// What the control thread has.
pub(crate) struct Control {
    wakes: Receiver<Wake>,
    wake: Sender<Wake>,
    reloader: Reloader,
    config: RunConfig,
    desk: Arc<Desk>,
    voice: Arc<Voice>,
    tally: Arc<Tally>,
    files: Option<FileWatch>,
    status: Arc<Status>,
    web: Option<Web>,
    snapshots: Snapshots,
    /// Whether there is a recording, which is worth nothing if it is not completed.
    is_recording: bool,
    /// Outputs whose slowness has been said.
    slow: BTreeSet<&'static str>,
}

impl Control {
    /// Starts everything. What is wrong with the configuration or the rules is a failure.
    pub(crate) fn start(arguments: &Arguments) -> Result<Self, Failure> {
        let (wake, wakes) = mpsc::channel();
        let config = arguments.configuration.load()?;
        log::configure(&config.live.log);
        let tape = tape(arguments, &config)?;
        // Before there is a second thread.
        privilege::lower(&config.live, arguments.record.as_deref());
        signals::forward(wake.clone()).or_exit_with(Exit::File, || "signals".to_owned())?;
        let reloader = Reloader::new(arguments.clone(), wake.clone());
        let outputs = reloader.outputs(&config)?;
        let setup = Setup::load(&arguments.rules, &config, &outputs)?;
        let (voice, tally) = (setup.voice.clone(), setup.tally.clone());
        log::info(format_args!("{} rules in force", setup.ruleset.len()));
        let desk = Arc::new(Desk::default());
        let ended = wake.clone();
        live::spawn(&config.live, setup, desk.clone(), tape, move |outcome| {
            let _ = ended.send(Wake::Ended(outcome));
        })
        .or_exit_with(Exit::File, || "cannot start a thread".to_owned())?;
        let in_force = in_force(&reloader, &config, &voice, &tally);
        let outcomes = reloader.outcomes().clone();
        let started_at_ns = outcomes.loaded_at_ns.load(Ordering::Relaxed);
        let status = Arc::new(Status::new(desk.clone(), outcomes, started_at_ns, in_force));
        let (files, web, slow) = (None, None, BTreeSet::new());
        let mut control = Self {
            wakes,
            wake,
            reloader,
            config,
            desk,
            voice,
            tally,
            files,
            status,
            web,
            slow,
            snapshots: Snapshots::default(),
            is_recording: arguments.record.is_some(),
        };
        control.snapshots.configure(&control.config.live.metrics);
        control.watch_files();
        control.serve();
        Ok(control)
    }

    /// Attends to what happens until it is time to end, and ends.
    pub(crate) fn attend(mut self) -> Result<(), Failure> {
        let outcome = loop {
            let patience = self.snapshots.left().map_or(ROUND, |left| left.min(ROUND));
            match self.wakes.recv_timeout(patience) {
                Ok(Wake::Stop) => break self.wait_for_events(),
                Ok(Wake::Reload) => self.reloader.start(&self.voice, "SIGHUP"),
                Ok(Wake::FilesChanged) => self.reloader.start(&self.voice, "files changed"),
                Ok(Wake::Reopen) => self.voice.outputs().reopen(),
                Ok(Wake::Reloaded(outcome)) => self.take_over(*outcome),
                Ok(Wake::OutputGone(name)) => {
                    if self.is_last(name) {
                        break self.wait_for_events();
                    }
                    log::warning(format_args!(
                        "output `{name}`: its reader has gone; the others go on"
                    ));
                }
                Ok(Wake::Ended(outcome)) => break outcome,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
            }
            self.look_at_outputs();
            let metrics = &self.config.live.metrics;
            self.snapshots.write(metrics, &self.desk.figures(), &self.tally, &self.voice);
            self.retire();
        };
        self.end();
        outcome
    }

    /// Whether `name` is the only output: without it there is nothing left to do.
    fn is_last(&self, name: &str) -> bool {
        self.voice.outputs().states().all(|state| state.name == name)
    }

    /// Asks the event thread to stop and gives it time to finish: all that it takes where that completes a recording.
    /// Who does not want to wait sends a second signal.
    fn wait_for_events(&self) -> Result<(), Failure> {
        log::info("stopping");
        self.desk.stop();
        let deadline = Instant::now() + self.config.live.outputs.timeout;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let woken = if self.is_recording {
                self.wakes.recv().map_err(RecvTimeoutError::from)
            } else {
                self.wakes.recv_timeout(left)
            };
            match woken {
                Ok(Wake::Ended(outcome)) => return outcome,
                Ok(_) => {}
                Err(_) => {
                    log::warning("the source of events does not stop; what it still had is lost");
                    return Ok(());
                }
            }
        }
    }

    /// Flushes the outputs and prints what Falco prints at its end.
    fn end(&self) {
        let timeout = self.config.live.outputs.timeout;
        for name in self.voice.outputs().close(timeout) {
            log::error(format_args!(
                "output `{name}` is still blocked after {} ms; its remaining alerts are lost",
                timeout.as_millis()
            ));
        }
        let _ = io::stderr().write_all(self.tally.report().as_bytes());
    }

    fn take_over(&mut self, outcome: Result<(RunConfig, Box<Setup>), Failure>) {
        let Some((config, setup)) = self.reloader.judge(outcome, &self.voice) else { return };
        log::configure(&config.live.log);
        if config.live.engine != self.config.live.engine {
            log::warning("`engine` changed; that takes a restart");
        }
        if config.live.kubernetes != self.config.live.kubernetes {
            log::warning("`kubernetes` changed; that takes a restart");
        }
        (self.voice, self.tally) = (setup.voice.clone(), setup.tally.clone());
        let old = std::mem::replace(&mut self.config, config).live;
        let (served, counted) = (old.web, old.metrics);
        let in_force = in_force(&self.reloader, &self.config, &self.voice, &self.tally);
        self.status.replace(in_force);
        let rules = setup.ruleset.len();
        self.desk.leave(setup);
        log::info(format_args!("reloaded: {rules} rules in force"));
        self.watch_files();
        if counted != self.config.live.metrics {
            self.snapshots.configure(&self.config.live.metrics);
        }
        if served != self.config.live.web {
            self.serve();
        }
    }

    /// Starts the web server as it is configured now, or ends it.
    fn serve(&mut self) {
        // The old one gives its port back first.
        self.web = None;
        let Some(settings) = &self.config.live.web else { return };
        match Web::start(settings, self.status.clone()) {
            Ok(web) => {
                log::info(format_args!("web server at {}", web.address()));
                self.web = Some(web);
            }
            // Seeing goes on without being seen.
            Err(error) => {
                let WebSettings { address, port, .. } = settings;
                log::error(format_args!("no web server at {address}, port {port}: {error}"));
            }
        }
    }

    /// Ends what a reload has left behind.
    fn retire(&self) {
        for old in self.desk.old_setups() {
            let outputs: &Arc<Outputs> = old.voice.outputs();
            if !Arc::ptr_eq(outputs, self.voice.outputs()) {
                // Their threads finish what is queued; nobody waits for them.
                outputs.close(Duration::ZERO);
            }
        }
    }

    /// Says which outputs do not answer, once until they do.
    fn look_at_outputs(&mut self) {
        let timeout = self.config.live.outputs.timeout;
        for state in self.voice.outputs().states() {
            let is_slow = state.busy_for().is_some_and(|it| it > timeout);
            if !is_slow {
                self.slow.remove(state.name);
            } else if self.slow.insert(state.name) {
                log::error(format_args!(
                    "output `{}` has not taken an alert for {} ms; the other outputs go on",
                    state.name,
                    timeout.as_millis()
                ));
            }
        }
    }

    fn watch_files(&mut self) {
        self.files = None;
        if self.config.live.watch == Watch::Nothing {
            return;
        }
        match FileWatch::start(&self.reloader.sources(&self.config), self.wake.clone()) {
            Ok(watch) => self.files = Some(watch),
            Err(error) => log::warning(format_args!(
                "files of rules and configuration are not watched ({error}); SIGHUP loads them anew"
            )),
        }
    }
}

/// What `--record` asks for.
fn tape(arguments: &Arguments, config: &RunConfig) -> Result<Option<Tape>, Failure> {
    let create = |path| Recording::create(path, Compression::Gzip);
    let output = arguments.record.as_deref().map(create).transpose()?;
    Ok(output.map(|it| Tape::new(it, arguments.limit_bytes, config.live.container_patience)))
}

fn in_force(reloader: &Reloader, config: &RunConfig, voice: &Voice, tally: &Arc<Tally>) -> InForce {
    InForce {
        tally: tally.clone(),
        outputs: voice.outputs().clone(),
        config_files: InForce::sums(&config.files),
        rules_files: InForce::sums(&reloader.rules_files(config)),
        rules_counted: config.live.metrics.rules,
    }
}
