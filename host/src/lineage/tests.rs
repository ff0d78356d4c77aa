//! What becomes of threads, groups and children.

use crate::{
    flags::thread as flags,
    scene::{Clone, E, P, Scene, listed, lossy},
    thread::Thread,
};

#[track_caller]
fn check_names(scene: &Scene, tid: i64, expected: &[&str]) {
    let id = scene.host.find_thread(tid).expect("the thread is there");
    let names: Vec<_> = scene
        .host
        .ancestors(id)
        .filter_map(|id| scene.host.thread(id))
        .map(|thread| lossy(&thread.comm))
        .collect();
    assert_eq!(names, expected);
}

#[track_caller]
fn check_leader(scene: &Scene, tid: i64, get: fn(&Thread) -> i64, expected: Option<i64>) {
    let id = scene.host.find_thread(tid).expect("the thread is there");
    let leader = scene.host.oldest_with(id, get, true).and_then(|id| scene.host.thread(id));
    assert_eq!(leader.map(|thread| thread.tid), expected);
}

#[test]
fn ancestors_go_up_to_init() {
    let mut scene = Scene::new();
    scene.pass();
    check_names(&scene, 100, &["sshd", "systemd"]);
}

#[test]
fn a_loop_of_parents_ends() {
    let mut scene = Scene::empty();
    scene.list(listed(10, 10, 20));
    scene.list(listed(20, 20, 10));
    scene.list(listed(30, 30, 30));
    scene.pass();
    let ancestors = |tid| {
        let id = scene.host.find_thread(tid).expect("the thread is there");
        scene.host.ancestors(id).count()
    };
    assert!(ancestors(10) < 4);
    assert!(ancestors(30) < 4);
}

#[test]
fn an_unknown_parent_is_zero() {
    let mut scene = Scene::new();
    scene.list(listed(70, 70, 4242));
    scene.pass();
    assert_eq!(scene.thread(70).ptid, 0);
}

#[test]
fn the_reaper_that_the_kernel_names_adopts() {
    let mut scene = Scene::new();
    scene.fork(100, 200);
    scene.fork(200, 300);
    scene.exit(200, 50);
    assert_eq!(scene.thread(300).ptid, 200, "the exit itself still sees the parent");
    scene.pass();
    assert!(!scene.has(200));
    assert_eq!(scene.thread(300).ptid, 50);
}

#[test]
fn init_adopts_when_the_kernel_names_nobody() {
    let mut scene = Scene::new();
    scene.fork(100, 200);
    scene.fork(200, 300);
    scene.exit(200, 0);
    scene.pass();
    assert_eq!(scene.thread(300).ptid, 1);
}

#[test]
fn a_sub_reaper_adopts() {
    let mut scene = Scene::new();
    scene.send(E::PrctlX, 50, &[P::Int(0), P::Uint(36), P::Text(b""), P::Int(1)]);
    scene.fork(100, 200);
    scene.fork(200, 300);
    scene.exit(200, -1);
    scene.pass();
    assert_eq!(scene.thread(300).ptid, 50);
}

#[test]
fn another_thread_of_the_group_adopts_first() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    scene.fork(100, 200);
    scene.exit(100, 0);
    scene.pass();
    assert_eq!(scene.thread(200).ptid, 101);
    assert!(scene.has(100), "a main thread stays as long as its group lives");
    assert!(scene.thread(100).is_dead());
    scene.exit(101, 0);
    scene.pass();
    assert!(!scene.has(100) && !scene.has(101));
    assert_eq!(scene.thread(200).ptid, 1);
}

#[test]
fn nobody_adopts_across_pid_namespaces() {
    let mut scene = Scene::new();
    let inside = |tid, ptid, vid| Clone {
        result: 0,
        ids: (tid, ptid),
        virtual_ids: (vid, vid),
        flags: flags::CHILD_IN_PIDNS,
    };
    scene.clone_event(E::CloneV20X, 200, &inside(200, 100, 7));
    scene.clone_event(E::CloneV20X, 300, &inside(300, 200, 8));
    scene.exit(200, -1);
    scene.pass();
    assert_eq!(scene.thread(300).ptid, 0);
}

#[test]
fn live_threads_count_down_with_the_exit_event() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    let main = scene.host.find_thread(100).expect("the thread is there");
    assert_eq!((scene.host.live_threads(main), scene.host.other_live_threads(main)), (2, 1));
    scene.exit(101, 0);
    assert_eq!((scene.host.live_threads(main), scene.host.other_live_threads(main)), (1, 0));
}

#[test]
fn leaders_are_found_by_id_on_the_host() {
    let mut scene = Scene::new();
    scene.pass();
    check_leader(&scene, 100, |thread| thread.sid, Some(100));
    check_leader(&scene, 100, |_| -1, None);
}

#[test]
fn leaders_in_a_container_are_found_among_ancestors() {
    let mut scene = Scene::new();
    let inside = |tid, ptid, vid| Clone {
        result: 0,
        ids: (tid, ptid),
        virtual_ids: (vid, vid),
        flags: flags::CHILD_IN_PIDNS,
    };
    scene.clone_event(E::CloneV20X, 200, &inside(200, 100, 1));
    scene.exec(200, 200, &[(17, P::Int(1)), (28, P::Int(200))]);
    check_leader(&scene, 200, |thread| thread.vpgid, None);
    scene.clone_event(E::CloneV20X, 300, &inside(300, 200, 8));
    check_leader(&scene, 300, |thread| thread.vpgid, Some(200));
}

#[test]
fn a_full_table_drops_and_counts() {
    let mut scene = Scene::empty();
    scene.host.config.max_threads = 2;
    for tid in 1..=5 {
        scene.list(listed(tid, tid, 1));
    }
    assert_eq!(scene.host.threads().count(), 2);
    assert_eq!(scene.host.counters().threads_dropped, 3);
    scene.send(E::GetuidX, 9, &[P::Uint(0)]);
    assert_eq!(scene.host.current().thread, None);
}

#[test]
fn slots_are_reused() {
    let mut scene = Scene::new();
    for _ in 0..100 {
        scene.fork(100, 200);
        scene.exit(200, 0);
        scene.pass();
        scene.time_ns += 3_000_000_000;
    }
    let slots = scene.host.find_thread(100).expect("the thread is there").0;
    scene.fork(100, 200);
    let fresh = scene.host.find_thread(200).expect("the thread is there").0;
    assert!(fresh <= slots + 2, "{fresh} after {slots}");
}
