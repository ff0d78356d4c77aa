//! What is kept of a pod.

use std::collections::BTreeMap;

use k8s_openapi::{
    api::core::v1::{self, ContainerStatus, PodSpec},
    apimachinery::pkg::apis::meta::v1::OwnerReference,
};

use super::PodConfig;
use crate::container::Runtime;

/// Most labels, annotations and containers that are kept of one pod.
const MAX_ITEMS: usize = 256;

/// Who made a pod: the nearest owner that controls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// `ReplicaSet`, `DaemonSet`, `Job`, …
    pub kind: String,
    /// Its name.
    pub name: String,
}

/// A container of a pod, as far as the API knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodContainer {
    /// Name within the pod.
    pub name: String,
    /// Id that the runtime gave it, 64 digits; empty while it has not been made.
    pub id: String,
    /// The runtime that has it; `None` while it has not been made.
    pub runtime: Option<Runtime>,
    /// Image as the pod's author wrote it.
    pub image: String,
    /// Image with digest as the runtime has it; empty while it has not been pulled.
    pub image_id: String,
    /// Whether the author asked for privileges.
    pub privileged: bool,
    /// User id that the author asked for; `None` leaves it to the image.
    pub run_as_user: Option<i64>,
    /// Command of the liveness probe; empty if it has none, or one without a command.
    pub liveness_command: Vec<String>,
    /// Command of the readiness probe; the same.
    pub readiness_command: Vec<String>,
}

/// A pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they mirror the pod's flags")]
pub struct Pod {
    /// Unique id.
    pub uid: String,
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Node that it runs on.
    pub node: String,
    /// Service account, without its namespace.
    pub service_account: String,
    /// Whether a token of the service account is mounted. The default is that it is.
    pub has_token: bool,
    /// Who made it; `None` for a pod that somebody made by hand.
    pub owner: Option<Owner>,
    /// Labels whose values are not too long.
    pub labels: BTreeMap<String, String>,
    /// The annotations that were asked for.
    pub annotations: BTreeMap<String, String>,
    /// Its address; empty before it has one.
    pub ip: String,
    /// It is in the node's network namespace.
    pub host_network: bool,
    /// It is in the node's pid namespace.
    pub host_pid: bool,
    /// It is in the node's IPC namespace.
    pub host_ipc: bool,
    /// Paths of the node that it mounts.
    pub host_paths: Vec<String>,
    /// Containers: those of initialization, ordinary ones, those added for debugging.
    pub containers: Vec<PodContainer>,
}

impl Pod {
    /// The pod as it is kept; `None` for one without a uid, which no API server has.
    pub(super) fn of(pod: v1::Pod, config: &PodConfig) -> Option<Self> {
        let metadata = pod.metadata;
        let uid = metadata.uid.filter(|it| !it.is_empty())?;
        let spec = pod.spec.unwrap_or_default();
        let status = pod.status.unwrap_or_default();
        let labels = metadata.labels.unwrap_or_default().into_iter();
        let fitting = labels.filter(|(_, value)| value.len() <= config.label_max_len);
        let mut annotations = metadata.annotations.unwrap_or_default();
        let wanted = config.annotations.iter().take(MAX_ITEMS);
        let wanted = wanted.filter_map(|key| annotations.remove_entry(key));
        let statuses: Vec<_> = [
            status.init_container_statuses,
            status.container_statuses,
            status.ephemeral_container_statuses,
        ]
        .into_iter()
        .flatten()
        .flatten()
        .collect();
        Some(Self {
            uid,
            name: metadata.name.unwrap_or_default(),
            namespace: metadata.namespace.unwrap_or_default(),
            node: spec.node_name.clone().unwrap_or_default(),
            service_account: spec.service_account_name.clone().unwrap_or_default(),
            has_token: spec.automount_service_account_token.unwrap_or(true),
            owner: owner(metadata.owner_references.unwrap_or_default()),
            labels: fitting.take(MAX_ITEMS).collect(),
            annotations: wanted.collect(),
            ip: status.pod_ip.unwrap_or_default(),
            host_network: spec.host_network.unwrap_or_default(),
            host_pid: spec.host_pid.unwrap_or_default(),
            host_ipc: spec.host_ipc.unwrap_or_default(),
            host_paths: host_paths(&spec),
            containers: containers(spec, &statuses),
        })
    }

    /// The container with this id, or whose id begins so.
    pub fn container(&self, id: &str) -> Option<&PodContainer> {
        self.containers.iter().find(|it| !id.is_empty() && it.id.starts_with(id))
    }
}

fn owner(references: Vec<OwnerReference>) -> Option<Owner> {
    let controls = |it: &OwnerReference| it.controller.unwrap_or_default();
    let controller = references.iter().position(controls).unwrap_or_default();
    let reference = references.into_iter().nth(controller)?;
    Some(Owner { kind: reference.kind, name: reference.name })
}

fn host_paths(spec: &PodSpec) -> Vec<String> {
    let volumes = spec.volumes.iter().flatten();
    let paths = volumes.filter_map(|it| Some(it.host_path.as_ref()?.path.clone()));
    paths.take(MAX_ITEMS).collect()
}

fn containers(spec: PodSpec, statuses: &[ContainerStatus]) -> Vec<PodContainer> {
    let pod_user = spec.security_context.and_then(|it| it.run_as_user);
    let command =
        |probe: Option<v1::Probe>| probe.and_then(|it| it.exec?.command).unwrap_or_default();
    let init = spec.init_containers.into_iter().flatten();
    let ordinary = init.chain(spec.containers).map(|it| {
        (
            it.name,
            it.image,
            it.security_context,
            command(it.liveness_probe),
            command(it.readiness_probe),
        )
    });
    let added = spec.ephemeral_containers.into_iter().flatten();
    let added = added.map(|it| (it.name, it.image, it.security_context, Vec::new(), Vec::new()));
    let all = ordinary.chain(added).take(MAX_ITEMS);
    all.map(|(name, image, security, liveness_command, readiness_command)| {
        let status = statuses.iter().find(|it| it.name == name);
        let id = status.and_then(|it| it.container_id.as_deref()).unwrap_or_default();
        let (scheme, id) = id.split_once("://").unwrap_or_default();
        let security = security.unwrap_or_default();
        PodContainer {
            id: id.to_owned(),
            runtime: runtime(scheme),
            image: image.unwrap_or_default(),
            image_id: status.map(|it| it.image_id.clone()).unwrap_or_default(),
            privileged: security.privileged.unwrap_or_default(),
            run_as_user: security.run_as_user.or(pod_user),
            liveness_command,
            readiness_command,
            name,
        }
    })
    .collect()
}

fn runtime(scheme: &str) -> Option<Runtime> {
    match scheme {
        "" => None,
        "docker" => Some(Runtime::Docker),
        "containerd" => Some(Runtime::Containerd),
        "cri-o" => Some(Runtime::CriO),
        _ => Some(Runtime::Cri),
    }
}
