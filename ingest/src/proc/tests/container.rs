//! Users of a process with a root of its own, which may hold anything.

use std::{fs, os::unix::fs::symlink, path::Path};

use event::capture::Record;

use super::super::{accounts, reader::open_dir};

/// What is found below a root directory that `fill` has made.
#[track_caller]
fn check(fill: impl FnOnce(&Path), expected: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root");
    fs::create_dir_all(root.join("etc")).unwrap();
    fill(&root);
    let mut found = Vec::new();
    let opened = open_dir(rustix::fs::CWD, dir.path().to_str().unwrap().as_bytes()).unwrap();
    accounts::read_container(opened, &mut |record| match record {
        Record::User(it) => found.push(format!("{} {}", it.uid, String::from_utf8_lossy(it.name))),
        Record::Group(it) => {
            found.push(format!("g{} {}", it.gid, String::from_utf8_lossy(it.name)));
        }
        _ => {}
    });
    assert_eq!(found, expected);
}

#[test]
fn users_and_groups_are_read() {
    check(
        |root| {
            fs::write(root.join("etc/passwd"), "root:x:0:0::/:\napp:x:7:7::/:\n").unwrap();
            fs::write(root.join("etc/group"), "app:x:7:\n").unwrap();
        },
        &["0 root", "7 app", "g7 app"],
    );
}

#[test]
fn links_stay_inside_the_root() {
    check(
        |root| {
            fs::write(root.join("real"), "app:x:7:7::/:\n").unwrap();
            symlink("/real", root.join("etc/passwd")).unwrap();
            // Not the host's, and not what is beside the root.
            fs::write(root.join("../group"), "host:x:1:\n").unwrap();
            symlink("../../group", root.join("etc/group")).unwrap();
        },
        &["7 app"],
    );
    check(|root| symlink("/etc/hostname", root.join("etc/passwd")).unwrap(), &[]);
    check(|root| symlink("/proc/self/root/etc/passwd", root.join("etc/passwd")).unwrap(), &[]);
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    check(
        |root| {
            let path = root.join("etc/passwd");
            let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
            assert!(made.success());
            fs::create_dir(root.join("etc/group")).unwrap();
        },
        &[],
    );
}

#[test]
fn huge_files_are_cut() {
    check(
        |root| {
            let mut text = "app:x:7:7::/:\n".to_owned();
            text.push_str(&"#\n".repeat(1 << 20));
            text.push_str("late:x:8:8::/:\n");
            fs::write(root.join("etc/passwd"), text).unwrap();
        },
        &["7 app"],
    );
}
