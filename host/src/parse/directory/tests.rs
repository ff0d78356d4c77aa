//! Directories.

use crate::{
    flags::open,
    scene::{E, P, Scene, lossy},
};

#[track_caller]
fn check_chdir(tid: i64, path: &str, expected: &str) {
    let mut scene = Scene::new();
    scene.start_thread(100, 101);
    scene.send(E::ChdirX, tid, &[P::Int(0), P::Text(path.as_bytes())]);
    assert_eq!(scene.cwd(100), expected, "{path:?}");
    assert_eq!(scene.cwd(101), expected, "{path:?}");
}

#[test]
fn chdir_moves_the_process() {
    check_chdir(100, "/tmp", "/tmp/");
    check_chdir(100, "sub", "/root/sub/");
    check_chdir(100, "..", "/");
    check_chdir(100, "/", "/");
    check_chdir(101, "/tmp", "/tmp/");
}

#[test]
fn relative_chdir_of_a_secondary_thread_stays_relative() {
    check_chdir(101, "sub", "sub/");
}

#[test]
fn failed_calls_change_nothing() {
    let mut scene = Scene::new();
    scene.send(E::ChdirX, 100, &[P::Int(-2), P::Text(b"/tmp")]);
    scene.send(E::ChrootX, 100, &[P::Int(-1), P::Text(b"/jail")]);
    assert_eq!(scene.cwd(100), "/root/");
    assert_eq!(lossy(&scene.thread(100).root), "/");
}

#[test]
fn fchdir_goes_where_the_fd_is() {
    let mut scene = Scene::new();
    scene.open(100, 3, "/opt/dir", open::DIRECTORY);
    scene.send(E::FchdirX, 100, &[P::Int(0), P::Int(3)]);
    assert_eq!(scene.cwd(100), "/opt/dir/");
    scene.send(E::FchdirX, 100, &[P::Int(0), P::Int(99)]);
    assert_eq!(scene.cwd(100), "/opt/dir/");
}

#[test]
fn getcwd_tells_the_directory() {
    let mut scene = Scene::new();
    scene.send(E::GetcwdX, 100, &[P::Int(9), P::Text(b"/var/lib")]);
    assert_eq!(scene.cwd(100), "/var/lib/");
}

#[test]
fn chroot_is_absolute() {
    let mut scene = Scene::new();
    scene.send(E::ChrootX, 100, &[P::Int(0), P::Text(b"jail/../j2")]);
    assert_eq!(lossy(&scene.thread(100).root), "/root/j2");
    scene.send(E::ChrootX, 100, &[P::Int(0), P::Text(b"/a/../b")]);
    assert_eq!(lossy(&scene.thread(100).root), "/a/../b", "an absolute one as it is");
}
