//! Fds that open, move and close, and credentials.

use crate::{
    fd::FdKind,
    flags::{AT_FDCWD, open, thread as flags},
    scene::{E, P, Scene, lossy},
};

#[track_caller]
fn check_name(scene: &Scene, number: i64, expected: &str) {
    let fd = scene.fd(100, number).expect("the fd is there");
    assert_eq!(lossy(&fd.name), expected);
}

fn openat(scene: &mut Scene, number: i64, dirfd: i64, name: &str) {
    scene.send(
        E::OpenatV2X,
        100,
        &[P::Int(number), P::Int(dirfd), P::Text(name.as_bytes()), P::Uint(1)],
    );
}

#[test]
fn names_are_seen_from_the_directory() {
    let mut scene = Scene::new();
    scene.open(100, 3, "../etc/./passwd", 1);
    check_name(&scene, 3, "/etc/passwd");
    assert_eq!(lossy(&scene.fd(100, 3).expect("it is there").name_raw), "../etc/./passwd");
    openat(&mut scene, 4, AT_FDCWD, "x");
    check_name(&scene, 4, "/root/x");
    scene.open(100, 5, "/opt", open::DIRECTORY);
    openat(&mut scene, 6, 5, "y");
    check_name(&scene, 6, "/opt/y");
    openat(&mut scene, 7, 99, "u");
    check_name(&scene, 7, "<UNKNOWN>u");
    openat(&mut scene, 8, 99, "/abs");
    check_name(&scene, 8, "/abs");
}

#[test]
fn the_enter_event_is_trusted_more_than_the_exit_event() {
    let mut scene = Scene::new();
    let upper = u64::from(open::UPPER_LAYER);
    scene.send(E::OpenE, 100, &[P::Text(b"/etc/shadow"), P::Uint(1), P::Uint(0)]);
    scene.open(100, 3, "/tmp/ok", open::UPPER_LAYER | 2);
    check_name(&scene, 3, "/etc/shadow");
    let fd = scene.fd(100, 3).expect("it is there");
    assert_eq!(u64::from(fd.open_flags), upper | 1);
    assert!(fd.upper_layer);
    scene.open(100, 4, "/tmp/ok", 1);
    check_name(&scene, 4, "/tmp/ok");
}

#[test]
fn an_enter_event_of_another_call_is_not_used() {
    let mut scene = Scene::new();
    scene.send(E::OpenE, 100, &[P::Text(b"/etc/shadow"), P::Uint(1), P::Uint(0)]);
    openat(&mut scene, 3, AT_FDCWD, "/tmp/ok");
    check_name(&scene, 3, "/tmp/ok");
}

#[test]
fn a_failed_open_has_no_fd() {
    let mut scene = Scene::new();
    scene.open(100, -13, "/etc/shadow", 1);
    assert_eq!(scene.event_fd(), (-1, None, false));
}

#[test]
fn created_files_say_their_layer_in_flags_of_their_own() {
    let mut scene = Scene::new();
    scene.send_sparse(
        E::CreatX,
        100,
        &[(0, P::Int(3)), (1, P::Text(b"/x")), (3, P::Uint(1)), (4, P::Uint(2)), (5, P::Uint(2))],
    );
    let fd = scene.fd(100, 3).expect("it is there");
    assert!(fd.lower_layer && !fd.upper_layer);
    assert_eq!(fd.kind, FdKind::FileV2);
}

#[test]
fn the_last_of_two_new_fds_is_the_event_s() {
    let mut scene = Scene::new();
    let params = [P::Int(0), P::Int(3), P::Int(4), P::Uint(7), P::Uint(0)];
    scene.send(E::Pipe2X, 100, &params);
    assert_eq!(scene.event_fd(), (4, Some(String::new()), false));
    assert_eq!(scene.fd(100, 3).expect("it is there").kind, FdKind::Fifo);
    scene.send_sparse(
        E::SocketpairX,
        100,
        &[(0, P::Int(0)), (1, P::Int(5)), (2, P::Int(6)), (3, P::Uint(1)), (4, P::Uint(2))],
    );
    assert_eq!(scene.event_fd().0, 6);
    assert_eq!(scene.fd(100, 5).expect("it is there").kind, FdKind::UnixSocket);
}

