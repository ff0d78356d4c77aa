//! Parameters as conditions see them.

use bumpalo::Bump;
use event::{
    EventType,
    capture::{Record, ThreadEntry, UserEntry},
    encode::{Encoder, Param},
};
use host::{Host, HostConfig};

use crate::{
    field::{Agent, Context, FieldRef},
    value::Value,
};

/// The text of `field` after `kind` of a thread in `/\xff`, on a host with a user 7 called `\xfe`.
#[track_caller]
fn check(kind: EventType, params: &[Param<'_>], field: &str, expected: &str) {
    let mut host = Host::new(&HostConfig::default());
    let thread =
        ThreadEntry { tid: 1, pid: 1, vtid: 1, vpid: 1, cwd: b"/\xff", ..Default::default() };
    host.load(&Record::Thread(thread));
    let user = UserEntry { uid: 7, gid: 7, name: b"\xfe", home: b"/", shell: b"/bin/sh" };
    host.load(&Record::User(user));
    let mut encoder = Encoder::new();
    let event = encoder.encode(kind, 1, 1, params).unwrap();
    host.on_event(&event);
    let (agent, arena) = (Agent::default(), Bump::new());
    let ctx = Context::new(&event, &host, &arena, &agent);
    let actual = ctx.extract(&FieldRef::resolve(field).unwrap());
    assert_eq!(actual, Some(Value::Str(expected.as_bytes())), "{field}");
}

#[test]
fn names_in_parameters_print() {
    let open = [Param::Int(-2), Param::Text(b"x")];
    check(EventType::OpenX, &open, "evt.arg.name", "/\u{FFFD}/x");
    let setuid = [Param::Int(-1), Param::Uint(7)];
    check(EventType::SetuidX, &setuid, "evt.arg.uid", "\u{FFFD}");
    check(EventType::SetuidX, &setuid, "evt.args", "res=-1(EPERM) uid=7(\u{FFFD})");
}
