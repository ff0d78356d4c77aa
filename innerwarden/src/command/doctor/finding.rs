//! What a check found.

/// How well something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// It works, but not all of it.
    Limited,
    /// It does not work, or is not there.
    Missing,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) state: State,
    /// What there is.
    pub(super) found: String,
    /// What is lost by that; empty when nothing is.
    pub(super) cost: String,
    /// What to do about it; empty when nothing is to be done.
    pub(super) advice: String,
}

impl State {
    /// The word in reports.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Limited => "limited",
            Self::Missing => "missing",
        }
    }
}

impl Finding {
    /// All is well.
    pub(super) fn ok(found: impl Into<String>) -> Self {
        Self::new(State::Ok, found, "", "")
    }

    /// Something is lost.
    pub(super) fn limited(
        found: impl Into<String>,
        cost: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(State::Limited, found, cost, advice)
    }

    /// It does not work.
    pub(super) fn missing(
        found: impl Into<String>,
        cost: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self::new(State::Missing, found, cost, advice)
    }

    fn new(
        state: State,
        found: impl Into<String>,
        cost: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { state, found: found.into(), cost: cost.into(), advice: advice.into() }
    }

    /// The finding on one line, for tests.
    #[cfg(test)]
    pub(super) fn line(&self) -> String {
        let parts = [self.state.word(), &self.found, &self.cost, &self.advice];
        parts.iter().copied().filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" | ")
    }
}

/// All of `findings`, a line each, for tests.
#[cfg(test)]
pub(super) fn lines(findings: &[Finding]) -> String {
    findings.iter().map(Finding::line).collect::<Vec<_>>().join("\n")
}
