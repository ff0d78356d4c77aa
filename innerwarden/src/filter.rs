//! A condition given on the command line.

use bumpalo::Bump;
use event::Event;
use falco_compat::{
    condition::{self, Condition, Position},
    field::{Agent, Context},
};
use host::Host;

use crate::{
    agent::{self, Presentation},
    exit::{Exit, Failure},
};

/// A condition in the language of rules, without macros and lists.
#[derive(Debug)]
pub(crate) struct Filter {
    /// `None`: everything.
    condition: Option<Condition>,
    scope: Scope,
}

/// What fields are asked of, beside an event and the host.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    arena: Bump,
    /// Known once there is a time to look the time zone up for.
    agent: Option<Agent>,
    presentation: Presentation,
}

impl Filter {
    /// Compiles `text`; `None` chooses everything.
    pub(crate) fn new(text: Option<&str>) -> Result<Self, Failure> {
        Ok(Self { condition: text.map(compile).transpose()?, scope: Scope::default() })
    }

    /// Whether the condition holds for `event`, which the host has just seen.
    pub(crate) fn chooses(&mut self, event: &Event<'_>, host: &Host) -> bool {
        match &self.condition {
            Some(condition) => self.scope.with(event, host, |ctx| condition.evaluate(ctx)),
            None => true,
        }
    }
}

impl Scope {
    /// One in which the agent presents itself so.
    pub(crate) fn new(presentation: Presentation) -> Self {
        Self { presentation, ..Self::default() }
    }

    /// Looks the agent up anew at the next event.
    pub(crate) fn forget_agent(&mut self) {
        self.agent = None;
    }

    /// Lets `ask` use what fields are asked of beside an event, at `time_ns`.
    pub(crate) fn alone<T>(&mut self, time_ns: u64, ask: impl FnOnce(&Bump, &Agent) -> T) -> T {
        self.arena.reset();
        let agent = self.agent.get_or_insert_with(|| agent::here(time_ns, &self.presentation));
        ask(&self.arena, agent)
    }

    /// Lets `ask` look at `event`.
    pub(crate) fn with<T>(
        &mut self,
        event: &Event<'_>,
        host: &Host,
        ask: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        self.arena.reset();
        let agent =
            self.agent.get_or_insert_with(|| agent::here(event.time_ns, &self.presentation));
        ask(&Context::new(event, host, &self.arena, agent))
    }
}

fn compile(text: &str) -> Result<Condition, Failure> {
    let expr = condition::parse(text).map_err(|it| refused(text, &it.message, it.position))?;
    let (condition, _) =
        condition::compile(&expr).map_err(|it| refused(text, &it.message, it.position))?;
    Ok(condition)
}

/// Characters of a condition that a message shows.
const SHOWN: usize = 100;

/// Shows where a condition is wrong.
fn refused(text: &str, message: &str, position: Position) -> Failure {
    let Position { line, column, .. } = position;
    let shown = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let at = shown.get(..column.saturating_sub(1)).map_or(0, |it| it.chars().count());
    let start = at.saturating_sub(SHOWN / 2);
    let before = at - start;
    let shown: String = shown.chars().skip(start).take(SHOWN).collect();
    Failure::new(
        Exit::Condition,
        format_args!(
            "condition, line {line}, column {column}: {message}\n  {shown}\n  {:before$}^",
            ""
        ),
    )
}
