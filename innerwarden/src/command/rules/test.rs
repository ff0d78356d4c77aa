//! `innerwarden rules test`: do rules fire when, and only when, they should?

mod cases;
mod comparison;
mod expectation;
mod junit;

use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use falco_compat::alert::AlertOptions;
use serde_json::Value;

use self::{
    cases::{Case, Source},
    junit::{Outcome, Verdict},
};
use crate::{
    config::{self, Settings},
    exit::{Exit, Failure, OrExit as _},
    input::Input,
    replay::{Replay, Seen},
    ruleset::Ruleset,
    stdout::Stdout,
};

/// Arguments of `rules test`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Files of cases
    #[arg(required = true, value_name = "CASES")]
    files: Vec<PathBuf>,

    /// Also write the results as JUnit XML; one file of cases only
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    #[command(flatten)]
    configuration: config::Sources,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.junit.is_some() && arguments.files.len() > 1 {
        return Err(Failure::new(Exit::Usage, "--junit takes one file of cases at a time"));
    }
    // What is wrong on the command line is wrong for every case, and no fault of theirs.
    arguments.configuration.load()?;
    let mut stdout = Stdout::lock();
    let (mut passed, mut failed) = (0, 0);
    for file in &arguments.files {
        let mut outcomes = Vec::new();
        for case in cases::read(file)? {
            let outcome = outcome(file, &case, &arguments.configuration);
            show(&outcome, &mut stdout)?;
            match outcome.verdict {
                Verdict::Passed => passed += 1,
                Verdict::Failed(_) | Verdict::Broken(_) => failed += 1,
            }
            outcomes.push(outcome);
        }
        if let Some(path) = &arguments.junit {
            let report = junit::report(&file.display().to_string(), &outcomes);
            fs::write(path, report)
                .or_exit_with(Exit::File, || format!("cannot write `{}`", path.display()))?;
        }
    }
    stdout.line(format!("{passed} passed, {failed} failed"))?;
    stdout.flush()?;
    if failed == 0 { Ok(()) } else { Err(Failure::Reported(Exit::Expectation)) }
}

fn show(outcome: &Outcome, stdout: &mut Stdout) -> Result<(), Failure> {
    let Outcome { name, place, .. } = outcome;
    match &outcome.verdict {
        Verdict::Passed => stdout.line(format!("ok      {name}")),
        Verdict::Failed(diff) => {
            stdout.line(format!("FAILED  {name} ({place})"))?;
            stdout.write(diff)
        }
        Verdict::Broken(error) => stdout.line(format!("FAILED  {name} ({place})\n    {error}")),
    }
}

fn outcome(file: &Path, case: &Case, configuration: &config::Sources) -> Outcome {
    let started = Instant::now();
    let alerts =
        configuration.load_with(&case.options).and_then(|settings| alerts(case, &settings));
    let verdict = match alerts {
        Err(failure) => Verdict::Broken(failure.text()),
        Ok(alerts) => {
            comparison::compare(&case.expected, &alerts).map_or(Verdict::Passed, Verdict::Failed)
        }
    };
    Outcome {
        name: case.name.clone(),
        place: format!("{}:{}", file.display(), case.line),
        elapsed: started.elapsed(),
        verdict,
    }
}

/// The alerts of a case as JSON, with everything that can be in it.
fn alerts(case: &Case, settings: &Settings) -> Result<Vec<Value>, Failure> {
    let options = AlertOptions {
        include_output: true,
        include_tags: true,
        include_output_fields: true,
        ..settings.alert_options()
    };
    let mut ruleset = Ruleset::load(&case.rules, settings)?;
    let mut alerts = Vec::new();
    let mut line = Vec::new();
    let visit = |seen: Seen<'_>| {
        if let Seen::Event(step) = seen
            && let Some(event) = step.delivered()
        {
            ruleset.on_event(event, step.host, |_, alert| {
                line.clear();
                alert.write_json(options, &mut line);
                alerts.push(serde_json::from_slice(&line).or_exit(Exit::Expectation)?);
                Ok(())
            })?;
        }
        Ok(ControlFlow::Continue(()))
    };
    match &case.source {
        Source::Capture(path) => Replay::new().capture(&mut Input::open(path)?, visit)?,
        Source::Script(script) => Replay::new().script(script, visit)?,
    }
    Ok(alerts)
}
