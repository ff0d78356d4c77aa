//! Class `event`.

mod table;

use crate::{
    field::{Context, FieldRef},
    value::Value,
};

pub use table::EventField;
pub(super) use table::FIELDS;

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(
    ctx: &Context<'e>,
    id: EventField,
    field: &FieldRef,
) -> Option<Value<'e>> {
    let _ = (ctx, id, field);
    None
}
