//! What is asked of a platform, when, and what becomes of the answers.

use std::sync::{Arc, Mutex};

use event::capture::{FdDetail, FdEntry, GroupEntry, Record, UserEntry};

use super::*;
use crate::{
    FdScope, HostConfig,
    scene::{E, P, Scene, listed, lossy},
};

const SECOND: u64 = 1_000_000_000;
const CONTAINER: &[u8] =
    b"cpuset=/docker/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\0";

/// What was asked, and what there is.
#[derive(Debug, Default)]
struct Machine {
    asked: Vec<String>,
    alive: Vec<i64>,
}

/// Threads 200 (main) and 201 (its thread), and 300 in a container; each with an fd 7.
#[derive(Debug)]
struct Fake(Arc<Mutex<Machine>>);

impl Fake {
    fn asked(&self, what: String) {
        self.0.lock().unwrap().asked.push(what);
    }
}

fn passed(tid: i64, fd: i64, name: &'static [u8]) -> FdEntry<'static> {
    FdEntry { tid, fd, ino: 1, kind: 2, detail: FdDetail::Named(name) }
}

impl Platform for Fake {
    fn everything(&mut self, found: &mut dyn FnMut(&Record<'_>)) {
        self.asked("everything".to_owned());
        found(&Record::Section);
        for thread in [listed(1, 1, 0), listed(50, 50, 1), listed(300, 300, 50)] {
            found(&Record::Thread(event::capture::ThreadEntry { uid: 0, gid: 0, ..thread }));
        }
        found(&Record::Fd(passed(300, 7, b"/srv")));
    }

    fn thread(&mut self, tid: i64, fds: FdScope, found: &mut dyn FnMut(&Record<'_>)) {
        self.asked(format!("thread {tid} {fds:?}"));
        match tid {
            200 => found(&Record::Thread(listed(200, 200, 100))),
            201 => {
                let flags = crate::flags::thread::CLONE_FILES;
                let thread = listed(201, 200, 100);
                found(&Record::Thread(event::capture::ThreadEntry { flags, ..thread }));
            }
            300 => {
                let thread = listed(300, 300, 1);
                found(&Record::Thread(event::capture::ThreadEntry {
                    cgroups: CONTAINER,
                    ..thread
                }));
            }
            _ => return,
        }
        if tid != 201 {
            found(&Record::Fd(passed(tid, 7, b"/srv")));
        }
    }

    fn fd(&mut self, pid: i64, fd: i64, _: FdScope, found: &mut dyn FnMut(&Record<'_>)) {
        self.asked(format!("fd {pid} {fd}"));
        if fd < 20 {
            found(&Record::Fd(passed(pid, fd, b"/passed")));
        }
    }

    fn is_alive(&mut self, _: i64, tid: i64, _: u64) -> bool {
        self.asked(format!("alive {tid}"));
        self.0.lock().unwrap().alive.contains(&tid)
    }

    fn clock_was_set(&mut self, step_ns: i64) {
        self.asked(format!("clock {}", step_ns / SECOND.cast_signed()));
    }

    fn accounts(&mut self, found: &mut dyn FnMut(&Record<'_>)) {
        self.asked("accounts".to_owned());
        let (name, home, shell) = (&b"new"[..], &b"/"[..], &b"sh"[..]);
        found(&Record::User(UserEntry { uid: 1000, gid: 1000, name, home, shell }));
        found(&Record::Group(GroupEntry { gid: 1000, name }));
    }

    fn container_accounts(&mut self, pid: i64, found: &mut dyn FnMut(&Record<'_>)) {
        self.asked(format!("accounts of {pid}"));
        let (name, home, shell) = (&b"inside"[..], &b"/"[..], &b"sh"[..]);
        found(&Record::User(UserEntry { uid: 1000, gid: 1000, name, home, shell }));
        found(&Record::Group(GroupEntry { gid: 1000, name }));
    }
}

fn scene() -> (Scene, Arc<Mutex<Machine>>) {
    scene_with(LiveConfig::default())
}

fn scene_with(live: LiveConfig) -> (Scene, Arc<Mutex<Machine>>) {
    let machine = Arc::new(Mutex::new(Machine::default()));
    let mut scene = Scene::empty();
    scene.host = Host::new(&HostConfig { live, ..HostConfig::default() });
    scene.host.set_platform(Box::new(Fake(Arc::clone(&machine))));
    for thread in [listed(1, 1, 0), listed(50, 50, 1), listed(100, 100, 50)] {
        scene.list(event::capture::ThreadEntry { uid: 0, gid: 0, ..thread });
    }
    scene.pass();
    machine.lock().unwrap().asked.clear();
    (scene, machine)
}

/// What was asked since the last time.
fn asked(machine: &Mutex<Machine>) -> String {
    std::mem::take(&mut machine.lock().unwrap().asked).join(", ")
}

fn event_of(scene: &mut Scene, tid: i64) {
    scene.send(E::GetuidX, tid, &[P::Uint(0)]);
}

#[test]
fn an_unknown_thread_is_looked_up_once() {
    let (mut scene, machine) = scene();
    event_of(&mut scene, 200);
    event_of(&mut scene, 200);
    assert_eq!(asked(&machine), "thread 200 All, accounts");
    assert_eq!(lossy(&scene.thread(200).comm), "bash");
    assert_eq!(scene.fd(200, 7).map(|fd| lossy(&fd.name)), Some("/srv".to_owned()));
    let id = scene.host.find_thread(200).unwrap();
    let parent = scene.host.ancestor(id, 1).and_then(|it| scene.host.thread(it));
    assert_eq!(parent.map(|it| it.tid), Some(100));
}

#[test]
fn the_process_of_an_unknown_thread_is_looked_up_too() {
    let (mut scene, machine) = scene();
    event_of(&mut scene, 201);
    assert!(asked(&machine).starts_with("thread 201 All, "));
    assert!(scene.has(200));
    assert_eq!(scene.cwd(201), "/root/");
    assert_eq!(scene.fd(201, 7).map(|fd| lossy(&fd.name)), Some("/srv".to_owned()));
}

#[test]
fn a_thread_that_is_not_there_is_asked_for_once() {
    let (mut scene, machine) = scene();
    event_of(&mut scene, 999);
    event_of(&mut scene, 999);
    assert_eq!(asked(&machine), "thread 999 All");
    assert_eq!(lossy(&scene.thread(999).comm), "<NA>");
    let counters = scene.host.counters();
    assert_eq!((counters.thread_lookups, counters.thread_lookups_failed), (1, 1));
}

#[test]
fn questions_of_a_period_are_limited() {
    let config = LiveConfig { max_lookups: 2, max_socket_lookups: 1, ..LiveConfig::default() };
    let (mut scene, machine) = scene_with(config);
    for tid in 901..905 {
        event_of(&mut scene, tid);
    }
    assert_eq!(asked(&machine), "thread 901 All, thread 902 NoSockets");
    assert_eq!(scene.host.counters().lookups_refused, 2);
    scene.time_ns += SECOND;
    event_of(&mut scene, 905);
    assert_eq!(asked(&machine), "thread 905 All");
}

#[test]
fn a_thread_in_a_container_brings_its_users() {
    let (mut scene, machine) = scene();
    event_of(&mut scene, 300);
    assert_eq!(asked(&machine), "thread 300 All, accounts of 300");
    let container = scene.thread(300).container;
    assert_ne!(container, ContainerId::HOST);
    let user =
        |scene: &Scene| scene.host.users().user(container, 1000).map(|user| lossy(&user.name));
    assert_eq!(user(&scene), Some("inside".to_owned()));

    scene.host.take_deserted_containers(9);
    assert_eq!(user(&scene), Some("inside".to_owned()), "its thread is there");
    scene.exit(300, 1);
    event_of(&mut scene, 100);
    scene.host.take_deserted_containers(9);
    assert_eq!(user(&scene), None, "nobody is there");
}

#[test]
fn a_relative_path_from_an_unknown_directory_brings_the_directory() {
    let (mut scene, machine) = scene();
    let open = |number: i64, path: &'static [u8]| {
        [P::Int(3), P::Int(number), P::Text(path), P::Uint(1), P::Uint(0), P::Uint(8), P::Uint(9)]
    };
    scene.send(E::OpenatV2X, 100, &open(12, b"file"));
    assert_eq!(asked(&machine), "fd 100 12");
    assert_eq!(scene.fd(100, 3).map(|fd| lossy(&fd.name)), Some("/passed/file".to_owned()));
    scene.send(E::OpenatV2X, 100, &open(12, b"file"));
    scene.send(E::OpenatV2X, 100, &open(13, b"/file"));
    scene.send(E::OpenatV2X, 100, &open(AT_FDCWD, b"file"));
    assert_eq!(asked(&machine), "");
}

#[test]
fn threads_that_went_unseen_are_removed() {
    let (mut scene, machine) = scene();
    event_of(&mut scene, 999);
    asked(&machine);
    machine.lock().unwrap().alive = vec![1, 50];
    scene.time_ns += 400 * SECOND;
    event_of(&mut scene, 50);
    event_of(&mut scene, 50);
    assert!(asked(&machine).contains("alive 100"));
    assert_eq!([1, 50, 100, 999].map(|tid| scene.has(tid)), [true, true, false, false]);
    assert_eq!(scene.host.counters().threads_purged, 2);
    // Not again before the next interval.
    scene.time_ns += 100 * SECOND;
    event_of(&mut scene, 50);
    assert_eq!(asked(&machine), "");
}

#[test]
fn recent_threads_are_not_asked_for() {
    let (mut scene, machine) = scene();
    scene.time_ns += 301 * SECOND;
    for tid in [1, 50, 100] {
        scene.time_ns += 1;
        event_of(&mut scene, tid);
    }
    asked(&machine);
    machine.lock().unwrap().alive.clear();
    scene.time_ns += 299 * SECOND;
    event_of(&mut scene, 50);
    assert_eq!(asked(&machine), "");
}

#[test]
fn a_capture_asks_nobody() {
    let mut scene = Scene::new();
    event_of(&mut scene, 200);
    assert_eq!(lossy(&scene.thread(200).comm), "<NA>");
    scene.time_ns += 1000 * SECOND;
    event_of(&mut scene, 200);
    assert!(scene.has(200) && scene.has(100));
    assert_eq!(scene.host.counters().thread_lookups, 0);
}

#[test]
fn after_a_loss_everything_is_read_anew() {
    let (mut scene, machine) = scene();
    event_of(&mut scene, 100);
    let number = scene.host.current().number;
    asked(&machine);
    scene.host.read_anew();
    assert_eq!(asked(&machine), "everything");
    assert_eq!([1, 50, 100, 300].map(|tid| scene.has(tid)), [true, true, false, true]);
    assert_eq!(scene.fd(300, 7).map(|fd| lossy(&fd.name)), Some("/srv".to_owned()));
    event_of(&mut scene, 300);
    assert_eq!(asked(&machine), "", "it is known");
    assert_eq!(scene.host.current().number, number + 1);
    let id = scene.host.find_thread(300).unwrap();
    let parent = scene.host.ancestor(id, 1).and_then(|it| scene.host.thread(it));
    assert_eq!(parent.map(|it| it.tid), Some(50));
}

/// The clock is set by `seconds`: what is done after a while is done after the same while.
#[track_caller]
fn check_step(seconds: i64) {
    let (mut scene, machine) = scene();
    machine.lock().unwrap().alive = vec![1, 50];
    for tid in [1, 50, 100] {
        event_of(&mut scene, tid);
    }
    asked(&machine);
    let step_ns = seconds * SECOND.cast_signed();
    scene.time_ns = scene.time_ns.saturating_add_signed(step_ns);
    scene.host.follow_clock(step_ns);
    assert_eq!(asked(&machine), format!("clock {seconds}"));
    scene.time_ns += 60 * SECOND;
    event_of(&mut scene, 50);
    assert_eq!(asked(&machine), "", "it is not time yet, set by {seconds}");
    scene.time_ns += 340 * SECOND;
    event_of(&mut scene, 50);
    event_of(&mut scene, 50);
    assert!(asked(&machine).contains("alive 100"), "it is time, set by {seconds}");
    assert!(scene.has(50) && !scene.has(100));
}

#[test]
fn a_clock_that_is_set_changes_nothing_else() {
    check_step(-500);
    check_step(86_400);
}
