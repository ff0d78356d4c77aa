//! More events than the ring buffers take: what was made is there or counted, and what must not be lost is not.

use std::{collections::HashMap, ops::ControlFlow};

use ebpf::{ProbeConfig, Selection};
use event::EventType;
use nix::{
    errno::Errno,
    fcntl::{AT_FDCWD, OFlag, OpenHow, openat2},
    sched::{CloneFlags, setns},
    unistd::chroot,
};

use crate::harness::{alone, load_as};

/// Makes the calls `bulk` times, and every hundredth time `vital` ones, while nobody reads; with ring buffers of
/// `ring_bytes`. How many events of each type were made, are there, and were lost.
#[track_caller]
fn overrun(ring_bytes: u32, bulk: usize) -> Option<HashMap<EventType, [u64; 3]>> {
    let _alone = alone();
    let mut selection = Selection::new();
    for name in ["openat2", "chroot", "setns"] {
        assert!(selection.add(name));
    }
    let mut probes = load_as(&ProbeConfig { ring_bytes, ..ProbeConfig::default() }, &selection)?;
    let file = std::fs::File::open("/").unwrap();
    let mut made = [0; 2];
    for number in 0..bulk {
        let how = OpenHow::new().flags(OFlag::O_RDONLY);
        let missing = openat2(AT_FDCWD, "/there/is/no/such/file/at/all", how);
        assert_eq!(missing.unwrap_err(), Errno::ENOENT);
        made[0] += 1;
        if number % 100 == 0 {
            chroot("/no/such/folder").unwrap_err();
            // A folder is no namespace.
            setns(&file, CloneFlags::CLONE_NEWNET).unwrap_err();
            made[1] += 1;
        }
    }
    let losses = probes.losses();
    let mut there = HashMap::new();
    while probes.drain(|event| {
        *there.entry(event.kind).or_insert(0) += 1;
        ControlFlow::Continue(())
    }) > 0
    {}
    assert_eq!(probes.undecodable(), 0);
    // What was sent is there, to the last.
    let sent: HashMap<_, _> = losses.sent_by_kind.iter().copied().collect();
    assert_eq!(there, sent);
    let lost = |kind| losses.lost.iter().filter(|it| it.kind == kind).map(|it| it.events).sum();
    let books = [
        (EventType::Openat2X, made[0]),
        (EventType::ChrootX, made[1]),
        (EventType::SetnsX, made[1]),
    ];
    let book = |(kind, made)| (kind, [made, there.get(&kind).copied().unwrap_or(0), lost(kind)]);
    Some(books.map(book).into())
}

#[test]
fn what_was_made_is_there_or_counted_as_lost() {
    let Some(books) = overrun(1 << 16, 20_000) else { return };
    for (kind, [made, there, lost]) in &books {
        assert_eq!(*made, there + lost, "{kind:?}");
    }
    assert!(books[&EventType::Openat2X][2] > 10_000, "{books:?}");
}

#[test]
fn the_rest_of_a_full_buffer_is_for_what_must_not_be_lost() {
    // 20,000 opens are 2 MB or more, 400 of the others 40 kB.
    let Some(books) = overrun(1 << 20, 20_000) else { return };
    assert!(books[&EventType::Openat2X][2] > 0, "{books:?}");
    for kind in [EventType::ChrootX, EventType::SetnsX] {
        assert_eq!(books[&kind], [200, 200, 0], "{kind:?}");
    }
}
