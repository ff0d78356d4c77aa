//! Tests of the fields of containers and pods.

use bumpalo::Bump;
use event::{
    EventType,
    encode::{Encoder, Param},
};
use host::{Host, HostConfig};

use super::*;
use crate::field::Agent;

const FULL_ID: &str = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";

/// A host with threads 10 (of no container) and 20 (of container `cccccccccccc`).
struct Bed {
    host: Host,
    encoder: Encoder,
}

impl Bed {
    fn new() -> Self {
        let mut bed = Self { host: Host::new(&HostConfig::default()), encoder: Encoder::new() };
        bed.clone_into(10, "cpu=/system.slice/x.service");
        bed.clone_into(20, &format!("cpu=/system.slice/docker-{FULL_ID}.scope"));
        bed
    }

    /// Thread `tid` begins to live in `cgroup`.
    fn clone_into(&mut self, tid: i64, cgroup: &str) {
        let mut params = [Param::Empty; 21];
        params[0] = Param::Int(0);
        params[3] = Param::Int(tid);
        params[4] = Param::Int(tid);
        params[5] = Param::Int(1);
        let cgroups = [cgroup.as_bytes()];
        params[14] = Param::List(&cgroups);
        params[15] = Param::Uint(0);
        params[16] = Param::Uint(0);
        params[17] = Param::Uint(0);
        // In a pid namespace of its own, whose start is known.
        params[18] = Param::Int(1);
        params[19] = Param::Int(1);
        params[20] = Param::Uint(500);
        let event = self.encoder.encode(EventType::CloneV20X, 1000, tid, &params).unwrap();
        self.host.on_event(&event);
    }

    /// The runtime tells `json` of a container, or that it is gone; then shows `fields`.
    fn tell(&mut self, name: &str, json: &str, fields: &str) -> String {
        let json = format!("{{\"container\":{json}}}\0");
        let params = [Param::Uint(0), Param::Text(name.as_bytes()), Param::Raw(json.as_bytes())];
        let event = self.encoder.encode(EventType::AsynceventE, 1500, 10, &params).unwrap();
        self.host.on_event(&event);
        show(&self.host, &event, fields)
    }

    /// Thread `tid` does something; shows `fields`, separated by blanks, as they are then.
    fn look(&mut self, tid: i64, fields: &str) -> String {
        let params = [Param::Int(0), Param::Text(b"/x"), Param::Uint(0)];
        let event = self.encoder.encode(EventType::ChmodX, 2000, tid, &params).unwrap();
        self.host.on_event(&event);
        show(&self.host, &event, fields)
    }
}

