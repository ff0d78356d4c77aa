//! Tests of what runtimes say of containers.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(json: &str, expected: &Expect) {
    let shown = match Container::from_json(json.as_bytes()) {
        Ok(container) => {
            let all = format!("{container:?}");
            // Only what differs from an absent key is worth reading.
            let defaults = format!("{:?}", Container { kind: KIND_UNKNOWN, ..Default::default() });
            if all == defaults { "defaults".to_owned() } else { format!("{container:#?}") }
        }
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&shown);
}

#[test]
fn absent_keys_take_defaults() {
    check(r#"{"container":{}}"#, &expect!["defaults"]);
}

#[test]
fn null_maps_and_lists_are_empty() {
    check(
        r#"{"container":{"labels":null,"pod_sandbox_labels":null,"env":null,"Mounts":null,"port_mappings":null}}"#,
        &expect!["defaults"],
    );
}

#[test]
fn a_healthcheck_without_arguments_is_accepted() {
    check(
        r#"{"container":{"Healthcheck":{"exe":"/usr/bin/healthcheck","args":null}}}"#,
        &expect!["defaults"],
    );
}

#[test]
fn all_keys_are_read() {
    let json = r#"{"container":{"type":7,"id":"cccccccccccc","full_id":"cccc","name":"k8s_app",
        "image":"nginx:1.25","imageid":"ii","imagedigest":"sha256:dd","imagerepo":"docker.io/library/nginx",
        "imagetag":"1.25","User":"root","cni_json":"{}","created_time":1700000500,"size":-1,
        "env":["A=1"],"host_ipc":true,"host_network":true,"host_pid":true,"ip":"172.17.0.2",
        "is_pod_sandbox":true,"labels":{"b":"2","a":"1"},"pod_sandbox_id":"dddd","privileged":true,
        "pod_sandbox_labels":{"x":"y"},
        "port_mappings":[{"HostIp":4294967295,"HostPort":65537,"ContainerPort":80}],
        "Mounts":[{"Source":"/etc","Destination":"/host/etc","Mode":"ro","RW":true,"Propagation":"rprivate"}]}}"#;
    check(
        json,
        &expect![[r#"
            Container {
                kind: 7,
                id: "cccccccccccc",
                full_id: "cccc",
                name: "k8s_app",
                image: "nginx:1.25",
                image_id: "ii",
                image_repository: "docker.io/library/nginx",
                image_tag: "1.25",
                image_digest: "sha256:dd",
                user: "root",
                ip: "172.17.0.2",
                cni_json: "{}",
                created_time_s: 1700000500,
                privileged: true,
                host_pid: true,
                host_network: true,
                host_ipc: true,
                is_pod_sandbox: true,
                pod_sandbox_id: "dddd",
                labels: [
                    (
                        "a",
                        "1",
                    ),
                    (
                        "b",
                        "2",
                    ),
                ],
                pod_sandbox_labels: [
                    (
                        "x",
                        "y",
                    ),
                ],
                env: [
                    "A=1",
                ],
                mounts: [
                    Mount {
                        source: "/etc",
                        destination: "/host/etc",
                        mode: "ro",
                        rdwr: true,
                        propagation: "rprivate",
                    },
                ],
                port_mappings: [
                    PortMapping {
                        host_ip: 4294967295,
                        host_port: 1,
                        container_port: 80,
                    },
                ],
            }"#]],
    );
}

#[test]
fn keys_of_another_type_reject_the_metadata() {
    check(r#"{"container":{"name":null}}"#, &expect!["`name` is missing or has another type"]);
    check(
        r#"{"container":{"privileged":1}}"#,
        &expect!["`privileged` is missing or has another type"],
    );
    check(
        r#"{"container":{"labels":{"a":1}}}"#,
        &expect!["`labels` is missing or has another type"],
    );
    check(r#"{"container":{"Mounts":[1]}}"#, &expect!["`Mounts` is missing or has another type"]);
    check(r#"{"container":[]}"#, &expect!["`container` is missing or has another type"]);
    check("{}", &expect!["`container` is missing or has another type"]);
    check("{\"container\":{}} x", &expect!["not JSON"]);
    check("", &expect!["not JSON"]);
}

#[test]
fn labels_are_found_by_key() {
    let json = br#"{"container":{"labels":{"io.kubernetes.pod.name":"p","app":"x","z":""}}}"#;
    let container = Container::from_json(json).unwrap();
    assert_eq!(container.label("io.kubernetes.pod.name"), Some("p"));
    assert_eq!(container.label("z"), Some(""));
    assert_eq!(container.label("y"), None);
}

#[test]
fn runtimes_have_falcos_names() {
    let name = |kind| Container { kind, ..Default::default() }.kind_name();
    let names: Vec<_> = (0..12).chain([KIND_HOST, KIND_UNKNOWN]).map(name).collect();
    expect!["docker lxc libvirt-lxc mesos rkt  cri containerd cri-o bpm  podman host "]
        .assert_eq(&names.join(" "));
}

proptest! {
    #[test]
    fn never_panics(json in any::<Vec<u8>>()) {
        let _ = Container::from_json(&json);
    }

    #[test]
    fn never_panics_on_any_value_of_a_key(
        key in "type|id|labels|Mounts|port_mappings|created_time|env|privileged",
        value in r#"null|true|-?[0-9]{1,30}(\.5)?|1e999|"x"|\[1\]|\[\{\}\]|\{"HostIp":-1\}|\[\{"HostIp":1e300\}\]"#,
    ) {
        let _ = Container::from_json(format!(r#"{{"container":{{"{key}":{value}}}}}"#).as_bytes());
    }
}
