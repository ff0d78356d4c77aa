//! Class `static`: values that the configuration gives (`static_fields`).

mod table;

pub(super) use table::FIELDS;
pub use table::FixedField;

use crate::{
    field::{Argument, Context, FieldRef},
    value::Value,
};

/// The configured value of `field`; missing if the configuration has none of its name.
pub(super) fn extract<'e>(ctx: &Context<'e>, field: &FieldRef) -> Option<Value<'e>> {
    let Argument::Key(name) = field.argument() else { return None };
    ctx.agent.static_fields.get(&**name).map(|value| Value::Str(value.as_bytes()))
}
