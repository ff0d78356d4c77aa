//! Tests of users and groups.

use super::*;

/// An event of type `code`; text parameters get their NUL here.
fn give(users: &mut Users, containers: &Containers, code: u16, ids: &[u32], texts: &[&str]) {
    let mut lengths = Vec::new();
    let mut payload = Vec::new();
    for id in ids {
        lengths.extend(4u16.to_le_bytes());
        payload.extend(id.to_le_bytes());
    }
    for text in texts {
        lengths.extend(u16::try_from(text.len() + 1).unwrap().to_le_bytes());
        payload.extend_from_slice(text.as_bytes());
        payload.push(0);
    }
    let mut bytes = vec![0; 16];
    bytes.extend(u32::try_from(26 + lengths.len() + payload.len()).unwrap().to_le_bytes());
    bytes.extend(code.to_le_bytes());
    bytes.extend(u32::try_from(ids.len() + texts.len()).unwrap().to_le_bytes());
    bytes.extend(lengths);
    bytes.extend(payload);
    users.on_event(&Event::decode(&bytes, 0, 0).unwrap(), containers);
}

#[track_caller]
fn check(users: &Users, container: ContainerId, uid: u32, expected: &str) {
    let shown = users.user(container, uid).map_or("unknown".to_owned(), |user| {
        let [name, home, shell] =
            [&user.name, &user.home, &user.shell].map(|text| String::from_utf8_lossy(text));
        format!("{name}:{}:{home}:{shell}", user.gid)
    });
    assert_eq!(shown, expected);
}

fn user(uid: u32, name: &str) -> User {
    let [name, home, shell] = [name, "/home", "/bin/sh"].map(|text| Text::new(text.as_bytes()));
    User { uid, gid: 100, name, home, shell }
}

#[test]
fn only_root_of_the_host_is_known_without_a_list() {
    let mut users = Users::default();
    let mut containers = Containers::default();
    let container = containers.id_of_cgroups(b"cpu=/default/web");
    for owner in [ContainerId::HOST, container] {
        for id in [0, 1000, u32::MAX] {
            users.note_user(owner, id, 5);
            users.note_group(owner, id);
        }
    }
    check(&users, ContainerId::HOST, 0, "root:5:/root:<NA>");
    check(&users, ContainerId::HOST, 1000, "unknown");
    check(&users, ContainerId::HOST, u32::MAX, "unknown");
    check(&users, container, 0, "unknown");
    assert_eq!(&*users.group(ContainerId::HOST, 0).unwrap().name, b"root");
    assert_eq!(users.group(container, 0), None);
}

#[test]
fn a_list_completes_what_threads_told() {
    let mut users = Users::default();
    users.note_user(ContainerId::HOST, 0, 5);
    users.add_user(ContainerId::HOST, &user(0, "toor"));
    check(&users, ContainerId::HOST, 0, "toor:5:/home:/bin/sh");
    users.note_user(ContainerId::HOST, 0, 7);
    check(&users, ContainerId::HOST, 0, "toor:5:/home:/bin/sh");
}

#[test]
fn events_add_update_and_delete_users_of_the_host() {
    let (mut users, containers) = (Users::default(), Containers::default());
    let host = ContainerId::HOST;
    give(&mut users, &containers, 354, &[7, 8], &["ann", "/ann", "/bin/zsh", ""]);
    check(&users, host, 7, "ann:8:/ann:/bin/zsh");
    give(&mut users, &containers, 354, &[7, 9], &["bob", "/bob", "", ""]);
    check(&users, host, 7, "bob:8:/bob:");
    give(&mut users, &containers, 356, &[7, 9], &["bob", "/bob", "", ""]);
    check(&users, host, 7, "unknown");
    give(&mut users, &containers, 358, &[7], &["staff", ""]);
    assert_eq!(&*users.group(host, 7).unwrap().name, b"staff");
    give(&mut users, &containers, 360, &[7], &["staff", ""]);
    assert_eq!(users.group(host, 7), None);
}

#[test]
fn events_do_not_add_users_of_containers() {
    let (mut users, mut containers) = (Users::default(), Containers::default());
    let web = containers.id_of_cgroups(b"cpu=/default/web");
    give(&mut users, &containers, 354, &[7, 8], &["ann", "/ann", "/bin/zsh", "web"]);
    give(&mut users, &containers, 354, &[7, 8], &["ann", "/ann", "/bin/zsh", "never seen"]);
    give(&mut users, &containers, 358, &[7], &["staff", "web"]);
    check(&users, web, 7, "unknown");
    assert_eq!(users.group(web, 7), None);
    users.add_user(web, &user(7, "from passwd"));
    give(&mut users, &containers, 354, &[7, 8], &["ann", "/ann", "/bin/zsh", "web"]);
    check(&users, web, 7, "ann:100:/ann:/bin/zsh");
    users.retain_containers(|it| it == web);
    check(&users, web, 7, "ann:100:/ann:/bin/zsh");
    users.retain_containers(|_| false);
    check(&users, web, 7, "unknown");
}

#[test]
fn texts_that_the_kernel_does_not_tell_are_not_available() {
    let (mut users, containers) = (Users::default(), Containers::default());
    give(&mut users, &containers, 354, &[7, 8], &["(NULL)", "/ann", "", ""]);
    check(&users, ContainerId::HOST, 7, "<NA>:8:/ann:");
}

#[test]
fn nis_entries_are_ignored_and_long_texts_cut() {
    let mut users = Users::default();
    users.add_user(ContainerId::HOST, &user(1, "+nis"));
    users.add_user(ContainerId::HOST, &user(2, "-nis"));
    users.add_user(ContainerId::HOST, &user(3, &"x".repeat(300)));
    users.add_user(ContainerId::HOST, &user(4, "a\0b"));
    check(&users, ContainerId::HOST, 1, "unknown");
    check(&users, ContainerId::HOST, 2, "unknown");
    assert_eq!(users.user(ContainerId::HOST, 3).unwrap().name.len(), 255);
    assert_eq!(&*users.user(ContainerId::HOST, 4).unwrap().name, b"a");
}

#[test]
fn full_tables_count_what_they_drop() {
    let mut users = Users::with_capacity(1);
    users.add_user(ContainerId::HOST, &user(1, "kept"));
    users.add_user(ContainerId::HOST, &user(2, "dropped"));
    users.add_user(ContainerId::HOST, &user(1, "updated"));
    check(&users, ContainerId::HOST, 1, "updated:100:/home:/bin/sh");
    check(&users, ContainerId::HOST, 2, "unknown");
    assert_eq!(users.dropped(), 1);
}
