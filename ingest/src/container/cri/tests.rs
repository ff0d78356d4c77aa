//! Tests of what is read out of CRI's answers.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::container::cri::message::{
    ContainerMetadata, ImageSpec, LinuxSandbox, Namespaces, SandboxMetadata, SandboxNetwork,
};

fn info(json: &str) -> HashMap<String, String> {
    [("info".to_owned(), json.to_owned())].into()
}

/// Name, repository, tag, digest and id of the image of a container with this status and these details.
#[track_caller]
fn check(asked: &str, image_ref: &str, details: &str, expected: [&str; 5]) {
    let status = ContainerStatus {
        image: Some(ImageSpec { image: asked.to_owned() }),
        image_ref: image_ref.to_owned(),
        image_id: "status-id".to_owned(),
        ..ContainerStatus::default()
    };
    let image = Image::of(&status, &ContainerDetails::read(&info(details)));
    assert_eq!([&*image.name, &image.repo, &image.tag, &image.digest, &image.id], expected);
}

#[test]
fn containerd_names_images_by_tag_and_digest() {
    check(
        "docker.io/library/nginx:1.25",
        "docker.io/library/nginx@sha256:aa",
        r#"{"config":{"image":{"image":"sha256:bb"}}}"#,
        ["docker.io/library/nginx:1.25", "docker.io/library/nginx", "1.25", "sha256:aa", "bb"],
    );
    check("box:1", "sha256:aa", "{}", ["box:1", "box", "1", "sha256:aa", "status-id"]);
}

#[test]
fn crio_names_images_in_annotations() {
    for key in [
        "io.kubernetes.cri-o.Image",
        "io.kubernetes.cri-o.ImageName",
        "io.kubernetes.cri.image-name",
    ] {
        let details = format!(r#"{{"runtimeSpec":{{"annotations":{{"{key}":"quay.io/box:2"}}}}}}"#);
        let expected = ["quay.io/box:2", "quay.io/box", "2", "sha256:aa", "status-id"];
        check("sha256:cc", "sha256:aa", &details, expected);
        check("", "sha256:aa", &details, expected);
    }
}

#[test]
fn an_image_without_a_name_is_none() {
    check("", "", "", ["", "", "", "", "status-id"]);
    check("sha256:cc", "", "[]", ["sha256:cc", "sha256", "cc", "", "status-id"]);
}

#[test]
fn privileges_are_where_the_runtime_says_them() {
    let privileged = |json: &str| ContainerDetails::read(&info(json)).privileged();
    assert!(privileged(r#"{"privileged":true}"#));
    assert!(privileged(r#"{"config":{"linux":{"security_context":{"privileged":true}}}}"#));
    assert!(!privileged(
        r#"{"privileged":true,"config":{"linux":{"security_context":{"privileged":false}}}}"#
    ));
    assert!(!privileged(r#"{"config":{"linux":{"security_context":{}}}}"#));
    assert!(privileged(r#"{"privileged":true,"config":"of another shape"}"#));
    assert!(!privileged("not json"));
}

#[test]
fn a_container_takes_what_is_its_pods() {
    let sandbox = SandboxStatus {
        id: "pod".to_owned(),
        metadata: Some(SandboxMetadata {
            name: "web".to_owned(),
            uid: "u".to_owned(),
            namespace: "shop".to_owned(),
        }),
        network: Some(SandboxNetwork { ip: "10.0.0.1".to_owned() }),
        linux: Some(LinuxSandbox {
            namespaces: Some(Namespaces {
                options: Some(NamespaceOptions { network: NODE, pid: 1, ipc: 0 }),
            }),
        }),
        labels: [("app".to_owned(), "web".to_owned())].into(),
        ..SandboxStatus::default()
    };
    let crio = r#"{"runtimeSpec":{"annotations":{"io.kubernetes.cri-o.CNIResult":"{\"a\":1}"}}}"#;
    let status = ContainerStatus {
        id: "f".repeat(64),
        metadata: Some(ContainerMetadata { name: "front".to_owned() }),
        created_at: 1_730_979_003_999_999_999,
        ..ContainerStatus::default()
    };
    let details = SandboxDetails::read(&info(crio));
    let sandbox = Some((sandbox, details));
    let info =
        describe_container(Runtime::CriO, &status, &ContainerDetails::default(), sandbox, 100);
    assert_eq!(
        (&*info.id, &*info.name, info.created_time_s),
        ("ffffffffffff", "front", 1_730_979_003)
    );
    assert!(info.host_network && !info.host_pid && !info.host_ipc);
    assert_eq!(
        (&*info.ip, &*info.cni_json, &*info.pod_sandbox_id),
        ("10.0.0.1", r#"{"a":1}"#, "pod")
    );
    assert_eq!(info.labels["io.kubernetes.pod.name"], "web");
    assert_eq!(info.pod_sandbox_labels["app"], "web");
    assert_eq!(info.user, "0");
}

#[test]
fn a_network_result_is_cut_between_characters() {
    let long = "ä".repeat(4000);
    let json = format!(r#"{{"cniResult":{{"interfaces":[{{"name":"lo"}},{{"name":"{long}"}}]}}}}"#);
    let cni = SandboxDetails::read(&info(&json)).cni_json();
    assert!(cni.len() <= 4096 && cni.starts_with(r#"[{"name":"ä"#), "{}", cni.len());
}

proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, json in "\\PC{0,60}") {
        let details = ContainerDetails::read(&info(&json));
        if let Ok(answer) = ContainerStatusResponse::decode(&*bytes) {
            let status = answer.status.unwrap_or_default();
            describe_container(Runtime::Cri, &status, &details, None, 100).to_json();
        }
        let sandbox = SandboxDetails::read(&info(&json));
        if let Ok(answer) = SandboxStatusResponse::decode(&*bytes) {
            describe_sandbox(Runtime::Cri, answer.status.unwrap_or_default(), &sandbox, 100).to_json();
        }
        let _ = ListContainersResponse::decode(&*bytes);
        let _ = ListSandboxesResponse::decode(&*bytes);
        let _ = ContainerEvent::decode(&*bytes);
        let _ = VersionResponse::decode(&*bytes);
        let _ = StatsResponse::decode(&*bytes);
    }

    #[test]
    fn any_shape_of_details_is_survived(
        key in "privileged|config|runtimeSpec|cniResult|image", inner in "linux|annotations|envs|interfaces",
        value in "null|1|\"x\"|\\[\\]|\\[\\{\\}\\]|\\{\\}|true"
    ) {
        for json in [format!(r#"{{"{key}":{value}}}"#), format!(r#"{{"{key}":{{"{inner}":{value}}}}}"#)] {
            let details = ContainerDetails::read(&info(&json));
            let _ = (details.privileged(), details.env(), details.limits(), details.uid());
            SandboxDetails::read(&info(&json)).cni_json();
        }
    }
}