fn show(host: &Host, event: &event::Event<'_>, fields: &str) -> String {
    let arena = Bump::new();
    let agent = Agent::default();
    let ctx = Context::new(event, host, &arena, &agent);
    let shown = fields.split(' ').map(|name| {
        let field = FieldRef::resolve(name).unwrap();
        match ctx.extract(&field) {
            None => "-".to_owned(),
            Some(Value::Str(text)) => format!("{:?}", String::from_utf8_lossy(text)),
            Some(Value::Bool(value)) => value.to_string(),
            Some(Value::Uint(value)) => value.to_string(),
            Some(other) => format!("{other:?}"),
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(actual: &str, expected: &str) {
    assert_eq!(actual, expected);
}

#[test]
fn the_host_has_metadata_of_its_own() {
    let shown = Bed::new().look(
        10,
        "container.id container.full_id container.name container.type container.image \
         container.image.repository container.privileged container.mounts k8s.pod.name \
         k8s.pod.labels container.mount.dest[/]",
    );
    check(&shown, r#""host" "host" "host" "host" "" "" false "" - "" -"#);
}

#[test]
fn before_its_metadata_only_the_id_of_a_container_is_known() {
    let fields = "container.id container.full_id container.image container.privileged \
                  container.start_ts container.duration";
    let shown = Bed::new().look(20, fields);
    check(&shown, r#""cccccccccccc" - - - 500 1500"#);
}

#[test]
fn a_container_event_shows_what_it_carries() {
    let mut bed = Bed::new();
    let fields = "container.id container.name container.start_ts";
    let json = r#"{"id":"cccccccccccc","name":"web"}"#;
    check(&bed.tell("container", json, fields), r#""cccccccccccc" "web" -"#);
    check(&bed.look(20, fields), r#""cccccccccccc" "web" 500"#);
    let gone = r#"{"id":"cccccccccccc","name":"gone"}"#;
    check(&bed.tell("container_removed", gone, fields), r#""cccccccccccc" "gone" -"#);
    check(&bed.look(20, fields), r#""cccccccccccc" - 500"#);
}

#[test]
fn events_of_others_show_the_container_of_their_thread() {
    let json = r#"{"id":"cccccccccccc","name":"web"}"#;
    check(&Bed::new().tell("other", json, "container.id container.name"), r#""host" "host""#);
}

#[test]
fn threads_that_are_not_known_have_no_container() {
    let mut bed = Bed::new();
    let params = [Param::Uint(0), Param::Text(b"other"), Param::Raw(b"")];
    let event = bed.encoder.encode(EventType::AsynceventE, 1500, 99, &params).unwrap();
    bed.host.on_event(&event);
    check(&show(&bed.host, &event, "container.id container.name"), "- -");
}

#[test]
fn mounts_are_selected_by_index_source_and_destination() {
    let mut bed = Bed::new();
    let json = r#"{"id":"cccccccccccc","Mounts":[
        {"Source":"/etc","Destination":"/host/etc","Mode":"","RW":true,"Propagation":"rprivate"},
        {"Source":"/run/d.sock","Destination":"/d.sock","Mode":"ro","RW":false,"Propagation":""}]}"#;
    bed.tell("container", json, "container.id");
    check(
        &bed.look(20, "container.mounts"),
        r#""/etc:/host/etc::true:rprivate,/run/d.sock:/d.sock:ro:false:""#,
    );
    check(&bed.look(20, "container.mount.dest[/etc]"), r#""/host/etc""#);
    check(&bed.look(20, "container.mount.dest[/run/*]"), r#""/d.sock""#);
    check(&bed.look(20, "container.mount.dest[/proc*]"), "-");
    check(&bed.look(20, "container.mount.source[/host]"), r#""/etc""#);
    check(&bed.look(20, "container.mount.source[/run]"), "-");
    check(&bed.look(20, "container.mount[1]"), r#""/run/d.sock:/d.sock:ro:false:""#);
    check(&bed.look(20, "container.mount.mode[1] container.mount.mode[2]"), r#""ro" -"#);
    check(&bed.look(20, "container.mount.rdwr[0] container.mount.rdwr[1]"), r#""true" "false""#);
    check(&bed.look(20, "container.mount.propagation[/]"), r#""rprivate""#);
}

#[test]
fn labels_leave_out_what_kubernetes_adds() {
    let mut bed = Bed::new();
    let json = r#"{"id":"cccccccccccc","labels":{"io.kubernetes.pod.name":"p",
        "io.kubernetes.pod.namespace":"n","io.kubernetes.pod.uid":"u","app":"x","empty":"",
        "annotation.a":"b"}}"#;
    bed.tell("container", json, "container.id");
    check(&bed.look(20, "container.labels"), r#""app:x, empty""#);
    check(&bed.look(20, "container.label[app] container.label[no]"), r#""x" -"#);
    check(&bed.look(20, "k8s.pod.name k8s.ns.name"), r#""p" "n""#);
    check(&bed.look(20, "k8s.pod.uid k8s.pod.id k8s.ns.id"), r#""u" "u" -"#);
}

#[test]
fn a_pod_is_described_by_its_sandbox_or_by_the_container_itself() {
    let fields = "k8s.pod.ip k8s.pod.labels k8s.pod.label[app] k8s.pod.cni.json k8s.pod.sandbox_id";
    let mut bed = Bed::new();
    let json = r#"{"id":"cccccccccccc","ip":"1.1.1.1","pod_sandbox_labels":{"app":"own"},
        "pod_sandbox_id":"dddddddddddddddd"}"#;
    bed.tell("container", json, "container.id");
    check(&bed.look(20, fields), r#"- "app:own" "own" - "dddddddddddd""#);
    let sandbox = r#"{"id":"dddddddddddd","ip":"2.2.2.2","cni_json":"{}",
        "pod_sandbox_labels":{"app":"sandbox"}}"#;
    bed.tell("container", sandbox, "container.id");
    check(&bed.look(20, fields), r#""2.2.2.2" "app:sandbox" "sandbox" "{}" "dddddddddddd""#);
    let networked = json.replace("\"ip\"", "\"cni_json\":\"[]\",\"ip\"");
    bed.tell("container", &networked, "container.id");
    check(&bed.look(20, fields), r#""1.1.1.1" "app:own" "own" "[]" "dddddddddddd""#);
}
