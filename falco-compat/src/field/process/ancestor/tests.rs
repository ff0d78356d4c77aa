//! Trees of processes that no system has.

use bumpalo::Bump;
use event::{
    EventType,
    capture::{Record, ThreadEntry},
    encode::{Encoder, Param},
};
use host::{Host, HostConfig};

use super::*;
use crate::field::Agent;

/// Asks for `field` of process `tid` when `threads` are there: bytes of its value, values visited.
#[track_caller]
fn ask(threads: &[ThreadEntry<'_>], tid: i64, field: &str) -> (usize, usize) {
    let mut host = Host::new(&HostConfig::default());
    for thread in threads {
        host.load(&Record::Thread(*thread));
    }
    let mut encoder = Encoder::new();
    let event = encoder.encode(EventType::GetuidX, 1, tid, &[Param::Uint(0)]).unwrap();
    host.on_event(&event);
    let (arena, agent) = (Bump::new(), Agent::default());
    let ctx = Context::new(&event, &host, &arena, &agent);
    let field = FieldRef::resolve(field).unwrap();
    let length = match ctx.extract(&field) {
        Some(Value::Str(text)) => text.len(),
        _ => 0,
    };
    let mut visited = 0;
    ctx.extract_all(&field, &mut |_| {
        visited += 1;
        false
    });
    (length, visited)
}

/// A row of processes, each the parent of the next, that share arguments and environment.
fn row(text: &[u8]) -> Vec<ThreadEntry<'_>> {
    (1..=100)
        .map(|tid| ThreadEntry {
            tid,
            pid: tid,
            ptid: tid - 1,
            comm: b"sh",
            args: text,
            env: text,
            ..ThreadEntry::default()
        })
        .collect()
}

#[test]
fn all_ancestors_count_while_they_are_small() {
    assert_eq!(ask(&row(b"x"), 100, "proc.acmdline"), (99 * 5 - 1, 99));
}

#[test]
fn values_of_ancestors_are_bounded_together() {
    let text = vec![b'x'; 1 << 16];
    let (length, visited) = ask(&row(&text), 100, "proc.acmdline");
    assert!(length < MAX_BYTES + (1 << 17), "{length}");
    assert!(visited < 70, "{visited}");
    let (_, visited) = ask(&row(&text), 100, "proc.aenv");
    assert!(visited < 70, "{visited}");
}

#[test]
fn a_process_that_is_its_own_parent_is_given_up() {
    let own = ThreadEntry { tid: 7, pid: 7, ptid: 7, env: b"A=1", ..ThreadEntry::default() };
    assert_eq!(ask(&[own], 7, "proc.aenv[2147483647]").0, 3);
}