#[test]
fn fds_of_files_in_memory_and_processes_have_names() {
    let mut scene = Scene::new();
    scene.send(E::MemfdCreateX, 100, &[P::Int(3), P::Text(b"payload"), P::Uint(0)]);
    check_name(&scene, 3, "payload");
    scene.send(E::PidfdOpenX, 100, &[P::Int(4), P::Int(50), P::Uint(0)]);
    check_name(&scene, 4, "/proc/50");
    scene.open(50, 9, "/var/secret", 1);
    scene.send(E::PidfdGetfdX, 100, &[P::Int(5), P::Int(4), P::Int(9), P::Uint(0)]);
    check_name(&scene, 5, "/var/secret");
    assert!(scene.fd(100, 5).expect("it is there").is_close_on_exec());
}

#[test]
fn a_failed_memfd_leaves_an_fd_of_no_kind() {
    let mut scene = Scene::new();
    scene.send(E::MemfdCreateX, 100, &[P::Int(-22), P::Text(b"payload"), P::Uint(0)]);
    assert_eq!(scene.event_fd(), (-22, Some(String::new()), false));
    let id = scene.host.current().fd.expect("the event has an fd");
    assert_eq!(scene.host.fd(id).expect("it is there").kind, FdKind::Uninitialized);
}

#[test]
fn duplicates_are_the_event_s_fd_and_not_closed_by_exec() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/a", 1 | open::CLOEXEC);
    scene.send(E::Dup2X, 100, &[P::Int(9), P::Int(3), P::Int(9)]);
    assert_eq!(scene.event_fd(), (9, Some("/a".into()), false));
    assert!(!scene.fd(100, 9).expect("it is there").is_close_on_exec());
    assert!(scene.fd(100, 3).expect("it is there").is_close_on_exec());
    let cloexec = P::Uint(u64::from(open::CLOEXEC));
    scene.send(E::Dup3X, 100, &[P::Int(10), P::Int(9), P::Int(10), cloexec]);
    assert!(scene.fd(100, 10).expect("it is there").is_close_on_exec());
    scene.send(E::FcntlX, 100, &[P::Int(11), P::Int(3), P::Uint(1), P::Uint(0)]);
    assert_eq!(scene.event_fd(), (11, Some("/a".into()), false));
    scene.send(E::Dup2X, 100, &[P::Int(-9), P::Int(3), P::Int(99)]);
    assert_eq!(scene.event_fd(), (3, Some("/a".into()), false));
}

#[test]
fn duplicates_of_the_ends_of_a_pipe_mark_the_thread() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/a", 1);
    scene.send(E::Dup2X, 100, &[P::Int(0), P::Int(3), P::Int(0)]);
    scene.send(E::Dup2X, 100, &[P::Int(1), P::Int(3), P::Int(1)]);
    let marks = flags::PIPE_DST | flags::PIPE_SRC;
    assert_eq!(scene.thread(100).flags & marks, marks);
}

#[test]
fn the_close_event_still_sees_the_fd() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/a", 1);
    scene.send(E::CloseX, 100, &[P::Int(0), P::Int(3)]);
    assert_eq!(scene.event_fd(), (3, Some("/a".into()), false));
    scene.pass();
    assert!(scene.fd(100, 3).is_none());
}

#[test]
fn a_failed_close_closes_nothing() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/a", 1);
    scene.send(E::CloseX, 100, &[P::Int(-9), P::Int(3)]);
    scene.pass();
    assert!(scene.fd(100, 3).is_some());
}

#[test]
fn a_range_is_closed_or_marked() {
    let mut scene = Scene::new();
    for number in 3..8 {
        scene.open(100, number, "/a", 1);
    }
    scene.fork(100, 200);
    let range = |first, last, flags| [P::Int(0), P::Uint(first), P::Uint(last), P::Uint(flags)];
    scene.send(E::CloseRangeX, 100, &range(4, 5, 0));
    scene.send(E::CloseRangeX, 100, &range(6, u64::from(u32::MAX), 4));
    let left: Vec<_> = (3..8).filter(|&number| scene.fd(100, number).is_some()).collect();
    assert_eq!(left, [3, 6, 7]);
    assert!(scene.fd(100, 7).expect("it is there").is_close_on_exec());
    assert!(!scene.fd(200, 7).expect("it is there").is_close_on_exec(), "the other process");
}

