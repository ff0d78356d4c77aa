//! `innerwarden doctor`: what of innerwarden works on this machine, what does not, and what to do about it.

mod btf;
mod capability;
mod cgroup;
mod falco;
mod finding;
mod kernel;
mod kubernetes;
mod lsm;
mod memory;
mod namespace;
mod place;
mod probe;
mod report;
mod rules;
mod runtime;
mod tracefs;

use std::path::PathBuf;

use clap::Args;

pub(crate) use capability::lacking as lacking_capabilities;

use self::{
    finding::{Finding, State},
    place::Place,
};
use crate::{
    config::RunSources,
    exit::{Exit, Failure},
    stdout::Stdout,
};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Rules file, or folder of rules files, that `run` would get; may be given several times
    #[arg(short, long = "rules", value_name = "FILE")]
    rules: Vec<PathBuf>,

    #[command(flatten)]
    configuration: RunSources,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One thing that is looked at. It may have several findings.
struct Check {
    name: &'static str,
    look: fn(&Place) -> Vec<Finding>,
}

/// Everything that is looked at, in order: what later ones need comes first.
const CHECKS: &[Check] = &[
    Check { name: "kernel", look: kernel::look },
    Check { name: "btf", look: btf::look },
    Check { name: "capabilities", look: capability::look },
    Check { name: "memory", look: memory::look },
    Check { name: "lsm", look: lsm::look },
    Check { name: PROBES, look: probe::look },
    Check { name: "tracefs", look: tracefs::look },
    Check { name: "cgroups", look: cgroup::look },
    Check { name: "namespaces", look: namespace::look },
    Check { name: "runtimes", look: runtime::look },
    Check { name: "kubernetes", look: kubernetes::look },
    Check { name: "falco", look: falco::look },
    Check { name: "rules", look: rules::look },
];

/// The check that decides about the exit code: the others only say why.
const PROBES: &str = "probes";

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::here(&arguments.configuration, &arguments.rules);
    let mut out = Stdout::lock();
    let mut all = Vec::new();
    for check in CHECKS {
        let findings = (check.look)(&place);
        if !arguments.json {
            report::print(&mut out, check.name, &findings)?;
        }
        all.extend(findings.into_iter().map(|it| (check.name, it)));
    }
    let can_run = !all.iter().any(|(name, it)| *name == PROBES && it.state == State::Missing);
    if arguments.json {
        report::print_json(&mut out, can_run, &all)?;
    }
    out.flush()?;
    if can_run { Ok(()) } else { Err(Failure::Reported(Exit::Probes)) }
}
