//! Class `container`.

mod table;

use crate::{
    field::{Context, FieldRef},
    value::Value,
};

pub use table::ContainerField;
pub(super) use table::FIELDS;

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(
    ctx: &Context<'e>,
    id: ContainerField,
    field: &FieldRef,
) -> Option<Value<'e>> {
    let _ = (ctx, id, field);
    None
}
