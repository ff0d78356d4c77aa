//! Tests of the table of containers.

use std::fmt::Write as _;

use event::EventFlags;
use proptest::prelude::*;

use super::*;

const ID: &str = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

/// An event of type `code` with these parameters.
fn encode(code: u16, params: &[&[u8]]) -> Vec<u8> {
    let flags = EventType::from_code(code).unwrap().info().flags;
    let wide = flags.intersects(EventFlags::LARGE_PAYLOAD);
    let mut body = Vec::new();
    for param in params {
        let len = u32::try_from(param.len()).unwrap().to_le_bytes();
        body.extend_from_slice(if wide { &len } else { &len[..2] });
    }
    for param in params {
        body.extend_from_slice(param);
    }
    let mut bytes = vec![0; 16];
    bytes.extend(u32::try_from(26 + body.len()).unwrap().to_le_bytes());
    bytes.extend(code.to_le_bytes());
    bytes.extend(u32::try_from(params.len()).unwrap().to_le_bytes());
    bytes.extend(body);
    bytes
}

fn give(containers: &mut Containers, number: u64, code: u16, params: &[&[u8]]) {
    let bytes = encode(code, params);
    containers.on_event(&Event::decode(&bytes, 0, 0).unwrap(), number);
}

fn announce(containers: &mut Containers, number: u64, name: &[u8], json: &str) {
    give(containers, number, 402, &[&[0; 4], name, format!("{json}\0").as_bytes()]);
}

