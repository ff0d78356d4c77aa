//! Class `group`.

mod table;

use crate::{field::Context, value::Value};

pub(super) use table::FIELDS;
pub use table::GroupField;

/// The value of `id` for the event of `ctx`.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: GroupField) -> Option<Value<'e>> {
    let thread = ctx.thread()?;
    Some(match id {
        GroupField::Gid => Value::Uint(thread.gid.into()),
        GroupField::Name => {
            Value::Str(match ctx.host.users().group(thread.container, thread.gid) {
                Some(group) => &group.name,
                None if thread.gid == 0 => b"root",
                None => b"<NA>",
            })
        }
    })
}
