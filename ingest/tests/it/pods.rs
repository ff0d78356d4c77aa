//! The watch of pods against a server that speaks the API's list and watch, well and badly.

mod server;

use std::time::Duration;

use ingest::{
    container::{Change, ContainerConfig, ContainerService, NewContainer, Runtime},
    pod::{ClusterAccess, Owner, Pod, PodConfig, PodError, PodStore, PodWatch},
};
use serde_json::{Value, json};
use tokio::{runtime::Handle, time::timeout};

use self::server::{Reply, Server};

const ID: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A pod as the API has it.
fn pod(name: &str, version: u32) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "namespace": "shop", "uid": format!("uid-{name}"),
            "resourceVersion": version.to_string(),
            "labels": {"app": name, "long": "l".repeat(101)},
            "annotations": {"wanted": "yes", "other": "no"},
            "ownerReferences": [
                {"apiVersion": "v1", "kind": "Helper", "name": "x", "uid": "1"},
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "uid": "2", "controller": true}
            ]
        },
        "spec": {
            "nodeName": "here", "serviceAccountName": "seller", "hostNetwork": true, "hostPID": true,
            "automountServiceAccountToken": false,
            "volumes": [{"name": "root", "hostPath": {"path": "/"}}],
            "containers": [{
                "name": "front", "image": "box:1", "securityContext": {"privileged": true, "runAsUser": 7},
                "livenessProbe": {"exec": {"command": ["/bin/true", "-v"]}}
            }]
        },
        "status": {
            "podIP": "10.0.0.7",
            "containerStatuses": [{
                "name": "front", "image": "box:1", "imageID": "box@sha256:1", "ready": true, "restartCount": 0,
                "containerID": format!("containerd://{ID}")
            }]
        }
    })
}

fn list(pods: &[Value], version: u32) -> Reply {
    let metadata = json!({"resourceVersion": version.to_string()});
    Reply::json(
        &json!({"apiVersion": "v1", "kind": "PodList", "metadata": metadata, "items": pods}),
    )
}

fn change(kind: &str, pod: &Value) -> String {
    json!({"type": kind, "object": pod}).to_string()
}

/// A watch of a server that answers with `replies`, one after the other, and then hangs.
async fn watch(replies: Vec<Reply>) -> (PodWatch, Server) {
    let server = Server::start(replies).await;
    let config = PodConfig {
        access: ClusterAccess::Kubeconfig(server.kubeconfig()),
        annotations: vec!["wanted".to_owned(), "missing".to_owned()],
        watch_timeout_s: 1,
        ..PodConfig::of_node("here")
    };
    (PodWatch::start(&Handle::current(), config).await.unwrap(), server)
}

/// Waits until the store is as `wanted`.
#[track_caller]
fn until(store: &PodStore, wanted: impl Fn(&PodStore) -> bool) -> impl Future<Output = ()> {
    let store = store.clone();
    let caller = std::panic::Location::caller();
    let mut changes = store.changes();
    async move {
        let waiting = async {
            while !wanted(&store) {
                changes.changed().await.unwrap();
            }
        };
        let all = timeout(Duration::from_mins(1), waiting).await;
        assert!(all.is_ok(), "never so, at {caller}: {:?}", store.counters());
    }
}