fn json(id: &str, name: &str) -> String {
    format!(r#"{{"container":{{"id":"{id}","name":"{name}"}}}}"#)
}

/// The id and, in brackets, the name (metadata known) of the container of `cgroups`.
#[track_caller]
fn check(containers: &mut Containers, cgroups: &str, expected: &str) {
    for _ in 0..2 {
        let id = containers.id_of_cgroups(cgroups.replace("{id}", ID).as_bytes());
        let mut actual = String::from_utf8_lossy(containers.short_id(id)).into_owned();
        if let Some(metadata) = containers.metadata(id) {
            let _ = write!(actual, " [{}]", metadata.name);
        }
        assert_eq!(actual, expected, "{cgroups}");
    }
}

#[test]
fn the_first_cgroup_that_names_a_container_counts() {
    let containers = &mut Containers::default();
    check(containers, "", "host [host]");
    check(containers, "cpu=/system.slice/x.service\0memory=/x", "host [host]");
    check(containers, "cpu=/\0memory=/docker/{id}\0pids=/default/other", "cccccccccccc");
    check(containers, "no equals sign\0=/docker/{id}", "cccccccccccc");
}

#[test]
fn metadata_comes_and_goes_with_events() {
    let containers = &mut Containers::default();
    check(containers, "cpu=/docker/{id}", "cccccccccccc");
    announce(containers, 7, b"container\0", &json("cccccccccccc", "web"));
    check(containers, "cpu=/docker/{id}", "cccccccccccc [web]");
    announce(containers, 8, b"container\0", &json("cccccccccccc", "web2"));
    check(containers, "cpu=/docker/{id}", "cccccccccccc [web2]");
    assert_eq!(containers.stats().with_metadata, 1);
    announce(containers, 9, b"container_removed\0", &json("cccccccccccc", "web3"));
    check(containers, "cpu=/docker/{id}", "cccccccccccc");
    assert_eq!(containers.of_event(9).map(|container| &*container.name), Some("web3"));
    assert_eq!(containers.of_event(8), None);
    assert_eq!(containers.stats().with_metadata, 0);
}

#[test]
fn metadata_may_precede_the_first_process() {
    let containers = &mut Containers::default();
    announce(containers, 1, b"container\0", &json("cccccccccccc", "web"));
    check(containers, "cpu=/docker/{id}", "cccccccccccc [web]");
}

#[test]
fn events_of_older_captures_are_understood() {
    let containers = &mut Containers::default();
    for (number, code) in [(1, 272), (2, 324)] {
        let name = format!("web{code}");
        let json = json("cccccccccccc", &name) + "\0";
        give(containers, number, code, &[json.as_bytes()]);
        check(containers, "cpu=/docker/{id}", &format!("cccccccccccc [{name}]"));
    }
    give(containers, 3, 228, &[b"cccccccccccc\0", &[6, 0, 0, 0], b"old\0", b"nginx\0"]);
    let id = containers.find(b"cccccccccccc").unwrap();
    let metadata = containers.metadata(id).unwrap();
    assert_eq!((&*metadata.name, &*metadata.image, metadata.kind_name()), ("old", "nginx", "cri"));
}

#[test]
fn asynchronous_events_of_others_are_ignored() {
    let containers = &mut Containers::default();
    announce(containers, 1, b"other\0", &json("cccccccccccc", "web"));
    let data = json("cccccccccccc", "web");
    give(containers, 2, 402, &[&[1, 0, 0, 0], b"container\0", data.as_bytes()]);
    check(containers, "cpu=/docker/{id}", "cccccccccccc");
}

#[test]
fn malformed_metadata_is_counted_and_changes_nothing() {
    let containers = &mut Containers::default();
    announce(containers, 1, b"container\0", &json("cccccccccccc", "web"));
    announce(containers, 2, b"container\0", r#"{"container":{"id":"cccccccccccc","name":3}}"#);
    announce(containers, 3, b"container_removed\0", "{");
    announce(containers, 4, b"container\0", &json("", "takes the host's place"));
    check(containers, "cpu=/docker/{id}", "cccccccccccc [web]");
    check(containers, "cpu=/", "host [host]");
    assert_eq!(containers.stats().metadata_rejected, 3);
}

#[test]
fn runtimes_without_an_api_have_metadata_at_once() {
    let containers = &mut Containers::default();
    let id = containers.id_of_cgroups(br"cpu=/machine.slice/machine-lxc\x2d5-foo.scope");
    let metadata = containers.metadata(id).unwrap();
    assert_eq!(
        (&*metadata.id, metadata.kind_name(), &*metadata.full_id),
        ("5-foo", "libvirt-lxc", "")
    );
    announce(containers, 1, b"container\0", &json("5-foo", "named"));
    assert_eq!(containers.metadata(id).unwrap().name, "named");
    containers.id_of_cgroups(br"cpu=/machine.slice/machine-lxc\x2d5-foo.scope");
    assert_eq!(containers.metadata(id).unwrap().name, "");
}

#[test]
fn the_sandbox_is_found_by_its_short_id() {
    let containers = &mut Containers::default();
    announce(containers, 1, b"container\0", &json("dddddddddddd", "pause"));
    let of = |sandbox: &str| Container { pod_sandbox_id: sandbox.to_owned(), ..Default::default() };
    let name = |sandbox| containers.sandbox_of(&of(sandbox)).map(|container| &*container.name);
    assert_eq!(name("dddddddddddddddddddd"), Some("pause"));
    assert_eq!(name("eeeeeeeeeeee"), None);
    assert_eq!(name(""), Some("host"));
}

#[test]
fn a_full_table_forgets_containers_without_metadata_first() {
    let containers = &mut Containers::with_capacity(2);
    announce(containers, 1, b"container\0", &json("kept", "kept"));
    let old = containers.id_of_cgroups(b"cpu=/default/old");
    let new = containers.id_of_cgroups(b"cpu=/default/new");
    assert_eq!(&**containers.short_id(new), b"new");
    assert_eq!(&**containers.short_id(old), b"", "a stale id is nobody's");
    assert_eq!(containers.metadata(old), None);
    assert!(containers.find(b"kept").is_some());
    assert_eq!(containers.find(b"old"), None);
    assert_eq!(containers.stats().evicted, 1);
    let old = containers.id_of_cgroups(b"cpu=/default/old");
    assert_eq!(&**containers.short_id(old), b"old", "the cache does not hand out a stale id");
    assert_eq!(containers.stats().with_metadata, 1);
}

#[test]
fn metadata_is_bounded_together() {
    let containers = &mut Containers::default();
    let padding = "x".repeat(1 << 19);
    for number in 0..200 {
        let json = json(&format!("id{number}"), &padding) + "\0";
        give(containers, number, 324, &[json.as_bytes()]);
    }
    let stats = containers.stats();
    assert!(stats.with_metadata < 128, "{stats:?}");
    assert_eq!(stats.with_metadata + stats.metadata_evicted, 200);
    let huge = json("huge", &"x".repeat(Containers::MAX_METADATA_BYTES));
    give(containers, 201, 324, &[huge.as_bytes()]);
    assert_eq!(containers.stats().metadata_rejected, 1);
}

proptest! {
    #[test]
    fn never_panics_on_arbitrary_cgroups(lists in prop::collection::vec(any::<Vec<u8>>(), 0..20)) {
        let mut containers = Containers::with_capacity(3);
        for list in &lists {
            let id = containers.id_of_cgroups(list);
            prop_assert!(!containers.short_id(id).is_empty());
        }
    }

    #[test]
    fn never_panics_on_arbitrary_events(
        events in prop::collection::vec((0..5usize, "[a-c]", any::<Vec<u8>>(), 0..4usize), 0..30)
    ) {
        let mut containers = Containers::with_capacity(2);
        for (number, (kind, id, noise, case)) in (0..).zip(&events) {
            let code = [402, 402, 272, 324, 228][*kind];
            let good = json(id, "n");
            let data: &[u8] = if *case == 0 { noise } else { good.as_bytes() };
            let name: &[u8] = if *kind == 0 { b"container\0" } else { b"container_removed\0" };
            if code == 402 {
                give(&mut containers, number, code, &[&[0; 4], name, data]);
            } else {
                give(&mut containers, number, code, &[data, &[1]]);
            }
            containers.id_of_cgroups(format!("a=/lxc.payload.{id}").as_bytes());
        }
        let known = containers.slots.iter().skip(1);
        let with_metadata = known.filter(|slot| slot.metadata.is_some()).count();
        prop_assert_eq!(with_metadata as u64, containers.stats().with_metadata);
    }
}

#[test]
fn many_tiny_mounts_count_as_the_memory_they_take() {
    let containers = &mut Containers::default();
    let mounts = vec!["{}"; 1 << 18].join(",");
    for number in 0..8 {
        let json = format!(r#"{{"container":{{"id":"id{number}","Mounts":[{mounts}]}}}}"#) + "\0";
        give(containers, number, 324, &[json.as_bytes()]);
    }
    let stats = containers.stats();
    assert_eq!((stats.with_metadata, stats.metadata_evicted), (2, 6), "{stats:?}");
}

#[test]
fn addresses_of_containers_come_and_go_with_their_metadata() {
    let containers = &mut Containers::with_capacity(2);
    let ip = std::net::Ipv4Addr::new(10, 0, 0, 7);
    let announced = |id: &str| format!(r#"{{"container":{{"id":"{id}","ip":"10.0.0.7"}}}}"#) + "\0";
    let [first, second] = ["a", "b"].map(announced);
    give(containers, 1, 324, &[first.as_bytes()]);
    give(containers, 2, 324, &[first.as_bytes()]);
    give(containers, 3, 324, &[second.as_bytes()]);
    announce(containers, 4, b"container_removed\0", &json("a", "a"));
    assert!(containers.has_ipv4(ip));
    for name in ["c", "d"] {
        containers.id_of_cgroups(format!("cpu=/default/{name}").as_bytes());
    }
    assert_eq!(containers.stats().with_metadata, 1);
    containers.id_of_cgroups(b"cpu=/default/e");
    announce(containers, 5, b"container_removed\0", &json("b", "b"));
    assert!(!containers.has_ipv4(ip));
}
