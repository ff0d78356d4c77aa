//! What a new program changes.

use event::capture::ThreadEntry;

use crate::{
    container::ContainerId,
    flags::{open, thread as flags},
    scene::{E, P, Scene, listed, lossy},
};

#[test]
fn the_program_and_its_surroundings_change() {
    let mut scene = Scene::new();
    scene.fork(100, 200);
    scene.exec(200, 200, &[(16, P::Uint(34816)), (17, P::Int(200)), (19, P::Uint(0b1111))]);
    let thread = scene.thread(200);
    assert_eq!(lossy(&thread.comm), "ls");
    assert_eq!(lossy(&thread.cmdline), "ls -l");
    assert_eq!(lossy(&thread.exepath), "/bin/ls");
    assert_eq!(lossy(&thread.env), "B=2");
    assert_eq!((thread.tty, thread.vpgid, thread.fdlimit), (34816, 200, 512));
    assert!(thread.exe_writable && thread.exe_upper_layer);
    assert!(thread.exe_from_memfd && thread.exe_lower_layer);
    assert_eq!(thread.ptid, 100, "the parent stays");
    assert_eq!(thread.pgid, -1, "without the parameter");
    assert_eq!(thread.sid, 100);
    assert_eq!(thread.loginuid, 1000);
    assert_eq!(scene.cwd(200), "/root/");
}

#[test]
fn a_failed_exec_changes_nothing() {
    let mut scene = Scene::new();
    scene.send_sparse(
        E::ExecveV19X,
        100,
        &[(0, P::Int(-2)), (1, P::Text(b"nope")), (13, P::Text(b"nope"))],
    );
    assert_eq!(lossy(&scene.thread(100).comm), "bash");
}

#[test]
fn one_mark_of_a_deleted_file_is_dropped() {
    let mut scene = Scene::new();
    scene.exec(100, 100, &[(27, P::Text(b"/tmp/x (deleted) (deleted)"))]);
    assert_eq!(lossy(&scene.thread(100).exepath), "/tmp/x (deleted)");
}

#[test]
fn fds_marked_for_it_are_closed() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/a", 1);
    scene.open(100, 4, "/b", 1 | open::CLOEXEC);
    scene.send(E::MemfdCreateX, 100, &[P::Int(5), P::Text(b"m"), P::Uint(1)]);
    scene.send(E::FcntlX, 100, &[P::Int(0), P::Int(3), P::Uint(3), P::Uint(1)]);
    scene.open(100, 6, "/c", 1);
    scene.exec(100, 100, &[]);
    let open: Vec<_> = (3..=6).filter(|&number| scene.fd(100, number).is_some()).collect();
    assert_eq!(open, [6]);
}

#[test]
fn the_other_threads_end() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    scene.start_thread(100, 102);
    scene.exec(100, 100, &[]);
    assert!(!scene.has(101) && !scene.has(102));
    let main = scene.host.find_thread(100).expect("the thread is there");
    assert_eq!(scene.host.live_threads(main), 1);
}

#[test]
fn a_dead_main_thread_lives_again() {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    scene.exit(100, 0);
    scene.pass();
    scene.exec(100, 100, &[]);
    assert!(!scene.thread(100).is_dead());
    assert!(!scene.has(101));
}

#[test]
fn it_clears_the_namespace_flag_but_not_the_ids() {
    let mut scene = Scene::new();
    let clone = crate::scene::Clone {
        result: 0,
        ids: (200, 100),
        virtual_ids: (7, 7),
        flags: flags::CHILD_IN_PIDNS,
    };
    scene.clone_event(E::CloneV20X, 200, &clone);
    scene.exec(200, 200, &[]);
    let thread = scene.thread(200);
    assert_eq!(thread.flags & flags::CHILD_IN_PIDNS, 0);
    assert_ne!(thread.flags & flags::CLONE_INVERTED, 0);
    assert!(thread.is_in_pid_namespace());
}

#[test]
fn an_unknown_thread_is_introduced_by_it() {
    let mut scene = Scene::new();
    scene.exec(700, 700, &[]);
    let thread = scene.thread(700);
    assert_eq!((thread.pid, thread.ptid, thread.vpid), (700, 1, 700));
    let id = scene.host.find_thread(700).expect("the thread is there");
    assert_eq!(scene.host.live_threads(id), 1);
}

#[test]
fn times_of_the_executable_are_compared_with_the_clone() {
    let mut scene = Scene::new();
    scene.fork(100, 200);
    let cloned_ns = scene.thread(200).clone_time_ns;
    scene.exec(200, 200, &[(23, P::Uint(55)), (24, P::Uint(cloned_ns - 5)), (25, P::Uint(9))]);
    let thread = scene.thread(200);
    assert_eq!((thread.exe_ino, thread.exe_ino_mtime_ns), (55, 9));
    assert_eq!(thread.ctime_duration_clone_ns, 5);
}

#[test]
fn old_captures_take_the_path_from_the_enter_event() {
    let mut scene = Scene::new();
    scene.send(E::ExecveV19E, 100, &[P::Text(b"bin/../ls")]);
    scene.exec(100, 100, &[(27, P::Empty)]);
    assert_eq!(lossy(&scene.thread(100).exepath), "/root/ls");
    scene.open(100, 3, "/opt/dir", open::DIRECTORY);
    scene.send(E::ExecveatE, 100, &[P::Int(3), P::Text(b"prog"), P::Uint(0)]);
    scene.exec(100, 100, &[(27, P::Empty)]);
    assert_eq!(lossy(&scene.thread(100).exepath), "/opt/dir/prog");
    scene.send(E::ExecveatE, 100, &[P::Int(99), P::Text(b"prog"), P::Uint(0)]);
    scene.exec(100, 100, &[(27, P::Empty)]);
    assert_eq!(lossy(&scene.thread(100).exepath), "<NA>");
    scene.exec(100, 100, &[(27, P::Empty)]);
    assert_eq!(lossy(&scene.thread(100).exepath), "<NA>", "without an enter event it stays");
}

#[test]
fn a_name_that_the_kernel_does_not_tell_is_not_available() {
    let mut scene = Scene::new();
    scene.exec(100, 100, &[(13, P::Text(b"(NULL)"))]);
    assert_eq!(lossy(&scene.thread(100).comm), "<NA>");
}

#[test]
fn root_is_known_once_a_process_left_its_container() {
    let cgroup = format!("cpuset=/docker/{}", "a".repeat(64));
    let mut scene = Scene::empty();
    scene.list(listed(1, 1, 0));
    scene.list(ThreadEntry { uid: 0, gid: 0, cgroups: cgroup.as_bytes(), ..listed(100, 100, 1) });
    scene.pass();
    assert_ne!(scene.thread(100).container, ContainerId::HOST);
    scene.send_sparse(E::UserDeletedE, -1, &[(0, P::Uint(0)), (5, P::Text(b""))]);
    scene.send_sparse(E::GroupDeletedE, -1, &[(0, P::Uint(0)), (2, P::Text(b""))]);
    assert!(scene.host.users().user(ContainerId::HOST, 0).is_none());
    scene.exec(100, 100, &[(14, P::List(&[b"cpuset=/"])), (26, P::Uint(0))]);
    assert_eq!(scene.thread(100).container, ContainerId::HOST);
    assert!(scene.host.users().user(ContainerId::HOST, 0).is_some());
    assert!(scene.host.users().group(ContainerId::HOST, 0).is_some());
}