fn names(store: &PodStore) -> Vec<String> {
    let mut names: Vec<_> = store.all().iter().map(|it| it.name.clone()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_listed_pod_is_kept_with_what_matters() {
    let (watch, server) = watch(vec![list(&[pod("web", 1)], 1)]).await;
    until(watch.store(), |it| it.counters().lists == 1).await;
    let web = watch.store().by_container(ID).unwrap();
    let Pod { owner, service_account, host_paths, annotations, labels, containers, .. } = &*web;
    assert_eq!(*owner, Some(Owner { kind: "ReplicaSet".to_owned(), name: "web-1".to_owned() }));
    assert_eq!((&**service_account, web.has_token, &*web.ip), ("seller", false, "10.0.0.7"));
    assert!(web.host_network && web.host_pid && !web.host_ipc);
    assert_eq!(host_paths, &["/"]);
    assert_eq!(annotations.keys().collect::<Vec<_>>(), ["wanted"]);
    assert_eq!(labels.keys().collect::<Vec<_>>(), ["app"]);
    let front = &containers[0];
    assert_eq!((&*front.name, &*front.id, front.runtime), ("front", ID, Some(Runtime::Containerd)));
    assert!(front.privileged && front.run_as_user == Some(7));
    assert_eq!(front.liveness_command, ["/bin/true", "-v"]);
    assert_eq!(watch.store().by_uid("uid_web").unwrap().name, "web", "as cgroups write it");
    let asked = server.requests();
    assert!(
        asked[0].contains("/api/v1/pods?") && asked[0].contains("spec.nodeName%3Dhere"),
        "{asked:?}"
    );
}

#[tokio::test]
async fn pods_come_change_and_go() {
    let mut moved = pod("web", 3);
    moved["status"]["podIP"] = json!("10.0.0.8");
    let lines = [
        change("ADDED", &pod("late", 2)),
        change("MODIFIED", &moved),
        change("DELETED", &pod("late", 4)),
    ];
    let (watch, _server) = watch(vec![list(&[pod("web", 1)], 1), Reply::lines(&lines)]).await;
    until(watch.store(), |it| it.counters().changes == 4).await;
    assert_eq!(names(watch.store()), ["web"]);
    assert_eq!(watch.store().by_uid("uid-web").unwrap().ip, "10.0.0.8");
}

#[tokio::test]
async fn a_broken_watch_goes_on_and_an_expired_one_lists_anew() {
    let gone = json!({"type": "ERROR", "object": {
        "apiVersion": "v1", "kind": "Status", "status": "Failure", "code": 410, "reason": "Expired",
        "message": "too old resource version"
    }});
    let (watch, server) = watch(vec![
        list(&[pod("web", 1)], 1),
        Reply::lines(&[change("ADDED", &pod("second", 2))]).cut(),
        Reply::lines(&[change("ADDED", &pod("third", 3))]),
        Reply::lines(&[gone.to_string()]),
        list(&[pod("web", 5), pod("fourth", 5)], 5),
        Reply::lines(&[change("ADDED", &pod("fifth", 6))]),
    ])
    .await;
    until(watch.store(), |it| it.by_uid("uid-fifth").is_some()).await;
    assert_eq!(names(watch.store()), ["fifth", "fourth", "web"]);
    assert!(watch.store().by_uid("uid-second").is_none(), "not in the second list");
    let lists = server.requests().iter().filter(|it| !it.contains("watch=true")).count();
    assert_eq!(lists, 2);
}

#[tokio::test]
async fn refusals_garbage_and_silence_are_survived() {
    let forbidden = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403,
        "reason": "Forbidden", "message": "no"});
    let (watch, _server) = watch(vec![
        Reply::status(403, &forbidden),
        Reply::raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nnot json!"),
        Reply::raw(b"\x00\x01garbage\r\n\r\n"),
        list(&[pod("web", 1)], 1).cut(),
        list(&[pod("web", 1)], 1),
        Reply::lines(&["{".to_owned(), change("ADDED", &pod("late", 2))]),
        Reply::hang(),
        list(&[pod("web", 1), pod("late", 3)], 3),
        Reply::lines(&[change("ADDED", &pod("last", 4))]),
    ])
    .await;
    until(watch.store(), |it| it.by_uid("uid-last").is_some()).await;
    assert!(watch.store().counters().errors > 3, "{:?}", watch.store().counters());
}

#[tokio::test]
async fn too_many_pods_are_counted() {
    let pods: Vec<_> = (0..5).map(|it| pod(&format!("p{it}"), 1)).collect();
    let server = Server::start(vec![list(&pods, 1)]).await;
    let access = ClusterAccess::Kubeconfig(server.kubeconfig());
    let config = PodConfig { access, max_pods: 3, ..PodConfig::of_node("here") };
    let watch = PodWatch::start(&Handle::current(), config).await.unwrap();
    until(watch.store(), |it| it.counters().lists == 1).await;
    let counters = watch.store().counters();
    assert_eq!((counters.pods, counters.dropped), (3, 2));
}

#[tokio::test]
async fn what_cannot_work_is_said_at_once() {
    let runtime = &Handle::current();
    let nameless = PodWatch::start(runtime, PodConfig::of_node("")).await;
    assert!(matches!(nameless, Err(PodError::NoNode)));
    let access = ClusterAccess::Kubeconfig("/nonexistent".into());
    let config = PodConfig { access, ..PodConfig::of_node("here") };
    let fileless = PodWatch::start(runtime, config).await;
    assert!(matches!(fileless, Err(PodError::Kubeconfig(_))));
}

/// A pod alone describes its container, at once or when it comes after the question; with it, it goes.
#[tokio::test]
async fn a_container_is_known_by_its_pod_where_no_runtime_can_be_asked() {
    let lines = [change("ADDED", &pod("web", 2)), change("DELETED", &pod("web", 3))];
    let (watch, server) = watch(vec![list(&[], 1)]).await;
    let config = ContainerConfig { retry_for: Duration::from_millis(1), ..ContainerConfig::off() };
    let pods = Some(watch.store().clone());
    let mut service = ContainerService::start_with_pods(&Handle::current(), config, pods);
    let wish = NewContainer {
        short_id: ID[..12].to_owned(),
        full_id: ID.to_owned(),
        ..NewContainer::default()
    };
    assert!(service.request(wish));
    let next = async |service: &mut ContainerService| {
        let answer = timeout(Duration::from_mins(1), service.next()).await;
        answer.expect("an answer").expect("the service runs").change
    };
    assert_eq!(next(&mut service).await, Change::Unknown);
    let [added, deleted] = lines;
    server.then(Reply::lines(&[added]));
    let Change::Described(info) = next(&mut service).await else { panic!("the pod is there") };
    assert_eq!((&*info.name, &*info.image, info.privileged), ("front", "box:1", true));
    assert_eq!(info.labels["io.kubernetes.pod.name"], "web");
    server.then(Reply::lines(&[deleted]));
    let Change::Removed(info) = next(&mut service).await else { panic!("the pod is gone") };
    assert_eq!(info.full_id, ID);
}
