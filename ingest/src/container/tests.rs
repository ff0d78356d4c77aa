//! Tests of what is read out of the answers of Docker and Podman.

use event::encode::Encoder;
use expect_test::expect;
use host::Containers;
use proptest::prelude::*;

use super::{Answer, Info, Runtime, docker, foreign, info, listener::News, podman};

const ID: &str = "aaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

#[test]
fn the_json_is_that_of_falcos_plugin() {
    let info = Info {
        name: "web".to_owned(),
        labels: [("a".to_owned(), "b".to_owned())].into(),
        env: vec!["A=b".to_owned()],
        ..Info::bare(Runtime::Docker, ID)
    };
    expect![[r#"{"container":{"type":0,"id":"aaaaaaaaaaaa","name":"web","image":"","imagedigest":"","imageid":"","imagerepo":"","imagetag":"","User":"","cni_json":"","cpu_period":100000,"cpu_quota":0,"cpu_shares":1024,"cpuset_cpu_count":0,"created_time":0,"env":["A=b"],"full_id":"aaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb","host_ipc":false,"host_network":false,"host_pid":false,"ip":"","size":-1,"is_pod_sandbox":false,"labels":{"a":"b"},"memory_limit":0,"swap_limit":0,"pod_sandbox_id":"","privileged":false,"pod_sandbox_labels":{},"port_mappings":[],"Mounts":[]}}"#]]
    .assert_eq(&info.to_json());
}

#[test]
fn an_answer_is_an_event_that_the_host_takes() {
    let mut containers = Containers::default();
    let mut encoder = Encoder::new();
    let info = Info { name: "web".to_owned(), ..Info::bare(Runtime::Podman, ID) };
    let answer = Answer::described(info.clone());
    let event = answer.encode(&mut encoder, 7).unwrap().unwrap();
    assert_eq!((event.tid, event.time_ns, event.kind.code()), (0, 7, 402));
    containers.on_event(&event, 1);
    let id = containers.find(b"aaaaaaaaaaaa").unwrap();
    let known = containers.metadata(id).unwrap();
    assert_eq!((&*known.name, known.kind_name(), &*known.full_id), ("web", "podman", ID));
    let event = Answer::removed(info).encode(&mut encoder, 8).unwrap().unwrap();
    containers.on_event(&event, 2);
    assert!(containers.metadata(id).is_none());
    assert!(Answer::unknown("x".to_owned()).encode(&mut encoder, 9).is_none());
}

#[test]
fn docker_names_an_image_by_its_first_digest() {
    let container =
        br#"{"Id":"x","Config":null,"HostConfig":{"NetworkMode":"host"},"Mounts":null}"#;
    let image = br#"{"Id":"sha256:77","RepoDigests":["broken","a/b@sha256:1","c@sha256:2"],
        "RepoTags":["x:9","a/b:1","a/b:2"]}"#;
    let info = docker::read(container, image, 100).unwrap();
    assert_eq!([&*info.image_repo, &info.image_tag, &info.image_digest], ["a/b", "1", "sha256:1"]);
    assert_eq!((&*info.image_id, info.host_network), ("77", true));
}

#[test]
fn docker_without_an_address_at_the_top_has_its_networks() {
    let container = br#"{"Id":"x","NetworkSettings":{"Ports":{"80/tcp":null,"x/tcp":[{}]},
        "Networks":{"none":null,"web":{"IPAddress":"10.1.0.2"}}}}"#;
    let info = docker::read(container, b"", 100).unwrap();
    assert_eq!((&*info.ip, info.port_mappings.len()), ("10.1.0.2", 0));
}

#[test]
fn news_of_a_container_name_it() {
    let news = |line: &str| docker::news(line.as_bytes()).unwrap();
    let line = |action: &str| {
        format!(r#"{{"Type":"container","Action":"{action}","Actor":{{"ID":"x"}}}}"#)
    };
    assert_eq!(news(&line("create")), Some(News::Appeared("x".to_owned())));
    assert_eq!(news(&line("destroy")), Some(News::Removed("x".to_owned())));
    assert_eq!(news(&line("remove")), Some(News::Removed("x".to_owned())));
    assert_eq!(news(&line("exec_create: sh")), None);
    assert_eq!(news("{}"), None);
    assert!(docker::news(b"<html>").is_err());
}

#[test]
fn an_id_is_all_that_gets_into_a_path() {
    assert_eq!(docker::path_segment("../../x?y=1 \r\nHost: z"), "....xy1Host:z");
    assert_eq!(docker::path_segment("sha256:aF0"), "sha256:aF0");
}

#[test]
fn a_short_id_is_twelve_characters_and_never_half_of_one() {
    assert_eq!(info::short_id(ID), "aaaaaaaaaaaa");
    assert_eq!(info::short_id("äääääää"), "äääääää".get(..12).unwrap());
    assert_eq!(info::short_id("aääääää"), "aääääää");
}

proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, text in "\\PC{0,100}") {
        foreign::read_as_any_answer(&bytes);
        foreign::read_as_any_answer(text.as_bytes());
    }

    #[test]
    fn any_type_of_any_key_is_an_error_or_taken(
        key in "Id|Name|Image|Created|SizeRw|Config|HostConfig|NetworkSettings|Mounts",
        inner in "Labels|Env|Ports|Networks|Memory|Healthcheck|IPAddress",
        value in "null|-1|1e99|\"x\"|\\[null\\]|\\[\\{\\}\\]|\\{\"a\":null\\}|\\{\"80/tcp\":\\[\\{\\}\\]\\}"
    ) {
        for json in [format!(r#"{{"{key}":{value}}}"#), format!(r#"{{"{key}":{{"{inner}":{value}}}}}"#)] {
            for info in [docker::read(json.as_bytes(), json.as_bytes(), 100), podman::read(json.as_bytes(), 100)] {
                info.map(|it| it.to_json());
            }
        }
    }

    #[test]
    fn what_is_told_is_what_the_host_reads(name in "\\PC{0,20}", value in "\\PC{0,20}", number: i64) {
        let info = Info {
            name: name.clone(),
            env: vec![value.clone()],
            labels: [(name.clone(), value.clone())].into(),
            created_time_s: number,
            ..Info::bare(Runtime::Docker, ID)
        };
        let mut containers = Containers::default();
        let mut encoder = Encoder::new();
        let answer = Answer::described(info);
        // The event's text ends at a NUL, which JSON never has.
        containers.on_event(&answer.encode(&mut encoder, 7).unwrap().unwrap(), 1);
        let known = containers.metadata(containers.find(b"aaaaaaaaaaaa").unwrap()).unwrap();
        prop_assert_eq!((&known.name, &known.env[0], known.created_time_s), (&name, &value, number));
        prop_assert_eq!(known.label(&name), Some(&*value));
    }
}
