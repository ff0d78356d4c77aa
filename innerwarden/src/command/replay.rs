//! `innerwarden replay`: a capture through rules, alerts on stdout.

mod cost;
mod pretty;
mod stats;

use std::{
    io::{self, Write as _},
    ops::ControlFlow,
    path::PathBuf,
};

use clap::Args;
use falco_compat::alert::{Alert, AlertOptions};

use self::{cost::CostMeter, pretty::Colour, stats::Stats};
use crate::{
    config::{self, Settings},
    exit::Failure,
    input::Input,
    progress,
    replay::{Replay, Seen},
    ruleset::Ruleset,
    stdout::Stdout,
    usage::Usage,
};

/// Arguments of `replay`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Capture to replay (.scap, plain or gzip); `-` is standard input
    capture: PathBuf,

    /// Rules file, or folder of rules files; may be given several times
    #[arg(short, long = "rules", value_name = "FILE")]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    configuration: config::Sources,

    /// Print alerts on several lines each, for people, whatever `json_output` says
    #[arg(long)]
    pretty: bool,

    /// Say at the end what the replay cost, and which rule how much of it
    #[arg(long)]
    stats: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.configuration.load()?;
    let mut ruleset = Ruleset::load(&arguments.rules, &settings)?;
    let mut input = Input::open(&arguments.capture)?;
    let mut stats = Stats::start(ruleset.len(), Usage::now());
    let mut printer = Printer::new(&settings, arguments.pretty);
    let mut replay = Replay::new();
    let end = replay.capture(&mut input, |seen| {
        let Seen::Event(step) = seen else { return Ok(ControlFlow::Continue(())) };
        stats.recorded += 1;
        if let Some(event) = step.delivered() {
            stats.delivered += 1;
            ruleset.on_event(event, step.host, |rule, alert| {
                stats.count(rule);
                printer.print(alert)
            })?;
        }
        Ok(ControlFlow::Continue(()))
    });
    printer.stdout.flush()?;
    if arguments.stats {
        stats.stop();
        let mut losses = replay.losses();
        losses.push(("events of unknown types", input.skipped_events()));
        let costs = CostMeter::measure(&arguments.capture, stats.delivered, &ruleset);
        let report = stats.report(ruleset.names(), costs.as_deref(), &losses);
        progress::clear();
        // Whoever closed stderr does not want to read it.
        let _ = io::stderr().write_all(report.as_bytes());
    }
    end
}

/// Writes alerts as the command line and the configuration say.
struct Printer {
    style: Style,
    options: AlertOptions,
    stdout: Stdout,
    line: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Style {
    Pretty(Colour),
    Json,
    Text,
}

impl Printer {
    fn new(settings: &Settings, pretty: bool) -> Self {
        let stdout = Stdout::lock();
        let colour = if stdout.is_terminal() { Colour::On } else { Colour::Off };
        let style = match (pretty, settings.json_output) {
            (true, _) => Style::Pretty(colour),
            (false, true) => Style::Json,
            (false, false) => Style::Text,
        };
        Self { style, options: settings.alert_options(), stdout, line: Vec::new() }
    }

    fn print(&mut self, alert: &Alert) -> Result<(), Failure> {
        self.line.clear();
        match self.style {
            Style::Pretty(colour) => self.line.extend(pretty::pretty(alert, colour).bytes()),
            Style::Json => alert.write_json(self.options, &mut self.line),
            Style::Text => alert.write_text(self.options, &mut self.line),
        }
        self.stdout.line(&self.line)
    }
}
