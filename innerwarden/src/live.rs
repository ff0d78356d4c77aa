//! The live pipeline. Read from top to bottom, this file is the data flow:
//!
//! ```text
//! source ──Event──▶ host ──▶ rules ──Alert──▶ voice ──line──▶ queues of the outputs
//! ```
//!
//! One thread does all of this and never waits for anything but events: what comes in beside them (new rules, the
//! wish to stop) lies on a [`Desk`] that it looks at between two events; what it has to say goes into bounded queues.

mod containers;
mod demand;
mod desk;
mod drop_watch;
mod drops;
mod mending;
mod probes;
mod push_down;
mod scan;
mod selection;
mod setup;
mod source;
mod tally;
mod tape;
mod voice;
mod waiting;

use std::{
    ops::ControlFlow,
    sync::Arc,
    time::{Duration, Instant},
};

use event::Event;
use falco_compat::held::{Change, Held};
use host::{Host, HostConfig, Verdict};
use jiff::Timestamp;

pub(crate) use containers::Containers;
pub(crate) use desk::{Desk, Figures};
pub(crate) use drops::{BUFFER_KINDS, Drops};
pub(crate) use probes::{brief, reason};
pub(crate) use scan::fill;
pub(crate) use setup::{Setup, load_rules, rules_paths};
pub(crate) use tally::Tally;
pub(crate) use tape::Tape;
pub(crate) use voice::Voice;
pub(crate) use waiting::WaitingCounts;

use self::{
    drop_watch::DropWatch,
    mending::Mending,
    source::{Arrival, Loaded, Progress, Source},
    waiting::Waiting,
};
use crate::{
    config::{KubernetesSettings, LiveSettings},
    exit::{Exit, Failure},
    log, losses,
};

/// How long the thread sleeps where nothing happens, at most.
const PATIENCE: Duration = Duration::from_millis(100);

/// Events between two pauses, at most: a busy host must not keep the thread from hearing of new rules.
const BATCH: u32 = 4096;

/// How often figures are published.
const PUBLICATION: Duration = Duration::from_millis(250);

/// How often the kernel is asked what it lost, a question for each type of event, and whether the clock was set.
const LOSS_LOOK: Duration = Duration::from_secs(1);

/// How often the host's name and the time zone are looked at.
const SELF_KNOWLEDGE: Duration = Duration::from_mins(1);

/// Sees events until there are no more or `desk` says stop. Runs on a thread of its own.
fn run(
    live: &LiveSettings,
    loaded: Loaded,
    setup: Box<Setup>,
    desk: &Desk,
    tape: Option<Tape>,
) -> Result<(), Failure> {
    let began_ns = loaded.began_ns;
    let mut source = Source::open(&live.engine, loaded)?;
    log::info(format_args!("events come from: {}", source.describe()));
    let host = Host::new(&HostConfig {
        max_threads: live.max_threads,
        boot_time_ns: source.boot_time_ns(),
        ..HostConfig::default()
    });
    let dropped = DropWatch::new(&setup.drops);
    let now = Instant::now();
    let (published, drops_read, looked_up) = (now, now, now);
    let figures = Figures {
        engine: source.engine(),
        blind: source.blind().map(str::to_owned),
        ..Figures::default()
    };
    let mut watch = Watch {
        host,
        setup,
        desk,
        dropped,
        figures,
        containers: None,
        waiting: Waiting::default(),
        is_selective: source.is_selective(),
        mending: Mending::default(),
        tape,
        batch: 0,
        published,
        drops_read,
        looked_up,
    };
    watch.expect_metadata();
    watch.learn(&source, live.kubernetes.as_ref());
    watch.ask_for_containers(began_ns);
    watch.publish();
    loop {
        let progress = source.drain(&mut |arrival| watch.see(&arrival))?;
        watch.pause(&mut source)?;
        match progress {
            Progress::End => break,
            _ if desk.is_stopping() => {
                // What the kernel had already handed over still counts.
                source.stop();
                while let Progress::More = source.drain(&mut |arrival| watch.see(&arrival))? {}
                break;
            }
            Progress::More => {}
            Progress::Idle => {
                watch.mend();
                source.wait(PATIENCE);
            }
        }
    }
    watch.settle(Waiting::all);
    watch.figures.drops = source.drops();
    watch.publish();
    watch.tape.map_or(Ok(()), |mut tape| tape.finish())
}

