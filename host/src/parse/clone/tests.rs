//! Both sides of a clone, in either order.

use crate::{
    flags::thread as flags,
    scene::{Clone, E, P, Scene, lossy},
};

#[test]
fn the_caller_alone_makes_a_child() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/etc/passwd", 1);
    let clone = Clone { result: 200, ids: (100, 50), ..Clone::of(100) };
    scene.clone_event(E::CloneV20X, 100, &clone);
    let child = scene.thread(200);
    assert_eq!((child.pid, child.ptid, child.vtid, child.vpid), (200, 100, 200, 200));
    assert_eq!(lossy(&child.cmdline), "bash --login");
    assert_eq!(lossy(&child.exepath), "/bin/bash");
    assert_eq!(lossy(&child.env), "A=1");
    assert_eq!((child.sid, child.vpgid, child.pgid), (100, 100, 100));
    assert_eq!(child.clone_time_ns, scene.time_ns);
    assert_eq!(scene.cwd(200), "/root/");
    assert_eq!(lossy(&scene.fd(200, 3).expect("fds are copied").name), "/etc/passwd");
}

#[test]
fn a_child_that_the_caller_made_is_left_alone() {
    let mut scene = Scene::new();
    let clone = Clone { result: 200, ids: (100, 50), ..Clone::of(100) };
    scene.clone_event(E::CloneV20X, 100, &clone);
    let made_ns = scene.time_ns;
    scene.clone_event(E::CloneV20X, 200, &Clone { ids: (200, 100), ..Clone::of(200) });
    assert_eq!(scene.thread(200).clone_time_ns, made_ns);
}

#[test]
fn a_child_that_came_first_is_left_alone() {
    let mut scene = Scene::new();
    scene.clone_event(E::CloneV20X, 200, &Clone { ids: (200, 100), ..Clone::of(200) });
    let made_ns = scene.time_ns;
    assert_ne!(scene.thread(200).flags & flags::CLONE_INVERTED, 0);
    let clone = Clone { result: 200, ids: (100, 50), ..Clone::of(100) };
    scene.clone_event(E::CloneV20X, 100, &clone);
    assert_eq!(scene.thread(200).clone_time_ns, made_ns);
}

#[test]
fn a_stale_thread_is_replaced() {
    let mut scene = Scene::new();
    scene.fork(100, 200);
    scene.time_ns += 3_000_000_000;
    scene.clone_event(E::CloneV20X, 200, &Clone { ids: (200, 50), ..Clone::of(200) });
    assert_eq!(scene.thread(200).ptid, 50);
    assert_eq!(scene.thread(200).clone_time_ns, scene.time_ns);
}

#[test]
fn children_in_containers_come_only_of_their_own_event() {
    let mut scene = Scene::new();
    for flags in [flags::CHILD_IN_PIDNS, flags::CLONE_NEWPID, flags::CLONE_PARENT] {
        let clone = Clone { result: 7, ids: (100, 50), flags, ..Clone::of(100) };
        scene.clone_event(E::CloneV20X, 100, &clone);
        assert!(!scene.has(7));
    }
    let clone =
        Clone { result: 0, ids: (200, 100), virtual_ids: (7, 7), flags: flags::CHILD_IN_PIDNS };
    scene.clone_event(E::CloneV20X, 200, &clone);
    assert_eq!((scene.thread(200).vtid, scene.thread(200).vpid), (7, 7));
    assert_eq!(scene.thread(200).pidns_init_start_time_ns, 77, "the raw monotonic value");
    scene.clone_event(E::CloneV20X, 200, &Clone { result: 8, ids: (200, 100), ..Clone::of(200) });
    assert!(!scene.has(8), "the caller's tid differs from its vtid");
}

#[test]
fn children_of_vfork_come_only_of_their_own_event() {
    let mut scene = Scene::new();
    let clone =
        |kind, flags| (kind, Clone { result: 200, ids: (100, 50), flags, ..Clone::of(100) });
    for (kind, clone) in [clone(E::VforkV20X, 0), clone(E::CloneV20X, flags::CLONE_VFORK)] {
        scene.clone_event(kind, 100, &clone);
        assert!(!scene.has(200));
    }
    scene.clone_event(E::VforkV20X, 200, &Clone { ids: (200, 100), ..Clone::of(200) });
    assert_eq!(scene.thread(200).ptid, 100);
}

#[test]
fn a_child_that_has_exited_does_not_come_back() {
    let mut scene = Scene::new();
    scene.clone_event(E::CloneV20X, 200, &Clone { ids: (200, 100), ..Clone::of(200) });
    scene.exit(200, 0);
    let clone = Clone { result: 200, ids: (100, 50), ..Clone::of(100) };
    scene.clone_event(E::CloneV20X, 100, &clone);
    assert!(!scene.has(200));
    scene.time_ns += 2_000_000_000;
    scene.clone_event(E::CloneV20X, 100, &clone);
    assert!(scene.has(200), "after two seconds it is another one");
}

