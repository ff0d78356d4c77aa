//! Which events need conversion, and the rules by type and number of parameters.

use crate::table::{EventFlags, EventType};

include!(concat!(env!("OUT_DIR"), "/converter.rs"));

/// What to do with an event of one type that carries a certain number of parameters.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) params: u8,
    pub(super) action: Action,
    /// Where the new parameters come from.
    pub(super) sources: &'static [Source],
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Store,
    Pass,
    StoreAndPass,
    Add,
    Become(EventType),
}

/// Where a parameter comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    Old(u8),
    EnterOrDefault(u8),
    EnterOrEmpty(u8),
    Default,
    Empty,
    Container,
}

/// Whether an event needs conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    Drop,
    Conversion,
}

/// Whether an event of type `kind` with `params` parameters needs conversion.
#[inline]
pub(super) fn need(kind: EventType, params: usize) -> Need {
    let info = kind.info();
    if info.flags.intersects(EventFlags::UNUSED) {
        return Need::Drop;
    }
    let is_old = info.flags.intersects(EventFlags::OLD_VERSION);
    if !info.flags.intersects(EventFlags::CONVERTER_MANAGED) {
        // Old exit events are all managed; old enter events that are not have nothing to say.
        return if is_old { Need::Drop } else { Need::Nothing };
    }
    if kind.is_enter() || is_old || params != info.params.len() {
        Need::Conversion
    } else {
        Need::Nothing
    }
}

/// The rule for an event of type `kind` with `params` parameters.
pub(super) fn find(kind: EventType, params: usize) -> Option<&'static Rule> {
    let rules = RULES.get(usize::from(kind.code()))?;
    rules.iter().find(|rule| usize::from(rule.params) == params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_rules_as_in_falco() {
        assert_eq!(RULES.iter().map(|rules| rules.len()).sum::<usize>(), 253);
    }

    #[test]
    fn old_exit_events_are_managed() {
        for kind in EventType::all() {
            let flags = kind.info().flags;
            let is_old = flags.intersects(EventFlags::OLD_VERSION);
            let is_managed = flags.intersects(EventFlags::CONVERTER_MANAGED);
            assert!(kind.is_enter() || !is_old || is_managed, "{kind:?}");
        }
    }

    #[test]
    fn every_rule_ends_in_an_event_that_is_delivered_or_stored() {
        for &kind in EventType::all() {
            for rule in RULES[usize::from(kind.code())] {
                let (kind, params) = match rule.action {
                    Action::Store | Action::Pass | Action::StoreAndPass => continue,
                    Action::Add => (kind, usize::from(rule.params) + rule.sources.len()),
                    Action::Become(kind) => (kind, rule.sources.len()),
                };
                let ends = need(kind, params) != Need::Conversion || find(kind, params).is_some();
                assert!(ends, "{kind:?} with {params}");
            }
        }
    }
}
