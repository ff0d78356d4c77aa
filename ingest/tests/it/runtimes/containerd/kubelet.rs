//! A kubelet's half of CRI: makes pods and containers.

use std::{collections::HashMap, path::Path};

use hyper::http::uri::PathAndQuery;
use prost::Message;
use tonic::{
    Request,
    client::Grpc,
    transport::{Channel, Endpoint},
};
use tonic_prost::ProstCodec;

/// `NamespaceMode::NODE`.
const NODE: i32 = 2;

/// A pod to be made.
#[derive(Debug, Default)]
pub(super) struct PodWish {
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) namespace: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) privileged: bool,
    pub(super) host_namespaces: bool,
}

/// A container to be made.
#[derive(Debug, Default)]
pub(super) struct ContainerWish {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) command: Vec<String>,
    pub(super) env: Vec<(String, String)>,
    pub(super) labels: Vec<(String, String)>,
    /// Path on the host, path in the container, whether it is read-only.
    pub(super) mounts: Vec<(String, String, bool)>,
    pub(super) uid: Option<i64>,
    pub(super) privileged: bool,
    pub(super) host_namespaces: bool,
    pub(super) cpu_shares: i64,
    pub(super) memory_bytes: i64,
}

/// A connection to a CRI runtime.
pub(super) struct Kubelet(Grpc<Channel>);

impl Kubelet {
    pub(super) async fn connect(socket: &Path) -> Self {
        let address = format!("unix://{}", socket.display());
        Self(Grpc::new(Endpoint::from_shared(address).unwrap().connect().await.unwrap()))
    }

    /// Makes a pod; gives the id of its sandbox.
    pub(super) async fn run_pod(&mut self, pod: &PodWish) -> String {
        let config = Some(SandboxConfig::of(pod));
        let made: Id = self.call("RunPodSandbox", RunPodSandbox { config }).await;
        made.id
    }

    /// Makes a container in a pod and starts it; gives its id.
    pub(super) async fn run_container(
        &mut self,
        sandbox: &str,
        pod: &PodWish,
        wish: &ContainerWish,
    ) -> String {
        let made: Id = self
            .call(
                "CreateContainer",
                CreateContainer {
                    sandbox: sandbox.to_owned(),
                    config: Some(Config::of(wish)),
                    sandbox_config: Some(SandboxConfig::of(pod)),
                },
            )
            .await;
        let _: Nothing = self.call("StartContainer", Id { id: made.id.clone() }).await;
        made.id
    }

    /// Stops and removes a pod and all that is in it.
    pub(super) async fn remove_pod(&mut self, sandbox: &str) {
        for call in ["StopPodSandbox", "RemovePodSandbox"] {
            let _: Nothing = self.call(call, Id { id: sandbox.to_owned() }).await;
        }
    }

    /// Does so with all pods.
    pub(super) async fn remove_all_pods(&mut self) {
        let all: Sandboxes = self.call("ListPodSandbox", Nothing {}).await;
        for sandbox in all.items {
            self.remove_pod(&sandbox.id).await;
        }
    }

    async fn call<A, B>(&mut self, name: &str, message: A) -> B
    where
        A: Message + 'static,
        B: Message + Default + 'static,
    {
        self.0.ready().await.unwrap();
        let path: PathAndQuery = format!("/runtime.v1.RuntimeService/{name}").parse().unwrap();
        let answer = self.0.unary(Request::new(message), path, ProstCodec::<A, B>::default()).await;
        answer.unwrap_or_else(|status| panic!("{name}: {status}")).into_inner()
    }
}

impl SandboxConfig {
    fn of(pod: &PodWish) -> Self {
        let metadata = SandboxMetadata {
            name: pod.name.clone(),
            uid: pod.uid.clone(),
            namespace: pod.namespace.clone(),
        };
        let options = options(pod.host_namespaces);
        let security = SandboxSecurity { options: Some(options), privileged: pod.privileged };
        Self {
            metadata: Some(metadata),
            labels: pod.labels.iter().cloned().collect(),
            linux: Some(LinuxSandbox { security: Some(security) }),
        }
    }
}

impl Config {
    fn of(wish: &ContainerWish) -> Self {
        let env = wish.env.iter().cloned().map(|(key, value)| KeyValue { key, value });
        let mounts = wish.mounts.iter().cloned().map(|(host_path, container_path, readonly)| {
            Mount { container_path, host_path, readonly }
        });
        let security = Security {
            privileged: wish.privileged,
            options: Some(options(wish.host_namespaces)),
            run_as_user: wish.uid.map(|value| Int64 { value }),
        };
        let resources = Resources { cpu_shares: wish.cpu_shares, memory_limit: wish.memory_bytes };
        Self {
            metadata: Some(Metadata { name: wish.name.clone() }),
            image: Some(Image { image: wish.image.clone() }),
            command: wish.command.clone(),
            env: env.collect(),
            mounts: mounts.collect(),
            labels: wish.labels.iter().cloned().collect(),
            linux: Some(Linux { resources: Some(resources), security: Some(security) }),
        }
    }
}

