//! Class `user`.

mod table;

use crate::{
    field::{Context, FieldRef},
    value::Value,
};

pub(super) use table::FIELDS;
pub use table::UserField;

/// The value of `id` (with the argument of `field`) for the event of `ctx`.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: UserField, field: &FieldRef) -> Option<Value<'e>> {
    let _ = (ctx, id, field);
    None
}
