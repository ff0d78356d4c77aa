//! Files of an overlay file system: which layer they are in.

use std::fs;

use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
};

use super::check_in;
use crate::program::{Interface::Native, call};

#[test]
fn files_of_an_overlay_tell_their_layer() {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: mounting needs root");
        return;
    }
    if !fs::read_to_string("/proc/filesystems").unwrap().contains("overlay") {
        println!("skipped: this kernel has no overlay file system loaded");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    // The mounts of this thread and its children alone; they end with the thread.
    unshare(CloneFlags::CLONE_NEWNS).unwrap();
    let none = None::<&str>;
    mount(none, "/", none, MsFlags::MS_PRIVATE | MsFlags::MS_REC, none).unwrap();
    mount(Some("tmpfs"), directory.path(), Some("tmpfs"), MsFlags::empty(), none).unwrap();
    let [lower, upper, work, merged] =
        ["lower", "upper", "work", "merged"].map(|it| directory.path().join(it));
    for it in [&lower, &upper, &work, &merged] {
        fs::create_dir(it).unwrap();
    }
    fs::write(lower.join("below"), "").unwrap();
    let options = format!(
        "lowerdir={},upperdir={},workdir={}",
        lower.display(),
        upper.display(),
        work.display()
    );
    mount(Some("overlay"), &merged, Some("overlay"), MsFlags::empty(), Some(&*options)).unwrap();
    check_in(
        &merged,
        Native,
        &[
            (
                call!("openat", -100, "below", 0),
                "OpenatV2X fd=3 dirfd=-100 name=\"below\\x00\" flags=65537 mode=0 dev={dev} ino={ino:below}",
            ),
            (
                call!("openat", -100, "file", 0),
                "OpenatV2X fd=4 dirfd=-100 name=\"file\\x00\" flags=32769 mode=0 dev={dev} ino={ino:file}",
            ),
            (
                call!("creat", "new", 0o600),
                "CreatX fd=5 name=\"new\\x00\" mode=384 dev={dev} ino={ino:new} creat_flags=1",
            ),
        ],
    );
}