fn options(host: bool) -> Options {
    let mode = if host { NODE } else { 0 };
    // A container's own pid namespace is the default of a kubelet.
    Options { network: mode, pid: if host { NODE } else { 1 }, ipc: mode }
}

#[derive(Clone, PartialEq, Message)]
struct Nothing {}

#[derive(Clone, PartialEq, Message)]
struct Id {
    #[prost(string, tag = "1")]
    id: String,
}

#[derive(Clone, PartialEq, Message)]
struct Sandboxes {
    #[prost(message, repeated, tag = "1")]
    items: Vec<Id>,
}

#[derive(Clone, PartialEq, Message)]
struct RunPodSandbox {
    #[prost(message, optional, tag = "1")]
    config: Option<SandboxConfig>,
}

#[derive(Clone, PartialEq, Message)]
struct SandboxConfig {
    #[prost(message, optional, tag = "1")]
    metadata: Option<SandboxMetadata>,
    #[prost(map = "string, string", tag = "6")]
    labels: HashMap<String, String>,
    #[prost(message, optional, tag = "8")]
    linux: Option<LinuxSandbox>,
}

#[derive(Clone, PartialEq, Message)]
struct SandboxMetadata {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    uid: String,
    #[prost(string, tag = "3")]
    namespace: String,
}

#[derive(Clone, PartialEq, Message)]
struct LinuxSandbox {
    #[prost(message, optional, tag = "2")]
    security: Option<SandboxSecurity>,
}

#[derive(Clone, PartialEq, Message)]
struct SandboxSecurity {
    #[prost(message, optional, tag = "1")]
    options: Option<Options>,
    #[prost(bool, tag = "6")]
    privileged: bool,
}

#[derive(Clone, PartialEq, Message)]
struct Options {
    #[prost(int32, tag = "1")]
    network: i32,
    #[prost(int32, tag = "2")]
    pid: i32,
    #[prost(int32, tag = "3")]
    ipc: i32,
}

#[derive(Clone, PartialEq, Message)]
struct CreateContainer {
    #[prost(string, tag = "1")]
    sandbox: String,
    #[prost(message, optional, tag = "2")]
    config: Option<Config>,
    #[prost(message, optional, tag = "3")]
    sandbox_config: Option<SandboxConfig>,
}

#[derive(Clone, PartialEq, Message)]
struct Config {
    #[prost(message, optional, tag = "1")]
    metadata: Option<Metadata>,
    #[prost(message, optional, tag = "2")]
    image: Option<Image>,
    #[prost(string, repeated, tag = "3")]
    command: Vec<String>,
    #[prost(message, repeated, tag = "6")]
    env: Vec<KeyValue>,
    #[prost(message, repeated, tag = "7")]
    mounts: Vec<Mount>,
    #[prost(map = "string, string", tag = "9")]
    labels: HashMap<String, String>,
    #[prost(message, optional, tag = "15")]
    linux: Option<Linux>,
}

#[derive(Clone, PartialEq, Message)]
struct Metadata {
    #[prost(string, tag = "1")]
    name: String,
}

#[derive(Clone, PartialEq, Message)]
struct Image {
    #[prost(string, tag = "1")]
    image: String,
}

#[derive(Clone, PartialEq, Message)]
struct KeyValue {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Clone, PartialEq, Message)]
struct Mount {
    #[prost(string, tag = "1")]
    container_path: String,
    #[prost(string, tag = "2")]
    host_path: String,
    #[prost(bool, tag = "3")]
    readonly: bool,
}

#[derive(Clone, PartialEq, Message)]
struct Linux {
    #[prost(message, optional, tag = "1")]
    resources: Option<Resources>,
    #[prost(message, optional, tag = "2")]
    security: Option<Security>,
}

#[derive(Clone, PartialEq, Message)]
struct Resources {
    #[prost(int64, tag = "3")]
    cpu_shares: i64,
    #[prost(int64, tag = "4")]
    memory_limit: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Security {
    #[prost(bool, tag = "2")]
    privileged: bool,
    #[prost(message, optional, tag = "3")]
    options: Option<Options>,
    #[prost(message, optional, tag = "5")]
    run_as_user: Option<Int64>,
}

#[derive(Clone, PartialEq, Message)]
struct Int64 {
    #[prost(int64, tag = "1")]
    value: i64,
}
