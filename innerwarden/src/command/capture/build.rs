//! `innerwarden capture build`: events written by hand become a capture.

use std::{fs, path::PathBuf};

use clap::Args;
use event::{
    Event,
    capture::{MachineInfo, Record},
};

use super::target::Target;
use crate::{
    document::{self, Entry, EntryError},
    exit::{Exit, Failure, OrExit as _},
    script::Script,
};

/// Arguments of `capture build`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// YAML with `threads` and `events`, or a file of test cases, whose first case by hand is taken
    script: PathBuf,

    #[command(flatten)]
    target: Target,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let name = || arguments.script.display().to_string();
    let text = fs::read_to_string(&arguments.script)
        .or_exit_with(Exit::File, || format!("cannot read `{}`", name()))?;
    let root = document::parse(&text).or_exit_with(Exit::Cases, name)?;
    let script = script(&Entry::root(&root)).or_exit_with(Exit::Cases, name)?;

    let mut output = arguments.target.create(std::slice::from_ref(&arguments.script))?;
    output.write(&Record::Section)?;
    output.write(&Record::Machine(machine()))?;
    for thread in &script.threads {
        output.write(&Record::Thread(thread.entry()))?;
    }
    for event in &script.events {
        let event = Event::decode(&event.bytes, event.cpu, 0).or_exit_with(Exit::Cases, name)?;
        output.write(&Record::Event(event))?;
    }
    output.finish()
}

fn script(root: &Entry<'_>) -> Result<Script, EntryError> {
    let Some(cases) = root.optional("cases") else { return Script::read(root) };
    let case = cases.list()?.into_iter().find(|case| case.optional("events").is_some());
    Script::read(&case.ok_or_else(|| cases.error("has no case with `events`"))?)
}

/// The machine that such captures come from; nothing that a rule can see depends on it.
fn machine() -> MachineInfo<'static> {
    MachineInfo {
        cpus: 1,
        memory_bytes: 1 << 30,
        max_pid: 1 << 22,
        hostname: b"example",
        boot_time_ns: 1_767_139_200_000_000_000,
        flags: 0,
    }
}
