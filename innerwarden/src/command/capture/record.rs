//! `innerwarden capture record`: the running host into a capture, to be replayed with any rules.

use std::{
    env,
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use ebpf::{ProbeConfig, Probes, Selection};
use event::{Event, EventFlags, EventType, capture::Record};
use falco_compat::condition;
use host::{Host, HostConfig, Verdict};
use ingest::{Proc, ProcConfig};
use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

use super::{filter::is_state, target::Target};
use crate::{
    agent,
    exit::{Exit, Failure, OrExit as _},
    filter::Filter,
    live, log, privilege,
    recording::Recording,
};

/// Arguments of `capture record`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Which events to record, in the language of rules [default: all that `--syscalls` names]
    condition: Option<String>,

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
}

/// How long to sleep where nothing happens. The ring buffers hold much more than happens meanwhile.
const NAP: Duration = Duration::from_millis(5);

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let filter = Filter::new(arguments.condition.as_deref())?;
    let selection = selection(arguments)?;
    let output = arguments.target.create(&[])?;
    let stop = stop_flag().or_exit_with(Exit::File, || "signals".to_owned())?;
    privilege::raise_locked_memory();
    let config = ProbeConfig { snaplen: arguments.snaplen.into(), ..ProbeConfig::default() };
    let mut probes = Probes::load(&config, &selection).map_err(|error| {
        let why = live::reason(error);
        Failure::new(Exit::Probes, format_args!("{why}; `innerwarden doctor` says more"))
    })?;
    let host =
        Host::new(&HostConfig { boot_time_ns: probes.boot_time_ns(), ..HostConfig::default() });
    let mut tape = Tape { host, filter, output, left: arguments.events, recorded: 0 };
    tape.scan(probes.boot_time_ns())?;
    // From here on: what happened during the scan is in the buffers.
    let end = arguments.duration.map(|it| Instant::now() + Duration::from_secs(it.into()));
    log::info(format_args!("recording, {}; Ctrl-C ends it", probes.attach_mode()));
    let is_over = || stop.load(Ordering::Relaxed) || end.is_some_and(|it| Instant::now() >= it);
    while !tape.is_full() && !is_over() {
        if tape.drain(&mut probes)? == 0 {
            probes.wait(NAP);
        }
    }
    // What the kernel had already handed over still counts.
    let stopped = probes.select(&Selection::new());
    stopped.map_err(|error| Failure::new(Exit::Probes, live::reason(error)))?;
    while !tape.is_full() && tape.drain(&mut probes)? > 0 {}
    tape.output.finish()?;
    let lost = probes.losses().total();
    log::info(format_args!("{} events recorded, {lost} lost", tape.recorded));
    if lost > 0 {
        log::warning("events were lost: record fewer system calls");
    }
    Ok(())
}

/// What the state, the condition and the command line ask for.
fn selection(arguments: &Arguments) -> Result<Selection, Failure> {
    if arguments.syscalls.iter().any(|it| it == "all") {
        return Ok(Selection::all());
    }
    let changes = |kind: &EventType| {
        let flags = kind.info().flags;
        flags.intersects(EventFlags::MODIFIES_STATE) && !flags.intersects(EventFlags::UNUSED)
    };
    let mut selection = Selection::of_events(EventType::all().iter().copied().filter(changes));
    if let Some(Ok(expr)) = arguments.condition.as_deref().map(condition::parse) {
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
    for name in &arguments.syscalls {
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
struct Tape {
    host: Host,
    filter: Filter,
    output: Recording,
    /// Events that may still be recorded; `None` is any number.
    left: Option<u64>,
    recorded: u64,
}

impl Tape {
    /// Writes what runs already.
    fn scan(&mut self, boot_time_ns: u64) -> Result<(), Failure> {
        let config = ProcConfig {
            host_root: env::var_os("HOST_ROOT").map(PathBuf::from).unwrap_or_default(),
            boot_time_ns,
            hostname: Some(agent::hostname().into_bytes()),
            ..ProcConfig::default()
        };
        let mut proc = Proc::open(&config).or_exit(Exit::File)?;
        let mut outcome = Ok(());
        let report = proc.scan(&mut |record| {
            self.host.load(record);
            if outcome.is_ok() {
                outcome = self.output.write(record);
            }
        });
        self.host.start();
        log::info(format_args!("scan of /proc: {report}"));
        self.host.set_platform(Box::new(proc));
        outcome
    }

    /// Writes what the kernel has; how many events that were.
    fn drain(&mut self, probes: &mut Probes) -> Result<usize, Failure> {
        let mut outcome = Ok(());
        let count = probes.drain(|event| {
            outcome = self.event(event);
            if outcome.is_err() || self.is_full() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        outcome.map(|()| count)
    }

    fn event(&mut self, event: &Event<'_>) -> Result<(), Failure> {
        let is_shown = self.host.on_event(event) == Verdict::Deliver;
        if is_shown && self.filter.chooses(event, &self.host) {
            self.recorded += 1;
            self.left = self.left.map(|it| it.saturating_sub(1));
            return self.output.write(&Record::Event(*event));
        }
        if !is_state(event) {
            return Ok(());
        }
        let mut hidden = *event;
        if is_shown {
            hidden.flags |= Event::STATE_ONLY;
        }
        self.output.write(&Record::Event(hidden))
    }

    fn is_full(&self) -> bool {
        self.left == Some(0)
    }
}
