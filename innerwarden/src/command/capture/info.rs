//! `innerwarden capture info`: machine, time span, counts, and whether the capture is whole.

mod summary;

use std::{fmt::Write as _, path::PathBuf};

use clap::Args;
use serde_json::{Value, json};

use self::summary::Section;
pub(super) use self::summary::Summary;
use crate::{
    exit::{Exit, Failure},
    input::Input,
    stdout::Stdout,
};

/// Arguments of `capture info`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Captures to look into; `-` is standard input
    #[arg(required = true, value_name = "CAPTURE")]
    captures: Vec<PathBuf>,

    /// One JSON object a capture
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut stdout = Stdout::lock();
    let mut worst = Ok(());
    for path in &arguments.captures {
        let mut input = Input::open(path)?;
        let (summary, end) = Summary::of(&mut input);
        if arguments.json {
            stdout.line(json(input.name(), &summary, &end).to_string())?;
        } else {
            stdout.write(text(input.name(), &summary, &end))?;
        }
        if let Err(failure) = end {
            // The report says it; the exit code has to say it too.
            worst = Err(Failure::Reported(failure.exit().unwrap_or(Exit::Capture)));
        }
    }
    stdout.flush()?;
    worst
}

fn text(name: &str, summary: &Summary, end: &Result<(), Failure>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "capture     {name}");
    let state = end.as_ref().map_or_else(|it| format!("no: {}", it.text()), |()| "yes".to_owned());
    let _ = writeln!(out, "complete    {state}");
    for (index, section) in summary.sections.iter().enumerate() {
        section_text(&mut out, index, section);
    }
    let _ = writeln!(out, "events      {}", summary.event_count());
    if let Some((first, last)) = summary.time_span_ns() {
        let _ = writeln!(out, "from        {}", time(first));
        let _ = writeln!(out, "to          {} ({})", time(last), seconds(last - first));
    }
    if summary.skipped > 0 {
        let _ = writeln!(out, "unknown     {} events of types newer than ours", summary.skipped);
    }
    let _ = writeln!(out, "threads     {} at events", summary.tids.len());
    for (name, count) in summary.counts() {
        let _ = writeln!(out, "{count:>11} {name}");
    }
    out
}

fn section_text(out: &mut String, index: usize, section: &Section) {
    let _ = write!(out, "section {:<3}", index + 1);
    if let Some(machine) = &section.machine {
        let host = &machine.hostname;
        let memory_mb = machine.memory_bytes >> 20;
        let _ = write!(out, " host `{host}`, {} CPUs, {memory_mb} MB", machine.cpus);
        if machine.boot_time_ns > 0 {
            let _ = write!(out, ", booted {}", time(machine.boot_time_ns));
        }
        out.push(';');
    }
    let Section { interfaces, users, groups, threads, fds, events, .. } = section;
    let _ = writeln!(
        out,
        " {threads} threads, {fds} fds, {users} users, {groups} groups, {interfaces} addresses; \
         {events} events"
    );
}

fn json(name: &str, summary: &Summary, end: &Result<(), Failure>) -> Value {
    let span = summary.time_span_ns();
    json!({
        "capture": name,
        "complete": end.is_ok(),
        "error": end.as_ref().err().map(Failure::text),
        "sections": summary.sections.iter().map(section_json).collect::<Value>(),
        "events": summary.event_count(),
        "events_of_unknown_types": summary.skipped,
        "first_event_ns": span.map(|(first, _)| first),
        "last_event_ns": span.map(|(_, last)| last),
        "threads_at_events": summary.tids.len(),
        "counts": summary.counts().into_iter()
            .map(|(name, count)| (name, count.into()))
            .collect::<serde_json::Map<_, _>>(),
    })
}

fn section_json(section: &Section) -> Value {
    json!({
        "hostname": section.machine.as_ref().map(|it| &it.hostname),
        "cpus": section.machine.as_ref().map(|it| it.cpus),
        "memory_bytes": section.machine.as_ref().map(|it| it.memory_bytes),
        "boot_time_ns": section.machine.as_ref().map(|it| it.boot_time_ns),
        "interface_addresses": section.interfaces,
        "users": section.users,
        "groups": section.groups,
        "threads": section.threads,
        "fds": section.fds,
        "events": section.events,
    })
}

/// In UTC, so that everybody who looks at a capture reads the same.
fn time(time_ns: u64) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(time_ns))
        .map_or_else(|_| format!("{time_ns} ns"), |time| time.to_string())
}

fn seconds(time_ns: u64) -> String {
    let milliseconds = time_ns / 1_000_000;
    format!("{}.{:03} s", milliseconds / 1000, milliseconds % 1000)
}
