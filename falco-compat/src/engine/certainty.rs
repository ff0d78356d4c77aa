//! Which events no rule can match, as far as that follows from little: the type, that the call failed, that the
//! path is plain. Whoever produces events need not produce those.

#[cfg(test)]
mod tests;

use event::{Category, EventType};

use super::fold::fold;
use crate::{
    condition::{Check, Condition, Modifier, Operator},
    field::{FieldId, FieldRef, event::EventField, fd::FdField, generic::GenericField},
    rules::Rule,
    value::Value,
};

/// What is known of an event beside its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Its first parameter has a sign and is negative: the call failed.
    pub failed: bool,
    /// It opens a file, by a path without two dots in a row.
    pub plain_path: bool,
}

/// Whether no rule of `rules` can match an event of type `kind` of which `facts` are known, whatever else it and the
/// host are like.
pub fn is_never_matched(rules: &[Rule], kind: EventType, facts: Facts) -> bool {
    let mut rules = rules.iter().filter(|rule| rule.event_types.contains(kind));
    rules.all(|rule| {
        // Asking for it changes what other checks see.
        !asks(&rule.condition, &is_abspath)
            && outcome(&rule.condition, &|check| known(check, kind, facts)) == Some(false)
    })
}

/// Whether a rule, or its alert, tells how many events there were or when the one before was: then each event
/// counts, whatever it is.
pub fn counts_events(rules: &[Rule]) -> bool {
    rules.iter().any(|rule| asks(&rule.condition, &is_count) || rule.template.mentions(&is_count))
}

fn is_count(field: &FieldRef) -> bool {
    matches!(
        field.id(),
        FieldId::Generic(
            GenericField::Num
                | GenericField::Reltime
                | GenericField::ReltimeS
                | GenericField::ReltimeNs
        ) | FieldId::Event(
            EventField::Deltatime | EventField::DeltatimeS | EventField::DeltatimeNs
        )
    )
}

fn is_abspath(field: &FieldRef) -> bool {
    field.id() == FieldId::Event(EventField::Abspath)
}

fn asks(condition: &Condition, wanted: &dyn Fn(&FieldRef) -> bool) -> bool {
    let mut found = false;
    condition.for_each_check(&mut |check| found |= check.mentions(wanted));
    found
}

/// The outcome of a condition as far as that of its checks is known.
fn outcome(condition: &Condition, known: &impl Fn(&Check) -> Option<bool>) -> Option<bool> {
    match condition {
        Condition::And(children) => decided(children, false, known),
        Condition::Or(children) => decided(children, true, known),
        Condition::Not(child) => outcome(child, known).map(|it| !it),
        Condition::Check(check) => known(check),
    }
}

/// `deciding` as soon as one child has it, the opposite if all children have that.
fn decided(
    children: &[Condition],
    deciding: bool,
    known: &impl Fn(&Check) -> Option<bool>,
) -> Option<bool> {
    let mut all = Some(!deciding);
    for child in children {
        match outcome(child, known) {
            Some(it) if it == deciding => return Some(deciding),
            Some(_) => {}
            None => all = None,
        }
    }
    all
}

/// The outcome of `check`, if the facts tell it.
fn known(check: &Check, kind: EventType, facts: Facts) -> Option<bool> {
    if let Some(outcome) = fold(check, kind) {
        return Some(outcome);
    }
    if !facts.failed || !has_result(kind) {
        return None;
    }
    match check.field()?.id() {
        FieldId::Event(EventField::Failed) => check.outcome(Some(Value::Bool(true))),
        FieldId::Event(EventField::Rawres) => negative(check),
        FieldId::Event(EventField::Res) => not_success(check),
        FieldId::FsPath(_) if !tells_path_of_failures(kind) => check.outcome(None),
        FieldId::Fd(id) if opens_file(kind) => of_no_fd(check, id, facts),
        _ => None,
    }
}

fn has_result(kind: EventType) -> bool {
    let info = kind.info();
    !kind.is_enter()
        && kind != EventType::GenericX
        && info.category.intersects(Category::SYSCALL)
        && info.params.first().is_some_and(|it| it.kind.is_signed())
}

/// Falco takes all failures of these but one for successes.
fn tells_path_of_failures(kind: EventType) -> bool {
    matches!(kind, EventType::OpenX | EventType::OpenatV2X | EventType::Openat2X)
}

fn opens_file(kind: EventType) -> bool {
    matches!(
        kind,
        EventType::OpenX
            | EventType::OpenatV2X
            | EventType::Openat2X
            | EventType::CreatX
            | EventType::OpenByHandleAtX
    )
}

/// A field of the fd of an open that failed: there is none.
fn of_no_fd(check: &Check, id: FdField, facts: Facts) -> Option<bool> {
    match id {
        // It is missing if the thread is not known.
        FdField::Num => {
            let missing = check.outcome(None)?;
            (check.outcome(Some(Value::Int(-1)))? == missing).then_some(missing)
        }
        FdField::Type
        | FdField::Filename
        | FdField::L4proto
        | FdField::Sockfamily
        | FdField::IsServer
        | FdField::Connected
        | FdField::NameChanged
        | FdField::Dev
        | FdField::DevMajor
        | FdField::DevMinor
        | FdField::Ino
        | FdField::IsUpperLayer
        | FdField::IsLowerLayer => check.outcome(None),
        FdField::Nameraw if facts.plain_path => without_dots(check),
        _ => None,
    }
}

/// The outcome for all negative numbers.
fn negative(check: &Check) -> Option<bool> {
    if check.modifier().is_some() {
        return None;
    }
    let at = |number| check.outcome(Some(Value::Int(number)));
    let same = at(-1)? == at(i64::MIN)?;
    let decided = match check.operator() {
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            same
        }
        Operator::Equal | Operator::DoubleEqual | Operator::NotEqual | Operator::In => {
            let natural = |text: &[u8]| text.first().is_some_and(u8::is_ascii_digit);
            same && check.constants().iter().all(|it| natural(it))
        }
        _ => false,
    };
    decided.then(|| at(-1)).flatten()
}

/// The outcome for whatever `evt.res` is of a failure: never `SUCCESS`.
fn not_success(check: &Check) -> Option<bool> {
    let constants = check.constants();
    let only_success = !constants.is_empty() && constants.iter().all(|it| **it == *b"SUCCESS");
    if !only_success || check.modifier().is_some() {
        return None;
    }
    match check.operator() {
        Operator::Equal | Operator::DoubleEqual | Operator::In => Some(false),
        Operator::NotEqual => Some(true),
        _ => None,
    }
}

/// The outcome for a text that has no two dots in a row, or is missing.
fn without_dots(check: &Check) -> Option<bool> {
    let has_dots = |constant: &[u8]| constant.windows(2).any(|two| two == b"..");
    // In brackets or behind a backslash, dots mean something else.
    let is_literal = |constant: &[u8]| !constant.iter().any(|it| b"[]\\".contains(it));
    let constants = check.constants();
    let never = match check.operator() {
        Operator::Equal
        | Operator::DoubleEqual
        | Operator::In
        | Operator::Contains
        | Operator::StartsWith
        | Operator::EndsWith => constants.iter().all(|it| has_dots(it)),
        Operator::Glob => constants.iter().all(|it| has_dots(it) && is_literal(it)),
        _ => false,
    };
    let is_any = matches!(check.modifier(), None | Some(Modifier::AnyOf));
    (never && is_any && check.field().is_some()).then_some(false)
}
