//! Several fds at once: `fd.types` and the parameter of poll.

use std::io::Write as _;

use crate::{
    field::{
        Argument, Context,
        buffer::build,
        fd::{chosen, letter, type_name},
    },
    value::Value,
};

/// `fd.types`: the distinct types of the open fds, or the type of one.
pub(super) fn types<'e>(ctx: &Context<'e>, argument: &Argument) -> Option<Value<'e>> {
    let mut types = bumpalo::collections::Vec::new_in(ctx.arena);
    if matches!(argument, Argument::None | Argument::Index(-1)) {
        for (_, slot) in ctx.host.fds(ctx.thread_id()?) {
            let Some(fd) = ctx.host.fd(slot) else { continue };
            let name = type_name(fd.kind).as_bytes();
            if !types.contains(&name) {
                types.push(name);
            }
        }
    } else {
        types.push(type_name(chosen(ctx, argument)?.kind).as_bytes());
    }
    Some(Value::List(types.into_bump_slice()))
}

/// The entries of a poll: number, type and events of each fd, separated by blanks.
pub(in crate::field) fn list_text<'e>(ctx: &Context<'e>, bytes: &[u8]) -> &'e [u8] {
    let Some(slot) = ctx.thread_id() else { return &[] };
    build(ctx.arena, |out| {
        for (number, events) in entries(bytes) {
            if !out.is_empty() {
                out.push(b' ');
            }
            let fd = ctx.host.find_fd(slot, number).and_then(|it| ctx.host.fd(it));
            let letter = fd.map_or("?", |it| letter(it.kind));
            // Events are 16 bits with a sign, printed as 32 bits.
            let events = i32::from(events).cast_unsigned();
            // Writing to a Vec cannot fail.
            let _ = write!(out, "{}:{letter}{events:x}", number.cast_unsigned());
        }
    })
}

/// Fd numbers and events of a list of fds.
pub(in crate::field) fn entries(bytes: &[u8]) -> impl Iterator<Item = (i64, i16)> {
    let (count, rest) = bytes.split_first_chunk::<2>().unwrap_or((&[0, 0], &[]));
    let count = usize::from(u16::from_le_bytes(*count));
    let (chunks, _) = rest.as_chunks::<10>();
    chunks.iter().take(count).map(|&[a, b, c, d, e, f, g, h, i, j]| {
        (i64::from_le_bytes([a, b, c, d, e, f, g, h]), i16::from_le_bytes([i, j]))
    })
}
