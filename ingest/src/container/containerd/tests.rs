//! Tests of what is read out of containerd's answers.

use proptest::prelude::*;

use super::{
    message::{Any, Container},
    *,
};

fn described(spec: &str) -> Info {
    let spec = Some(Any { value: spec.as_bytes().to_vec() });
    let container = Container { id: "plain".to_owned(), spec, ..Container::default() };
    describe(container, String::new(), 100)
}

/// Whether a container with this specification is privileged and has the host's namespaces.
#[track_caller]
fn check(spec: &str, privileged: bool, host: [bool; 3]) {
    let info = described(spec);
    let actual = (info.privileged, [info.host_pid, info.host_network, info.host_ipc]);
    assert_eq!(actual, (privileged, host), "{spec}");
}

#[test]
fn what_confines_a_container_makes_it_unprivileged() {
    let bare = r#"{"process":{},"linux":{}}"#;
    check(bare, true, [true; 3]);
    check(r#"{"process":{},"linux":{"maskedPaths":["/proc/kcore"]}}"#, false, [true; 3]);
    check(r#"{"process":{},"linux":{"seccomp":{"defaultAction":"x"}}}"#, false, [true; 3]);
    check(r#"{"process":{"apparmorProfile":"unconfined"},"linux":{}}"#, true, [true; 3]);
    check(r#"{"process":{"apparmorProfile":"cri"},"linux":{}}"#, false, [true; 3]);
    let mount = r#"{"process":{},"linux":{},"mounts":[{"type":"sysfs","options":["ro"]}]}"#;
    check(mount, false, [true; 3]);
    check("not json", false, [true; 3]);
}

#[test]
fn a_namespace_that_is_not_asked_for_is_the_hosts() {
    let spec = r#"{"linux":{"namespaces":[{"type":"pid"},{"type":"network","path":"/x"}]}}"#;
    check(spec, false, [false, false, true]);
}

#[test]
fn limits_and_mounts_are_read() {
    let info = described(
        r#"{"process":{"user":{"uid":7},"env":["A=b"]},
        "linux":{"rootfsPropagation":"rslave","resources":{"cpu":{"shares":5,"quota":6,"cpus":"0-2"},"memory":{"limit":8}}},
        "mounts":[{"source":"/a","destination":"/b","options":["ro","mode=755"]}]}"#,
    );
    assert_eq!((&*info.user, info.cpu_shares, info.cpu_quota, info.cpuset_count), ("7", 5, 6, 3));
    assert_eq!((info.cpu_period, info.memory_limit_bytes), (100_000, 8));
    let mount = &info.mounts[0];
    assert_eq!((&*mount.mode, mount.rw, &*mount.propagation), ("755", false, "rslave"));
}

#[test]
fn news_of_namespaces_of_others_are_theirs() {
    let event = |topic: &str, namespace: &str, id: &str| Envelope {
        namespace: namespace.to_owned(),
        topic: topic.to_owned(),
        event: Some(Any { value: ContainerEvent { id: id.to_owned() }.encode_to_vec() }),
    };
    let news =
        |topic, namespace, id| super::news(&event(topic, namespace, id), &["moby", "k8s.io"]);
    assert_eq!(news("/tasks/start", "default", "a"), Some(News::Appeared("a".to_owned())));
    assert_eq!(news("/containers/delete", "default", "a"), Some(News::Removed("a".to_owned())));
    assert_eq!(news("/containers/delete", "moby", "a"), None);
    assert_eq!(news("/tasks/exit", "default", "a"), None);
    assert_eq!(news("/tasks/start", "default", ""), None);
}

proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, spec in "\\PC{0,80}") {
        described(&spec).to_json();
        if let Ok(container) = Container::decode(&*bytes) {
            describe(container, String::new(), 100).to_json();
        }
        if let Ok(event) = Envelope::decode(&*bytes) {
            super::news(&event, &[]);
        }
        let _ = ListNamespacesResponse::decode(&*bytes);
        let _ = ListContainersResponse::decode(&*bytes);
        let _ = GetImageResponse::decode(&*bytes);
    }
}
