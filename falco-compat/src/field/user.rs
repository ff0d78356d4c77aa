//! Class `user`.

mod table;

use event::EventType;
use host::{Thread, User};

use crate::{
    field::{Context, event::parameter_text},
    value::Value,
};

pub(super) use table::FIELDS;
pub use table::UserField;

/// The value of `id` for the event of `ctx`.
pub(super) fn extract<'e>(ctx: &Context<'e>, id: UserField) -> Option<Value<'e>> {
    let thread = ctx.thread()?;
    let user = |uid: u32| ctx.host.users().user(thread.container, uid);
    Some(match id {
        UserField::Uid => Value::Uint(thread.uid.into()),
        UserField::Name => match container_user(ctx, thread) {
            Some(name) => Value::Str(name),
            None => Value::Str(name(user(thread.uid), thread.uid)),
        },
        UserField::Homedir => Value::Str(match user(thread.uid) {
            Some(user) => &user.home,
            None if thread.uid == 0 => b"/root",
            None => b"<NA>",
        }),
        UserField::Shell => Value::Str(user(thread.uid).map_or(b"<NA>", |it| &it.shell)),
        UserField::Loginuid => Value::Int(match thread.loginuid {
            u32::MAX => -1,
            uid => uid.into(),
        }),
        UserField::Loginname => Value::Str(name(user(thread.loginuid), thread.loginuid)),
    })
}

fn name(user: Option<&User>, uid: u32) -> &[u8] {
    match user {
        Some(user) => &user.name,
        None if uid == 0 => b"root",
        None => b"<NA>",
    }
}

/// Events about containers show the user that the container was configured with.
fn container_user<'e>(ctx: &Context<'e>, thread: &Thread) -> Option<&'e [u8]> {
    let is_container_event = match ctx.event.kind {
        EventType::ContainerJsonV2E => true,
        EventType::AsynceventE => parameter_text(ctx.event, 1) == b"container",
        _ => false,
    };
    if !is_container_event {
        return None;
    }
    let user = ctx.host.containers().metadata(thread.container)?.user.as_bytes();
    (!user.is_empty()).then_some(user)
}
