//! Events that wait for what a container runtime says of their container.
//!
//! The metadata of a new container comes some milliseconds after its first events. Falco evaluates those
//! without it: a rule on an image or a namespace misses them, an exception for an image does not apply, and
//! outputs show `<NA>`. Here such an event can be held: all that does not depend on the metadata is decided
//! and rendered at once, while the host is as the event left it; the rest when the metadata is there, or
//! when waiting for it has taken too long.

mod draft;
#[cfg(test)]
mod tests;
mod verdict;

use bumpalo::Bump;
use event::{Event, EventType};
use host::{ContainerId, Host};

use crate::{
    alert::Alert,
    condition::Condition,
    engine::RuleMatching,
    field::{Agent, Context},
    held::{draft::Draft, verdict::Verdict},
    rules::Rule,
};

/// Decides whether an event has to be held.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'r> {
    rules: &'r [Rule],
    matching: RuleMatching,
}

impl<'r> Holder<'r> {
    /// Holds events for `rules`, given in definition order.
    pub const fn new(rules: &'r [Rule], matching: RuleMatching) -> Self {
        Self { rules, matching }
    }

    /// Types of events for which a rule asks for metadata, in its condition or its output: only these
    /// are worth holding.
    pub fn event_types(&self) -> impl Iterator<Item = EventType> {
        let asks = |rule: &&Rule| {
            let mut asks = rule.template.needs_metadata();
            rule.condition.for_each_check(&mut |check| {
                asks |= check.mentions(&|field| field.needs_metadata());
            });
            asks
        };
        let asking: Vec<&Rule> = self.rules.iter().filter(asks).collect();
        let wanted =
            move |kind: &&EventType| asking.iter().any(|it| it.event_types.contains(**kind));
        EventType::all().iter().filter(wanted).copied()
    }

    /// The event of `ctx` as far as it can be decided without metadata of its container.
    ///
    /// `None` if no rule matches it whatever the metadata says. Rules that match in any case are part of
    /// what is held: their output may show metadata, and with [`RuleMatching::First`] an earlier rule may
    /// yet take their place.
    pub fn hold(&self, ctx: &Context<'_>) -> Option<Held> {
        let container = ctx.container_id()?;
        let mut candidates = Vec::new();
        for (index, rule) in (0..).zip(self.rules) {
            if !rule.event_types.contains(ctx.event.kind) {
                continue;
            }
            let condition = match verdict::of(&rule.condition, ctx) {
                Verdict::Decided(false) => continue,
                Verdict::Decided(true) => None,
                Verdict::Open(condition) => Some(condition),
            };
            let certain = condition.is_none();
            candidates.push(Candidate {
                rule: index,
                condition,
                draft: Draft::of(&rule.template, ctx),
            });
            if certain && self.matching == RuleMatching::First {
                break;
            }
        }
        if candidates.is_empty() {
            return None;
        }
        let event = ctx.event;
        Some(Held {
            bytes: event.bytes().into(),
            cpu: event.cpu,
            flags: event.flags,
            container,
            matching: self.matching,
            candidates,
        })
    }
}

/// An event with the rules that may match it.
#[derive(Debug)]
pub struct Held {
    bytes: Box<[u8]>,
    cpu: u16,
    flags: u32,
    container: ContainerId,
    matching: RuleMatching,
    candidates: Vec<Candidate>,
}

#[derive(Debug)]
struct Candidate {
    rule: u32,
    /// What has to hold of the metadata; `None`: the rule matches in any case.
    condition: Option<Condition>,
    draft: Draft,
}

/// What the metadata changed about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It would have matched without, and does.
    Same,
    /// It would have missed the event without.
    Gained,
}

impl Held {
    /// The container whose metadata it waits for.
    pub const fn container(&self) -> ContainerId {
        self.container
    }

    /// When the event happened, ns since the epoch; 0 if its bytes do not say.
    pub fn time_ns(&self) -> u64 {
        self.bytes.first_chunk().copied().map_or(0, u64::from_le_bytes)
    }

    /// About how many bytes it takes.
    pub fn size(&self) -> usize {
        let drafts: usize = self.candidates.iter().map(|it| it.draft.size()).sum();
        size_of::<Self>() + self.bytes.len() + drafts
    }

    /// Decides the rest with what `host` knows of the container by now, be it nothing, and gives `matched`
    /// the index of each rule that matches with its alert. Returns how many rules would have matched
    /// without the metadata and do not with it.
    pub fn settle(
        &self,
        host: &Host,
        arena: &Bump,
        agent: &Agent,
        mut matched: impl FnMut(u32, Alert, Change),
    ) -> usize {
        // These are the bytes of an event that was decoded before.
        let Ok(event) = Event::decode(&self.bytes, self.cpu, self.flags) else { return 0 };
        let container = host.containers().metadata(self.container);
        let with = Context::of_container(&event, host, arena, agent, container);
        let without = Context::of_container(&event, host, arena, agent, None);
        let holds = |candidate: &Candidate, ctx: &Context<'_>| {
            candidate.condition.as_ref().is_none_or(|condition| condition.evaluate(ctx))
        };
        let mut averted = 0;
        for candidate in &self.candidates {
            let plainly = holds(candidate, &without);
            if !holds(candidate, &with) {
                averted += usize::from(plainly);
                continue;
            }
            let change = if plainly { Change::Same } else { Change::Gained };
            matched(candidate.rule, candidate.draft.finish(&with), change);
            if self.matching == RuleMatching::First {
                break;
            }
        }
        averted
    }
}
