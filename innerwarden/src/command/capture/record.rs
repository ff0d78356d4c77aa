//! `innerwarden capture record`: the running host into a capture, to be replayed with any rules.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use ebpf::{ProbeConfig, Probes, Selection};
use event::{Event, EventFlags, EventType};
use falco_compat::condition;
use host::{Host, HostConfig, Verdict};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use super::{filter::is_state, target::Target};
use crate::{
    exit::{Exit, Failure, OrExit as _},
    filter::Filter,
    live::{self, Containers, Tape},
    log, privilege,
};

/// Arguments of `capture record`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Which events to record, in the language of rules [default: all that `--syscalls` names]
    condition: Option<String>,

    #[command(flatten)]
    live: LiveArguments,
}

/// How to record this host; also of `capture` alone.
#[derive(Debug, Args)]
pub(crate) struct LiveArguments {
    #[command(flatten)]
    target: Target,

    /// System calls to record beside those that the state needs and the condition names: `all`, or names with commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    syscalls: Vec<String>,

    /// End after so many seconds [default: with Ctrl-C]
    #[arg(short, long, value_name = "SECONDS")]
    duration: Option<u32>,

    /// End after so many events, without those that only serve to know processes and files
    #[arg(short = 'n', long, value_name = "COUNT")]
    events: Option<u64>,

    /// Bytes kept of what is read and written
    #[arg(long, value_name = "BYTES", default_value_t = 80)]
    snaplen: u16,

    /// End when the capture has so many bytes
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_LIMIT_BYTES)]
    limit_bytes: u64,
}

/// How large a recording becomes unless it is told otherwise: a disk must not fill because of a forgotten terminal.
pub(crate) const DEFAULT_LIMIT_BYTES: u64 = 1 << 30;

/// How long the description of a container is waited for; what happens meanwhile is kept back.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long to sleep where nothing happens. The ring buffers hold much more than happens meanwhile.
const NAP: Duration = Duration::from_millis(5);

/// Events between two looks at the clock and the containers, at most.
const BATCH: u32 = 4096;

/// `capture record`.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    record(arguments.condition.as_deref(), &arguments.live)
}

/// Records what `condition` chooses, else everything.
pub(super) fn record(condition: Option<&str>, arguments: &LiveArguments) -> Result<(), Failure> {
    let filter = Filter::new(condition)?;
    let selection = selection(condition, &arguments.syscalls)?;
    let output = arguments.target.create(&[])?;
    let stop = stop_flag().or_exit_with(Exit::File, || "signals".to_owned())?;
    privilege::raise_locked_memory();
    let began_ns = live::now_ns();
    let config = ProbeConfig { snaplen: arguments.snaplen.into(), ..ProbeConfig::default() };
    let mut probes = Probes::load(&config, &selection).map_err(|error| {
        let why = live::reason(error);
        Failure::new(Exit::Probes, format_args!("{why}; `innerwarden doctor` says more"))
    })?;
    let boot_time_ns = probes.boot_time_ns();
    let mut host = Host::new(&HostConfig { boot_time_ns, ..HostConfig::default() });
    let mut tape = Tape::new(output, arguments.limit_bytes, PATIENCE);
    let containers = Containers::start(&mut host, None);
    live::fill(&mut host, boot_time_ns, &mut |record| tape.record(record));
    let left = arguments.events;
    let mut recorder = Recorder { host, filter, tape, containers, left, chosen: 0 };
    recorder.ask_for_containers(began_ns);
    // From here on: what happened during the scan is in the buffers.
    let end = arguments.duration.map(|it| Instant::now() + Duration::from_secs(it.into()));
    log::info(format_args!("recording, {}; Ctrl-C ends it", probes.attach_mode()));
    let is_over = || stop.load(Ordering::Relaxed) || end.is_some_and(|it| Instant::now() >= it);
    while !recorder.is_full() && !is_over() {
        if recorder.drain(&mut probes) == 0 {
            probes.wait(NAP);
        }
    }
    // What the kernel had already handed over still counts.
    let stopped = probes.select(&Selection::new());
    stopped.map_err(|error| Failure::new(Exit::Probes, live::reason(error)))?;
    while !recorder.is_full() && recorder.drain(&mut probes) > 0 {}
    recorder.tape.finish()?;
    let lost = probes.losses().total();
    let (chosen, all) = (recorder.chosen, recorder.tape.events());
    log::info(format_args!("{all} events recorded, {chosen} of them chosen; {lost} lost"));
    if lost > 0 {
        log::warning("events were lost: record fewer system calls");
    }
    Ok(())
}

