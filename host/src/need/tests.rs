//! Events that are said not to be needed change nothing.

use event::ParamType;

use super::*;
use crate::scene::{P, Scene};

/// A shell with a file, a socket and a directory.
fn scene() -> Scene {
    let mut scene = Scene::new();
    scene.open(100, 3, "/etc/passwd", 1);
    scene.socket(100, 4, 2, 1);
    scene.open(100, 5, "/opt", crate::flags::open::DIRECTORY);
    scene.pass();
    scene
}

/// All that is known of threads.
fn state(scene: &Scene) -> String {
    let host = &scene.host;
    let describe = |id| {
        let fds: Vec<_> = host.fds(id).map(|(number, id)| (number, host.fd(id))).collect();
        format!("{:?} {:?} {fds:?}", host.thread(id), host.cwd(id))
    };
    host.threads().map(describe).collect::<Vec<_>>().join("\n")
}

/// Parameters of an event of type `kind`: the first is `result`, fds are `fd`, other numbers `number`.
fn params(kind: EventType, result: i64, fd: i64, number: u64) -> Vec<P<'static>> {
    let infos = kind.info().params.iter().enumerate();
    let param = |(index, info): (usize, &event::ParamInfo)| match info.kind {
        _ if index == 0 => P::Int(result),
        ParamType::Fd | ParamType::Fd32 => P::Int(fd),
        ParamType::Charbuf | ParamType::Fspath | ParamType::Fsrelpath => P::Text(b"/x"),
        ParamType::Ipv6addr => P::Empty,
        kind if kind.is_signed() => P::Int(100),
        kind if kind.fixed_size().is_some() => P::Uint(number),
        _ => P::Empty,
    };
    infos.map(param).collect()
}

fn has_result(kind: EventType) -> bool {
    !kind.is_enter() && kind.info().params.first().is_some_and(|it| it.kind.is_signed())
}

#[test]
fn failures_that_are_not_needed_change_nothing() {
    let kinds = EventType::all().iter().copied();
    let kinds: Vec<_> = kinds.filter(|kind| has_result(*kind) && !needs_failed(*kind)).collect();
    assert!(kinds.len() > 100, "{}", kinds.len());
    for kind in kinds {
        for (result, fd) in [(-2, 3), (-115, 4), (-1, 5), (i64::MIN, 99)] {
            let mut scene = scene();
            let before = state(&scene);
            scene.send(kind, 100, &params(kind, result, fd, 1));
            scene.pass();
            assert_eq!(state(&scene), before, "{kind:?} {result}");
        }
    }
}

#[test]
fn failures_that_are_needed_are_few() {
    let kinds = EventType::all().iter().copied();
    let kinds = kinds.filter(|kind| has_result(*kind) && needs_failed(*kind));
    let names: Vec<_> = kinds.map(|kind| kind.info().name).collect();
    assert_eq!(names, ["connect", "mmap", "mmap2", "munmap", "memfd_create", "pidfd_getfd"]);
}

#[test]
fn numbers_that_are_not_needed_change_nothing() {
    for &kind in EventType::all() {
        let Some(needed) = needed_numbers(kind) else { continue };
        for number in (0..=255).filter(|number| !needed.contains(number)) {
            let mut scene = scene();
            let before = state(&scene);
            scene.send(kind, 100, &params(kind, 0, 3, number));
            scene.pass();
            assert_eq!(state(&scene), before, "{kind:?} {number}");
        }
    }
}
