//! `evt.rawarg`: one parameter with its own type.

use event::ParamType;

use crate::{
    field::{Argument, Context, event::number},
    value::Value,
};

/// The parameter that `argument` names; `None` when the event has none or it is empty.
pub(super) fn extract<'e>(ctx: &Context<'e>, argument: &Argument) -> Option<Value<'e>> {
    let Argument::Parameter(slots) = argument else { return None };
    let index = slots.index(ctx.event.kind)?;
    if index >= ctx.event.param_count() {
        return None;
    }
    let kind = ctx.event.kind.info().params.get(index)?.kind;
    let bytes = ctx.event.param(index);
    if matches!(kind, ParamType::Charbuf | ParamType::Fspath | ParamType::Fsrelpath) {
        return Some(Value::Str(super::parameter_text(ctx.event, index)));
    }
    if bytes.is_empty() {
        return None;
    }
    Some(match kind {
        ParamType::Int8
        | ParamType::Int16
        | ParamType::Int32
        | ParamType::Int64
        | ParamType::Errno
        | ParamType::Fd
        | ParamType::Fd32
        | ParamType::Pid
        | ParamType::Pid32 => Value::Int(number::signed(bytes)),
        ParamType::Uint8
        | ParamType::Uint16
        | ParamType::Uint32
        | ParamType::Uint64
        | ParamType::Syscallid
        | ParamType::Sigtype
        | ParamType::Sigset
        | ParamType::Reltime
        | ParamType::Abstime
        | ParamType::Port
        | ParamType::Uid
        | ParamType::Gid
        | ParamType::Mode
        | ParamType::Flags8
        | ParamType::Flags16
        | ParamType::Flags32
        | ParamType::Enumflags8
        | ParamType::Enumflags16
        | ParamType::Enumflags32 => Value::Uint(number::unsigned(bytes)),
        ParamType::Bytebuf
        | ParamType::Sockaddr
        | ParamType::Socktuple
        | ParamType::Fdlist
        | ParamType::Dyn
        | ParamType::Ipv4addr
        | ParamType::Ipv6addr
        | ParamType::Charbufarray
        | ParamType::CharbufPairArray
        | ParamType::Charbuf
        | ParamType::Fspath
        | ParamType::Fsrelpath => Value::Bytes(bytes),
    })
}
