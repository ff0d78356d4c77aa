//! Listed fds and users.

use std::net::Ipv4Addr;

use event::capture::{
    FdDetail, FdEntry, GroupEntry, InterfaceAddress, InterfaceEntry, Record, ThreadEntry, UserEntry,
};

use crate::{
    container::ContainerId,
    fd::{FdKind, Role},
    scene::{Scene, listed, lossy},
};

fn list_fd(scene: &mut Scene, fd: i64, kind: u8, detail: FdDetail<'_>) {
    scene.host.load(&Record::Fd(FdEntry { tid: 100, fd, ino: 5, kind, detail }));
}

#[track_caller]
fn check(scene: &Scene, number: i64, name: &str, kind: FdKind, role: Role) {
    let fd = scene.fd(100, number).expect("the fd is there");
    assert_eq!((lossy(&fd.name).as_str(), fd.kind, fd.role), (name, kind, role));
}

fn pair(source_port: u16, destination_port: u16) -> FdDetail<'static> {
    FdDetail::Ipv4 {
        source: Ipv4Addr::new(10, 0, 0, 5),
        source_port,
        destination: Ipv4Addr::new(10, 0, 0, 9),
        destination_port,
        l4proto: 2,
    }
}

#[test]
fn listed_sockets_know_their_side_once_events_begin() {
    let mut scene = Scene::new();
    list_fd(&mut scene, 3, 3, pair(80, 5555));
    list_fd(&mut scene, 4, 3, pair(5556, 443));
    let server = FdDetail::Ipv4Server { ip: Ipv4Addr::UNSPECIFIED, port: 80, l4proto: 2 };
    list_fd(&mut scene, 5, 5, server);
    scene.pass();
    check(&scene, 3, "10.0.0.9:5555->10.0.0.5:80", FdKind::Ipv4Socket, Role::Server);
    check(&scene, 4, "10.0.0.5:5556->10.0.0.9:443", FdKind::Ipv4Socket, Role::Client);
    check(&scene, 5, "0.0.0.0:80", FdKind::Ipv4ServerSocket, Role::None);
    assert!(scene.fd(100, 3).expect("it is there").connected);
}

#[test]
fn listed_mapped_ipv6_sockets_are_ipv4() {
    let mut scene = Scene::new();
    let detail = FdDetail::Ipv6 {
        source: "::ffff:10.0.0.5".parse().expect("an address"),
        source_port: 1,
        destination: "::ffff:10.0.0.9".parse().expect("an address"),
        destination_port: 2,
        l4proto: 2,
    };
    list_fd(&mut scene, 3, 4, detail);
    scene.pass();
    check(&scene, 3, "10.0.0.5:1->10.0.0.9:2", FdKind::Ipv4Socket, Role::Client);
}

#[test]
fn listed_unix_sockets_with_a_path_are_servers() {
    let mut scene = Scene::new();
    for (number, path) in [(3, &b"/run/x"[..]), (4, b"")] {
        list_fd(&mut scene, number, 8, FdDetail::Unix { source: 1, destination: 2, path });
    }
    scene.pass();
    check(&scene, 3, "/run/x", FdKind::UnixSocket, Role::Server);
    check(&scene, 4, "", FdKind::UnixSocket, Role::Client);
}

#[test]
fn listed_files_have_names() {
    let mut scene = Scene::new();
    list_fd(&mut scene, 3, 16, FdDetail::File { open_flags: 1, name: b"/etc/x", device: 8 });
    list_fd(&mut scene, 4, 7, FdDetail::Named(b"pipe:[1]"));
    list_fd(&mut scene, 5, 99, FdDetail::Unrecognized);
    list_fd(&mut scene, 6, 0, FdDetail::Nothing);
    scene.pass();
    check(&scene, 3, "/etc/x", FdKind::FileV2, Role::None);
    check(&scene, 4, "pipe:[1]", FdKind::Fifo, Role::None);
    check(&scene, 5, "unknown-type:[99]", FdKind::Unsupported, Role::None);
    assert!(scene.fd(100, 6).is_none());
}

#[test]
fn fds_of_threads_that_are_not_listed_are_skipped() {
    let mut scene = Scene::empty();
    list_fd(&mut scene, 3, 7, FdDetail::Named(b"pipe:[1]"));
    assert_eq!(scene.host.threads().count(), 0);
}

#[test]
fn only_main_threads_have_environment_and_directory() {
    let mut scene = Scene::new();
    scene.list(ThreadEntry { flags: 1, ..listed(101, 100, 50) });
    scene.pass();
    assert!(scene.thread(101).env.is_empty() && scene.thread(101).cwd.is_empty());
    assert_eq!(scene.cwd(101), "/root/");
}

#[test]
fn listed_users_count_once_events_begin() {
    let mut scene = Scene::new();
    let user = UserEntry { uid: 1000, gid: 1000, name: b"alice", home: b"/", shell: b"/bin/sh" };
    scene.host.load(&Record::User(user));
    assert!(scene.host.users().user(ContainerId::HOST, 1000).is_none());
    scene.pass();
    let user = scene.host.users().user(ContainerId::HOST, 1000).expect("the user is known");
    assert_eq!(lossy(&user.name), "alice");
}

#[test]
fn containers_of_listed_threads_are_worked_out_in_the_first_section_only() {
    let cgroup = format!("cpuset=/docker/{}", "a".repeat(64));
    let mut scene = Scene::empty();
    for first in [true, false] {
        scene.host.load(&Record::Section);
        scene.list(listed(1, 1, 0));
        scene.list(ThreadEntry { cgroups: cgroup.as_bytes(), ..listed(100, 100, 1) });
        scene.pass();
        assert_eq!(scene.thread(100).container != ContainerId::HOST, first);
    }
    scene.exec(100, 100, &[]);
    assert_ne!(scene.thread(100).container, ContainerId::HOST);
}

#[test]
fn lists_longer_than_the_tables_are_cut_and_counted() {
    let mut scene = Scene::empty();
    scene.host.users = crate::Users::with_capacity(2);
    for id in 1..=3 {
        let user = UserEntry { uid: id, gid: id, name: b"u", home: b"/", shell: b"/bin/sh" };
        scene.host.load(&Record::User(user));
        scene.host.load(&Record::Group(GroupEntry { gid: id, name: b"g" }));
    }
    assert_eq!((scene.host.listed_users.len(), scene.host.listed_groups.len()), (2, 2));
    assert_eq!(scene.host.users().dropped(), 2);
}

#[test]
fn interfaces_beyond_the_limit_are_counted() {
    let mut scene = Scene::empty();
    for number in 0..5000u32 {
        let [address, netmask, broadcast] = [number, 0, 0].map(Ipv4Addr::from_bits);
        let address = InterfaceAddress::V4 { address, netmask, broadcast };
        let entry = InterfaceEntry { name: b"eth0", address, link_speed: 0 };
        scene.host.load(&Record::Interface(entry));
    }
    let interfaces = scene.host.interfaces();
    assert_eq!((interfaces.ipv4().len(), interfaces.dropped()), (4096, 904));
}