#[test]
fn threads_share_the_fds_of_their_process() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    assert_eq!((scene.thread(101).pid, scene.thread(101).ptid), (100, 50));
    scene.open(101, 5, "/tmp/x", 1);
    assert_eq!(lossy(&scene.fd(100, 5).expect("opened for the process").name), "/tmp/x");
    scene.open(100, 6, "/tmp/y", 1);
    assert!(scene.fd(101, 6).is_some());
}

#[test]
fn processes_have_their_own_fds_even_with_shared_tables() {
    let mut scene = Scene::new();
    scene.socket(100, 3, 2, 2);
    let flags = flags::CLONE_FILES;
    scene.clone_event(E::CloneV20X, 200, &Clone { ids: (200, 100), flags, ..Clone::of(200) });
    scene.send(E::CloseX, 200, &[P::Int(0), P::Int(3)]);
    scene.pass();
    assert!(scene.fd(200, 3).is_none());
    assert!(scene.fd(100, 3).is_some());
}

#[test]
fn a_change_of_a_copied_fd_stays_with_its_process() {
    let mut scene = Scene::new();
    scene.socket(100, 3, 2, 2);
    scene.fork(100, 200);
    let address = "10.0.0.5:5000".parse().expect("an address");
    scene.send(E::BindX, 200, &[P::Int(0), P::AddressV4(address), P::Int(3)]);
    assert_eq!(lossy(&scene.fd(200, 3).expect("it is there").name), "10.0.0.5:5000");
    assert_eq!(lossy(&scene.fd(100, 3).expect("it is there").name), "");
}

#[test]
fn an_unknown_caller_is_introduced_by_its_event() {
    let mut scene = Scene::new();
    let clone = Clone { result: 900, ids: (800, 100), ..Clone::of(800) };
    scene.clone_event(E::CloneV20X, 800, &clone);
    let caller = scene.thread(800);
    assert_eq!((caller.pid, caller.ptid), (800, 100));
    assert_eq!(lossy(&caller.cmdline), "bash --login");
    assert_eq!(scene.thread(900).ptid, 800);
    assert_eq!(scene.cwd(900), "/".trim_end_matches('/'), "nothing is known of the directory");
}

#[test]
fn an_unknown_main_thread_is_introduced_by_its_thread() {
    let mut scene = Scene::new();
    let flags = flags::CLONE_THREAD;
    scene.clone_event(E::Clone3X, 801, &Clone { ids: (800, 100), flags, ..Clone::of(801) });
    let main = scene.thread(800);
    assert_eq!((main.pid, main.ptid), (800, 100));
    assert_eq!(lossy(&main.comm), "bash");
    let id = scene.host.find_thread(801).expect("the thread is there");
    assert_eq!(scene.host.main_thread(id), scene.host.find_thread(800));
}

#[test]
fn a_failed_clone_changes_nothing() {
    let mut scene = Scene::new();
    let clone = Clone { result: -11, ids: (100, 50), ..Clone::of(100) };
    scene.clone_event(E::CloneV20X, 100, &clone);
    assert_eq!(scene.host.threads().count(), 3);
}

#[test]
fn nothing_is_known_of_a_placeholder() {
    let mut scene = Scene::new();
    scene.send(E::GetuidX, 700, &[P::Uint(0)]);
    let thread = scene.thread(700);
    assert!(thread.is_placeholder());
    assert_eq!((thread.pid, thread.ptid, thread.vpid, thread.vpgid), (-1, -1, -1, -1));
    assert_eq!((lossy(&thread.comm), lossy(&thread.exe)), ("<NA>".into(), "<NA>".into()));
    assert_eq!((thread.uid, thread.loginuid, thread.tty), (u32::MAX, u32::MAX, 0));
    assert_eq!(scene.cwd(700), "./");
}

#[test]
fn copies_stop_at_the_limit_of_all_fds_and_are_counted() {
    let mut scene = Scene::new();
    scene.host.config.max_all_fds = 5;
    for number in 0..3 {
        scene.open(100, number, "/etc/passwd", 1);
    }
    scene.fork(100, 200);
    let kept = (0..3).filter(|&number| scene.fd(200, number).is_some()).count();
    assert_eq!((kept, scene.host.counters().fds_dropped), (2, 1));
    scene.open(200, 9, "/etc/passwd", 1);
    assert!(scene.fd(200, 9).is_none());
    assert_eq!(scene.host.counters().fds_dropped, 2);
    scene.open(100, 2, "/etc/shadow", 1);
    assert_eq!(lossy(&scene.fd(100, 2).expect("a number in use stays usable").name), "/etc/shadow");
    scene.exit(200, 0);
    scene.pass();
    scene.open(100, 9, "/etc/passwd", 1);
    assert!(scene.fd(100, 9).is_some());
}