/// What the event thread has.
struct Watch<'d> {
    host: Host,
    setup: Box<Setup>,
    desk: &'d Desk,
    dropped: DropWatch,
    figures: Figures,
    /// `None` where nobody is asked: captures have the metadata in themselves.
    containers: Option<Containers>,
    waiting: Waiting,
    /// The source gives what is demanded of it and nothing else.
    is_selective: bool,
    mending: Mending,
    /// Where all of it is recorded too.
    tape: Option<Tape>,
    /// Events since the last pause.
    batch: u32,
    published: Instant,
    drops_read: Instant,
    looked_up: Instant,
}

impl Watch<'_> {
    /// One thing that happens.
    #[inline]
    fn see(&mut self, arrival: &Arrival<'_>) -> ControlFlow<()> {
        match arrival {
            Arrival::State(record) => {
                self.host.load(record);
                if let Some(tape) = &mut self.tape {
                    tape.record(record);
                }
            }
            Arrival::Event(event) => {
                // Probes have to be told first what new rules need.
                if self.desk.has_news() && !self.is_selective {
                    self.take_over(None);
                }
                self.on_event(event);
            }
        }
        self.batch += 1;
        let is_enough = self.batch >= BATCH || self.desk.is_stopping() || self.desk.has_news();
        if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    #[inline]
    fn on_event(&mut self, event: &Event<'_>) {
        let verdict = self.host.on_event(event);
        if self.host.containers().has_new() {
            self.ask_for_containers(event.time_ns);
        }
        if let Some(tape) = &mut self.tape {
            tape.event(event);
        }
        self.judge(event, verdict);
    }

    /// What rules say of an event that the host has seen.
    #[inline]
    fn judge(&mut self, event: &Event<'_>, verdict: Verdict) {
        self.figures.recorded += 1;
        if verdict == Verdict::Hide {
            return;
        }
        self.figures.delivered += 1;
        let Setup { ruleset, voice, tally, .. } = &mut *self.setup;
        if self.waiting.concerns(event.kind, &self.host) && self.waiting.has_room() {
            if let Some(held) = ruleset.hold(event, &self.host) {
                self.waiting.push(held);
            }
            return;
        }
        let told = ruleset.on_event(event, &self.host, |rule, alert| {
            tally.count(rule);
            voice.alert(alert);
            Ok(())
        });
        debug_assert!(told.is_ok(), "telling outputs cannot fail");
    }

    /// Learns what was there before the first event; what happens meanwhile waits in the buffers of the source.
    fn learn(&mut self, source: &Source, kubernetes: Option<&KubernetesSettings>) {
        if let Source::Probes(_) = source {
            // First, so that it collects the containers that run already.
            self.containers = Containers::start(&mut self.host, kubernetes);
            scan::fill(&mut self.host, source.boot_time_ns(), &mut |record| {
                if let Some(tape) = &mut self.tape {
                    tape.record(record);
                }
            });
        }
    }

    /// Lets events wait for metadata as the setup says.
    fn expect_metadata(&mut self) {
        let asking = self.setup.ruleset.asking_for_metadata();
        self.waiting.configure(self.setup.patience, asking);
    }

    /// Asks for new containers, first seen at `time_ns`.
    #[cold]
    fn ask_for_containers(&mut self, time_ns: u64) {
        let Self { containers: Some(containers), host, waiting, tape, .. } = self else { return };
        containers.ask(host, |id, short_id| {
            waiting.asked(id, short_id);
            if let Some(tape) = tape {
                tape.asked(short_id, time_ns);
            }
        });
    }

    /// Hears of the containers that were asked for, and judges what has waited for them.
    fn hear_of_containers(&mut self) {
        let Some(mut containers) = self.containers.take() else { return };
        while containers.answer(|short_id, event| {
            if let Some(event) = event {
                let verdict = self.host.on_event(event);
                self.judge(event, verdict);
            }
            if let Some(tape) = &mut self.tape {
                tape.told(short_id, event);
            }
            self.settle(|waiting| waiting.told(short_id));
        }) {}
        containers.tell_deserted(&mut self.host);
        self.figures.containers = containers.counters();
        self.containers = Some(containers);
        let now = Instant::now();
        self.settle(|waiting| waiting.expired(now));
        if let Some(tape) = &mut self.tape {
            tape.expire(now);
            if let Some(failure) = tape.take_failure() {
                log::error(format_args!("the recording ends: {}", failure.text()));
            }
        }
    }

    /// Judges what `take` takes of the events that wait.
    fn settle(&mut self, take: impl FnOnce(&mut Waiting) -> Vec<Held>) {
        for held in take(&mut self.waiting) {
            let Setup { ruleset, voice, tally, .. } = &mut *self.setup;
            let mut gained = 0;
            let averted = ruleset.settle(&held, &self.host, |rule, alert, change| {
                gained += u64::from(change == Change::Gained);
                tally.count(rule);
                voice.alert(alert);
            });
            let counts = self.waiting.counts();
            counts.gained += gained;
            counts.averted += averted as u64;
        }
        self.figures.waiting = *self.waiting.counts();
    }

    /// Between two batches: new rules, figures, drops.
    fn pause(&mut self, source: &mut Source) -> Result<(), Failure> {
        self.batch = 0;
        self.hear_of_containers();
        if self.desk.has_news() {
            self.take_over(Some(source));
        }
        let now = Instant::now();
        if now - self.published >= PUBLICATION {
            self.published = now;
            self.publish();
        }
        if now - self.drops_read >= LOSS_LOOK {
            self.drops_read = now;
            self.figures.drops = source.drops();
            self.mending.note(&self.figures.drops);
            self.watch_drops()?;
            match source.follow_clock() {
                0 => {}
                step_ns => self.host.follow_clock(step_ns),
            }
        }
        if now - self.looked_up >= SELF_KNOWLEDGE {
            self.looked_up = now;
            self.setup.ruleset.forget_agent();
        }
        Ok(())
    }

    /// From here on, new rules count. The event before was judged by the old ones.
    fn take_over(&mut self, mut source: Option<&mut Source>) {
        if let Some(setup) = self.desk.take() {
            // What waits was looked at by the old rules, and is judged by them.
            self.settle(Waiting::all);
            setup.tally.inherit(&self.setup.tally);
            let (before, after) = (self.setup.demand.clone(), setup.demand.clone());
            self.dropped.configure(&setup.drops);
            // Until the new rules are in force, what either needs: they miss nothing from their first moment on.
            let both = before.or(&after);
            if let Some(source) = &mut source {
                source.demand(&before, &both);
            }
            // Freeing rules takes a while; whoever made the new ones does it.
            self.desk.give_back(std::mem::replace(&mut self.setup, setup));
            if let Some(source) = source {
                source.demand(&both, &after);
            }
            self.expect_metadata();
        }
    }

    fn publish(&mut self) {
        self.figures.losses = losses::of_host(&self.host);
        self.figures.threads = self.host.threads().count() as u64;
        self.desk.publish(&self.figures);
    }

    fn watch_drops(&mut self) -> Result<(), Failure> {
        let Some(finding) = self.dropped.look(now_ns(), self.figures.recorded, &self.figures.drops)
        else {
            return Ok(());
        };
        finding.tell(&self.setup.drops, &self.setup.voice);
        if self.setup.drops.exit {
            let message = format!("{}; `syscall_event_drops.actions` says exit", finding.message());
            return Err(Failure::new(Exit::Drops, message));
        }
        Ok(())
    }
}

/// The time, ns since the epoch.
pub(crate) fn now_ns() -> u64 {
    u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or(0)
}

/// Loads the probes and starts [`run`] on its thread, which records to `tape` too; `ended` is told how it ends, also
/// when it panics.
pub(crate) fn spawn(
    live: &LiveSettings,
    setup: Box<Setup>,
    desk: Arc<Desk>,
    tape: Option<Tape>,
    ended: impl FnOnce(Result<(), Failure>) + Send + 'static,
) -> std::io::Result<()> {
    let live = live.clone();
    // Not on the new thread: loading the probes takes memory for a moment, and what other threads than the first
    // have freed is hardly ever given back to the system.
    let loaded = Source::load(&live.engine, &setup);
    let thread = std::thread::Builder::new().name("events".to_owned());
    let watch = move || {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            run(&live, loaded, setup, &desk, tape)
        }));
        ended(outcome.unwrap_or_else(|_| Err(Failure::Reported(Exit::Defect))));
    };
    thread.spawn(watch)?;
    Ok(())
}
