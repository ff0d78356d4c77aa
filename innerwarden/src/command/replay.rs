//! `innerwarden replay`: a capture through rules, alerts on stdout.

mod cost;
mod stats;

use std::{
    io::{self, Write as _},
    ops::ControlFlow,
    path::PathBuf,
};

use clap::Args;

use self::{cost::CostMeter, stats::Stats};
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

    /// Say at the end what the replay cost, and which rule how much of it
    #[arg(long)]
    stats: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.configuration.load()?;
    let mut ruleset = Ruleset::load(&arguments.rules, &settings)?;
    let mut input = Input::open(&arguments.capture)?;
    let mut stats = Stats::start(ruleset.len(), Usage::now());
    let mut printer = Printer::new(&settings);
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
        let costs = CostMeter::measure(&arguments.capture, &ruleset);
        let report = stats.report(ruleset.names(), costs.as_deref(), &losses);
        progress::clear();
        // Whoever closed stderr does not want to read it.
        let _ = io::stderr().write_all(report.as_bytes());
    }
    end
}

/// Writes alerts as the configuration says.
struct Printer<'a> {
    settings: &'a Settings,
    stdout: Stdout,
    line: Vec<u8>,
}

impl<'a> Printer<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self { settings, stdout: Stdout::lock(), line: Vec::new() }
    }

    fn print(&mut self, alert: &falco_compat::alert::Alert) -> Result<(), Failure> {
        self.line.clear();
        let options = self.settings.alert_options();
        if self.settings.json_output {
            alert.write_json(options, &mut self.line);
        } else {
            alert.write_text(options, &mut self.line);
        }
        self.stdout.line(&self.line)
    }
}
