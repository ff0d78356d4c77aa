//! Rules files, loaded as the configuration says and compiled for matching.

use std::path::PathBuf;

use event::{Event, EventType};
use falco_compat::{
    alert::Alert,
    engine::{Engine, EngineRule, RuleMatching},
    held::{Change, Held, Holder},
    rules::{self, Loader, Rule},
};
use host::Host;

use crate::{
    config::Settings,
    exit::{Exit, Failure, OrExit as _, warn},
    filter::Scope,
};

/// What the built-in rules are called in messages.
const BUILT_IN_NAME: &str = "built-in rules";
const BUILT_IN: &[u8] = include_bytes!("../../rules/innerwarden_rules.yaml");

/// Rules in force, ready for events.
#[derive(Debug)]
pub(crate) struct Ruleset {
    engine: Engine,
    rules: Vec<Rule>,
    matching: RuleMatching,
    scope: Scope,
}

impl Ruleset {
    /// Loads `paths`, or the configuration's `rules_files` when there are none.
    pub(crate) fn load(paths: &[PathBuf], settings: &Settings) -> Result<Self, Failure> {
        let loader = match paths {
            [] => load(&there(&settings.rules_files), settings)?,
            _ => load(paths, settings)?,
        };
        Ok(Self::of(&loader, settings))
    }

    /// The rules of innerwarden itself, for machines that have no others.
    pub(crate) fn built_in(settings: &Settings) -> Result<Self, Failure> {
        let mut loader = Loader::new(settings.loading());
        let result = loader.load(BUILT_IN_NAME, BUILT_IN);
        if !result.is_successful() {
            return Err(Failure::new(Exit::Rules, result.text().trim_end()));
        }
        Ok(Self::of(&loader, settings))
    }

    fn of(loader: &Loader, settings: &Settings) -> Self {
        let rules = loader.rules_in_force(&settings.rules);
        let views: Vec<_> = rules.iter().map(view).collect();
        let engine = Engine::new(&views);
        let scope = Scope::new(settings.presentation());
        Self { engine, rules, matching: settings.rule_matching, scope }
    }

    /// The rules, in the order of definition.
    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Looks our host name and time zone up anew at the next event: a host that runs for months sees them change.
    pub(crate) fn forget_agent(&mut self) {
        self.scope.forget_agent();
    }

    /// How many rules are in force.
    pub(crate) fn len(&self) -> usize {
        self.rules.len()
    }

    /// Names of the rules, in the order of definition.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| &*rule.name)
    }

    /// Whether any rule can match events of type `kind`.
    #[inline]
    pub(crate) fn looks_at(&self, kind: EventType) -> bool {
        self.engine.looks_at(kind)
    }

    /// Gives `sink` the alerts of `event`, which the host has just seen, with the index of the rule of each.
    #[inline]
    pub(crate) fn on_event(
        &mut self,
        event: &Event<'_>,
        host: &Host,
        mut sink: impl FnMut(usize, &Alert) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if !self.engine.looks_at(event.kind) {
            return Ok(());
        }
        let Self { engine, rules, matching, scope } = self;
        scope.with(event, host, |ctx| {
            let mut done = Ok(());
            engine.matches(ctx, *matching, |index| {
                let index = index as usize;
                if let (Ok(()), Some(rule)) = (&done, rules.get(index)) {
                    done = sink(index, &rule.template.render(ctx));
                }
            });
            done
        })
    }

    /// Types of events for which a rule asks for metadata of containers.
    pub(crate) fn asking_for_metadata(&self) -> Vec<EventType> {
        Holder::new(&self.rules, self.matching).event_types().collect()
    }

    /// `event`, which the host has just seen, as far as it can be judged without metadata of its container; `None` if
    /// no rule matches it, whatever the metadata says.
    pub(crate) fn hold(&mut self, event: &Event<'_>, host: &Host) -> Option<Held> {
        let holder = Holder::new(&self.rules, self.matching);
        self.scope.with(event, host, |ctx| holder.hold(ctx))
    }

    /// Judges the rest of `held` with what `host` knows by now. `sink` gets the alerts, with the index of the rule of
    /// each; how many rules would have matched without the metadata and do not with it comes back.
    pub(crate) fn settle(
        &mut self,
        held: &Held,
        host: &Host,
        mut sink: impl FnMut(usize, &Alert, Change),
    ) -> usize {
        self.scope.alone(held.time_ns(), |arena, agent| {
            held.settle(host, arena, agent, |rule, alert, change| {
                sink(rule as usize, &alert, change);
            })
        })
    }

    /// Each rule compiled alone, to see what it costs.
    pub(crate) fn one_by_one(&self) -> Vec<Engine> {
        self.rules.iter().map(|rule| Engine::new(&[view(rule)])).collect()
    }
}

fn view(rule: &Rule) -> EngineRule<'_> {
    EngineRule { condition: &rule.condition, event_types: &rule.event_types }
}

/// Those of the configuration's `paths` that exist. Falco leaves the others out without a word: the files of its
/// own configuration are optional.
pub(crate) fn there(paths: &[PathBuf]) -> Vec<PathBuf> {
    let (there, missing): (Vec<_>, _) = paths.iter().cloned().partition(|path| path.exists());
    for path in missing {
        warn(format_args!("rules_files: {} does not exist, left out", path.display()));
    }
    there
}

/// Loads `paths` in order. Stops at the first file that is rejected, with its report on stderr.
pub(crate) fn load(paths: &[PathBuf], settings: &Settings) -> Result<Loader, Failure> {
    let mut loader = Loader::new(settings.loading());
    for file in read(paths)? {
        let result = loader.load(&file.name, &file.content);
        if !result.is_successful() {
            return Err(Failure::new(Exit::Rules, result.text().trim_end()));
        }
        if !result.warnings.is_empty() {
            let count = result.warnings.len();
            warn(format_args!(
                "{}: {count} warnings; `innerwarden rules check` shows them",
                file.name
            ));
        }
    }
    loader.check_plugins().or_exit(Exit::Rules)?;
    Ok(loader)
}

/// The rules files that `paths`, files and folders, stand for.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<rules::RulesFile>, Failure> {
    let files = rules::find_files(paths).or_exit(Exit::File)?;
    for path in paths.iter().filter(|path| !path.is_dir() && !files.contains(path)) {
        // As in Falco; there it is silent.
        let why = if path.exists() {
            "its name does not end in .yaml or .yml"
        } else {
            "no such file or folder"
        };
        warn(format_args!("{}: not loaded, {why}", path.display()));
    }
    if files.is_empty() {
        let message = "no rules files: name at least one (*.yaml, *.yml)";
        return Err(Failure::new(Exit::Usage, message));
    }
    rules::read_files(&files).or_exit(Exit::File)
}