#[test]
fn too_many_fds_are_dropped_and_counted() {
    let mut scene = Scene::new();
    scene.host.config.max_fds = 2;
    for number in 3..8 {
        scene.open(100, number, "/a", 1);
    }
    assert_eq!(scene.host.counters().fds_dropped, 3);
    assert_eq!(scene.event_fd(), (7, None, false));
    scene.open(100, 3, "/b", 1);
    check_name(&scene, 3, "/b");
}

#[test]
fn ids_change_for_the_calling_thread_alone() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    scene.send(E::SetuidX, 101, &[P::Int(0), P::Uint(0)]);
    scene.send(E::SetresgidX, 101, &[P::Int(0), P::Uint(1), P::Uint(2), P::Uint(3)]);
    scene.send(E::SetsidX, 101, &[P::Int(9)]);
    assert_eq!((scene.thread(101).uid, scene.thread(101).gid, scene.thread(101).sid), (0, 2, 9));
    assert_eq!((scene.thread(100).uid, scene.thread(100).sid), (1000, 100));
    scene.send(E::SetuidX, 100, &[P::Int(-1), P::Uint(0)]);
    assert_eq!(scene.thread(100).uid, 1000);
    scene.send(E::SetreuidX, 100, &[P::Int(0), P::Uint(0), P::Uint(u64::from(u32::MAX))]);
    assert_eq!(scene.thread(100).uid, u32::MAX, "an unchanged id is stored as it is");
}

#[test]
fn a_new_process_group_is_not_noticed() {
    let mut scene = Scene::new();
    scene.send(E::SetpgidX, 100, &[P::Int(0), P::Int(0), P::Int(7)]);
    assert_eq!((scene.thread(100).vpgid, scene.thread(100).pgid), (100, 100));
}

#[test]
fn a_new_name_is_not_noticed() {
    let mut scene = Scene::new();
    scene.send(E::PrctlX, 100, &[P::Int(0), P::Uint(15), P::Text(b"evil"), P::Int(0)]);
    assert_eq!(lossy(&scene.thread(100).comm), "bash");
}

#[test]
fn a_new_user_namespace_gives_every_capability() {
    let mut scene = Scene::new();
    scene.send(E::CapsetX, 100, &[P::Int(0), P::Uint(1), P::Uint(2), P::Uint(3)]);
    let caps = |scene: &Scene| {
        let thread = scene.thread(100);
        [thread.cap_inheritable, thread.cap_permitted, thread.cap_effective]
    };
    assert_eq!(caps(&scene), [1, 2, 3]);
    scene.send(E::UnshareX, 100, &[P::Int(0), P::Uint(u64::from(flags::CLONE_NEWPID))]);
    assert_eq!(caps(&scene), [1, 2, 3]);
    scene.send(E::UnshareX, 100, &[P::Int(0), P::Uint(u64::from(flags::CLONE_NEWUSER))]);
    assert_eq!(caps(&scene), [(1 << 41) - 1; 3]);
}

#[test]
fn limits_belong_to_the_process() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    scene.send(E::SetrlimitX, 101, &[P::Int(0), P::Int(64), P::Int(64), P::Uint(7)]);
    let id = scene.host.find_thread(101).expect("the thread is there");
    assert_eq!(scene.host.fd_limit(id), 64);
    scene.send_sparse(
        E::PrlimitX,
        50,
        &[(0, P::Int(0)), (1, P::Int(32)), (5, P::Int(101)), (6, P::Uint(7))],
    );
    assert_eq!(scene.host.fd_limit(id), 32);
}

#[test]
fn a_created_file_without_device_has_no_layer() {
    let mut scene = Scene::new();
    scene.send_sparse(E::CreatX, 100, &[(0, P::Int(3)), (1, P::Text(b"/x")), (5, P::Uint(1))]);
    let fd = scene.fd(100, 3).expect("it is there");
    assert!(!fd.upper_layer && !fd.lower_layer);
}

#[test]
fn an_event_about_no_fd_has_none_of_an_earlier_event() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/a", 1);
    assert!(scene.host.current().event_fd.is_some());
    scene.send(E::OpenE, 100, &[P::Text(b"/b"), P::Uint(1), P::Uint(0)]);
    scene.send(E::GetuidX, 100, &[P::Uint(0)]);
    assert!(scene.host.current().event_fd.is_none());
}
