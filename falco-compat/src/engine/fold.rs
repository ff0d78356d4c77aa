//! What is certain of a check once the type of the event is known.

use event::{EventFlags, EventType};

use crate::{
    condition::Check,
    field::{Argument, FieldId, event::EventField},
    value::Value,
};

/// The outcome of `check` for every event of type `kind`; `None` if it depends on the event.
pub(super) fn fold(check: &Check, kind: EventType) -> Option<bool> {
    let field = check.field()?;
    match field.id() {
        FieldId::Event(EventField::Type) => {
            let name = static_name(kind)?;
            check.outcome(Some(Value::Str(name.as_bytes())))
        }
        FieldId::Event(EventField::Arg) => match field.argument() {
            Argument::Parameter(slots) if slots.index(kind).is_none() => check.outcome(None),
            _ => None,
        },
        FieldId::Event(
            EventField::IsOpenRead
            | EventField::IsOpenWrite
            | EventField::IsOpenExec
            | EventField::IsOpenCreate,
        ) if !is_open(kind) => check.outcome(Some(Value::Bool(false))),
        FieldId::Fd(_) if !kind.info().flags.intersects(EventFlags::ABOUT_FD) => {
            check.outcome(None)
        }
        _ => None,
    }
}

/// `evt.type` where it follows from the type alone.
fn static_name(kind: EventType) -> Option<&'static str> {
    match kind {
        EventType::GenericE
        | EventType::GenericX
        | EventType::AsynceventE
        | EventType::AsynceventX
        | EventType::PlugineventE
        | EventType::PlugineventX => None,
        _ => Some(kind.info().name),
    }
}

fn is_open(kind: EventType) -> bool {
    matches!(kind.info().name, "open" | "openat" | "openat2" | "open_by_handle_at" | "creat")
}