/// What the state, the condition and the command line ask for.
fn selection(condition: Option<&str>, syscalls: &[String]) -> Result<Selection, Failure> {
    if syscalls.iter().any(|it| it == "all") {
        return Ok(Selection::all());
    }
    let changes = |kind: &EventType| {
        let flags = kind.info().flags;
        flags.intersects(EventFlags::MODIFIES_STATE) && !flags.intersects(EventFlags::UNUSED)
    };
    let mut selection = Selection::of_events(EventType::all().iter().copied().filter(changes));
    if let Some(Ok(expr)) = condition.map(condition::parse) {
        // A condition that is no condition on types asks for all of them.
        match condition::event_names(&expr) {
            Ok(names) => {
                for name in names {
                    // Names of events that are no system calls are none to select.
                    selection.add(name);
                }
            }
            Err(_) => return Ok(Selection::all()),
        }
    }
    for name in syscalls {
        if !selection.add(name) {
            let message = format!("`--syscalls`: no system call `{name}`");
            return Err(Failure::new(Exit::Usage, message));
        }
    }
    Ok(selection)
}

/// Set by SIGINT and SIGTERM; the second of them ends the process at once, and no capture is left.
fn stop_flag() -> std::io::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_default(signal, stop.clone())?;
        flag::register(signal, stop.clone())?;
    }
    Ok(stop)
}

/// The capture, and the host as it is known so far.
struct Recorder {
    host: Host,
    filter: Filter,
    tape: Tape,
    /// `None` where nobody can be asked.
    containers: Option<Containers>,
    /// Events that may still be chosen; `None` is any number.
    left: Option<u64>,
    /// Events that the condition chose.
    chosen: u64,
}

impl Recorder {
    /// Writes what the kernel has; how many events that were.
    fn drain(&mut self, probes: &mut Probes) -> usize {
        let mut batch = 0;
        let count = probes.drain(|event| {
            self.event(event);
            batch += 1;
            if batch == BATCH || self.is_full() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        self.hear_of_containers();
        count
    }

    fn event(&mut self, event: &Event<'_>) {
        let is_shown = self.host.on_event(event) == Verdict::Deliver;
        if self.host.containers().has_new() {
            self.ask_for_containers(event.time_ns);
        }
        if is_shown && self.filter.chooses(event, &self.host) {
            self.chosen += 1;
            self.left = self.left.map(|it| it.saturating_sub(1));
            self.tape.event(event);
        } else if is_state(event) {
            let mut hidden = *event;
            if is_shown {
                hidden.flags |= Event::STATE_ONLY;
            }
            self.tape.event(&hidden);
        }
    }

    fn ask_for_containers(&mut self, time_ns: u64) {
        if let Some(containers) = &self.containers {
            containers.ask(&mut self.host, |_, short_id| self.tape.asked(short_id, time_ns));
        }
    }

    fn hear_of_containers(&mut self) {
        let Self { host, tape, containers: Some(containers), .. } = self else { return };
        while containers.answer(|short_id, event| {
            if let Some(event) = event {
                host.on_event(event);
            }
            tape.told(short_id, event);
        }) {}
        tape.expire(Instant::now());
    }

    fn is_full(&self) -> bool {
        self.left == Some(0) || self.tape.is_over()
    }
}
