//! Exits.

use crate::scene::{Scene, lossy};

#[test]
fn the_exit_event_still_sees_the_thread() {
    let mut scene = Scene::new();
    scene.fork(100, 200);
    scene.exit(200, 0);
    let id = scene.host.current().thread.expect("the event has its thread");
    let thread = scene.host.thread(id).expect("it is there");
    assert_eq!(lossy(&thread.comm), "bash");
    assert_eq!(scene.host.live_threads(id), 0);
    scene.pass();
    assert!(!scene.has(200));
}

#[test]
fn the_exit_of_an_unknown_thread_makes_no_placeholder() {
    let mut scene = Scene::new();
    scene.exit(700, 0);
    assert_eq!(scene.host.current().thread, None);
    assert!(!scene.has(700));
}
