//! CRI v1: containers and sandboxes of containerd and CRI-O under Kubernetes.

mod message;
#[cfg(test)]
mod tests;
mod verbose;

use std::collections::BTreeMap;

use prost::Message as _;
use tonic::Streaming;

use self::{
    message::{
        ContainerEvent, ContainerStatus, ContainerStatusResponse, EventsRequest, Filter,
        ListContainersResponse, ListRequest, ListSandboxesResponse, ListedContainer, ListedSandbox,
        Mount, NODE, NamespaceOptions, SandboxStatus, SandboxStatusResponse, StatsRequest,
        StatsResponse, StatusRequest, VersionRequest, VersionResponse,
    },
    verbose::{ContainerDetails, SandboxDetails},
};
use super::{
    grpc::{Connection, GrpcError},
    image::{count_cpus, repo_and_tag},
    info::{DEFAULT_CPU_PERIOD, DEFAULT_CPU_SHARES, Info, Runtime, Volume},
    listener::{News, NewsError},
    source::{SourceError, Target},
};

const VERSION: &str = "/runtime.v1.RuntimeService/Version";
const LIST_CONTAINERS: &str = "/runtime.v1.RuntimeService/ListContainers";
const LIST_SANDBOXES: &str = "/runtime.v1.RuntimeService/ListPodSandbox";
const CONTAINER_STATUS: &str = "/runtime.v1.RuntimeService/ContainerStatus";
const SANDBOX_STATUS: &str = "/runtime.v1.RuntimeService/PodSandboxStatus";
const CONTAINER_STATS: &str = "/runtime.v1.RuntimeService/ContainerStats";
const EVENTS: &str = "/runtime.v1.RuntimeService/GetContainerEvents";

/// The container or sandbox `id`; `None` when the runtime has none.
pub(super) async fn get(target: &Target, id: &str) -> Result<Option<Info>, SourceError> {
    let mut connection = Connection::open(&target.socket, target.max_bytes).await?;
    let containers = list_containers(&mut connection, Some(id)).await?;
    if let Some(found) = containers.into_iter().find(|it| it.id.starts_with(id)) {
        return container(&mut connection, target, found).await;
    }
    let sandboxes = list_sandboxes(&mut connection, Some(id)).await?;
    match sandboxes.into_iter().find(|it| it.id.starts_with(id)) {
        Some(found) => sandbox(&mut connection, target, found.id).await,
        None => Ok(None),
    }
}

/// Ids of all containers and sandboxes.
pub(super) async fn list(target: &Target) -> Result<Vec<String>, SourceError> {
    let mut connection = Connection::open(&target.socket, target.max_bytes).await?;
    let sandboxes = list_sandboxes(&mut connection, None).await?;
    let containers = list_containers(&mut connection, None).await?;
    let containers = containers.into_iter().map(|it| it.id);
    Ok(sandboxes.into_iter().map(|it| it.id).chain(containers).collect())
}

async fn list_containers(
    connection: &mut Connection,
    id: Option<&str>,
) -> Result<Vec<ListedContainer>, GrpcError> {
    let filter = id.map(|id| Filter { id: id.to_owned() });
    let answer = connection.call(LIST_CONTAINERS, ListRequest { filter }, None).await;
    answer.map(|it: ListContainersResponse| it.containers)
}

async fn list_sandboxes(
    connection: &mut Connection,
    id: Option<&str>,
) -> Result<Vec<ListedSandbox>, GrpcError> {
    let filter = id.map(|id| Filter { id: id.to_owned() });
    let answer = connection.call(LIST_SANDBOXES, ListRequest { filter }, None).await;
    answer.map(|it: ListSandboxesResponse| it.items)
}

/// The stream of `GetContainerEvents`; containerd has it from 1.7 on, CRI-O when it is switched on.
#[derive(Debug)]
pub(super) struct Events(Streaming<ContainerEvent>);

impl Events {
    pub(super) async fn open(target: &Target) -> Result<Self, NewsError> {
        let mut connection = Connection::open(&target.socket, target.max_bytes).await?;
        Ok(Self(connection.stream(EVENTS, EventsRequest {}).await?))
    }

    /// The next news; `None` when the runtime closed.
    pub(super) async fn next(&mut self) -> Result<Option<News>, NewsError> {
        while let Some(event) = self.0.message().await.map_err(GrpcError::from)? {
            match event.kind {
                0 | 1 => return Ok(Some(News::Appeared(event.container_id))),
                3 => return Ok(Some(News::Removed(event.container_id))),
                _ => {}
            }
        }
        Ok(None)
    }
}

async fn container(
    connection: &mut Connection,
    target: &Target,
    listed: ListedContainer,
) -> Result<Option<Info>, SourceError> {
    let ListedContainer { id, pod_sandbox_id: sandbox_id } = listed;
    let ask = StatusRequest { id: id.clone(), verbose: true };
    let answer: ContainerStatusResponse = match connection.call(CONTAINER_STATUS, ask, None).await {
        // Removed between the two calls.
        Err(error) if error.is_not_found() => return Ok(None),
        answer => answer?,
    };
    let Some(status) = answer.status else { return Ok(None) };
    let sandbox = if sandbox_id.is_empty() {
        SandboxStatusResponse::default()
    } else {
        let ask = StatusRequest { id: sandbox_id, verbose: true };
        // Without its sandbox the container still counts.
        connection.call(SANDBOX_STATUS, ask, None).await.unwrap_or_default()
    };
    let size_bytes = if target.with_size {
        let ask = StatsRequest { container_id: id };
        let usage: StatsResponse =
            connection.call(CONTAINER_STATS, ask, None).await.unwrap_or_default();
        let used = usage.stats.and_then(|it| it.writable_layer?.used_bytes);
        used.and_then(|it| i64::try_from(it.value).ok()).unwrap_or(-1)
    } else {
        -1
    };
    let details = ContainerDetails::read(&answer.info);
    let sandbox_details = SandboxDetails::read(&sandbox.info);
    let sandbox = sandbox.status.map(|status| (status, sandbox_details));
    let runtime = runtime(connection).await?;
    let info = describe_container(runtime, &status, &details, sandbox, target.label_max_len);
    Ok(Some(Info { size_bytes, ..info }))
}

async fn sandbox(
    connection: &mut Connection,
    target: &Target,
    id: String,
) -> Result<Option<Info>, SourceError> {
    let ask = StatusRequest { id, verbose: true };
    let answer: SandboxStatusResponse = match connection.call(SANDBOX_STATUS, ask, None).await {
        Err(error) if error.is_not_found() => return Ok(None),
        answer => answer?,
    };
    let details = SandboxDetails::read(&answer.info);
    let Some(status) = answer.status else { return Ok(None) };
    let runtime = runtime(connection).await?;
    Ok(Some(describe_sandbox(runtime, status, &details, target.label_max_len)))
}

/// Reads the answer about a container as [`get`] does.
pub(super) fn read_container(bytes: &[u8], label_max_len: usize) -> Option<Info> {
    let answer = ContainerStatusResponse::decode(bytes).ok()?;
    let details = ContainerDetails::read(&answer.info);
    let sandbox = SandboxStatusResponse::decode(bytes).ok();
    let sandbox = sandbox.and_then(|it| Some((it.status?, SandboxDetails::read(&answer.info))));
    Some(describe_container(
        Runtime::Cri,
        answer.status.as_ref()?,
        &details,
        sandbox,
        label_max_len,
    ))
}

/// Reads the answer about a sandbox as [`get`] does.
pub(super) fn read_sandbox(bytes: &[u8], label_max_len: usize) -> Option<Info> {
    let answer = SandboxStatusResponse::decode(bytes).ok()?;
    let details = SandboxDetails::read(&answer.info);
    Some(describe_sandbox(Runtime::Cri, answer.status?, &details, label_max_len))
}

async fn runtime(connection: &mut Connection) -> Result<Runtime, GrpcError> {
    let ask = VersionRequest { version: String::new() };
    let version: VersionResponse = connection.call(VERSION, ask, None).await?;
    Ok(match &*version.runtime_name {
        "containerd" => Runtime::Containerd,
        "cri-o" => Runtime::CriO,
        _ => Runtime::Cri,
    })
}

fn describe_sandbox(
    runtime: Runtime,
    status: SandboxStatus,
    details: &SandboxDetails,
    label_max_len: usize,
) -> Info {
    let image = details.image.as_deref().unwrap_or_default();
    let (repo, tag) = repo_and_tag(image);
    let base = Info {
        image: image.to_owned(),
        image_repo: repo.to_owned(),
        image_tag: tag.to_owned(),
        created_time_s: status.created_at.div_euclid(1_000_000_000),
        is_pod_sandbox: true,
        labels: Info::short_labels(status.labels.clone(), label_max_len),
        ..Info::bare(runtime, &status.id)
    };
    in_sandbox(base, status, details, label_max_len)
}

fn describe_container(
    runtime: Runtime,
    status: &ContainerStatus,
    details: &ContainerDetails,
    sandbox: Option<(SandboxStatus, SandboxDetails)>,
    label_max_len: usize,
) -> Info {
    let image = Image::of(status, details);
    let user = status.user.as_ref().and_then(|it| Some(it.linux.as_ref()?.uid));
    let user = user.or_else(|| details.uid()).unwrap_or_default();
    let base = Info {
        name: status.metadata.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
        image: image.name,
        image_digest: image.digest,
        image_id: image.id,
        image_repo: image.repo,
        image_tag: image.tag,
        user: user.to_string(),
        created_time_s: status.created_at.div_euclid(1_000_000_000),
        env: details.env(),
        labels: Info::short_labels(status.labels.clone(), label_max_len),
        // A container without a sandbox is its own.
        pod_sandbox_id: status.id.clone(),
        privileged: details.privileged(),
        mounts: status.mounts.iter().map(volume).collect(),
        ..Info::bare(runtime, &status.id)
    };
    let mut info = limited(base, status, details);
    if let Some((sandbox, details)) = sandbox {
        return in_sandbox(info, sandbox, &details, label_max_len);
    }
    info.labels.insert("io.kubernetes.sandbox.id".to_owned(), info.pod_sandbox_id.clone());
    info
}

/// Adds CPU and memory limits.
fn limited(mut info: Info, status: &ContainerStatus, details: &ContainerDetails) -> Info {
    let or = |value: i64, default| if value > 0 { value } else { default };
    if let Some(limits) = status.resources.as_ref().and_then(|it| it.linux.as_ref()) {
        info.cpu_period = or(limits.cpu_period, DEFAULT_CPU_PERIOD);
        info.cpu_quota = limits.cpu_quota;
        info.cpu_shares = or(limits.cpu_shares, DEFAULT_CPU_SHARES);
        info.cpuset_count = count_cpus(&limits.cpuset_cpus);
        info.memory_limit_bytes = limits.memory_limit;
        info.swap_limit_bytes = limits.memory_swap_limit;
        return info;
    }
    let (cpu, memory) = details.limits();
    info.cpu_period = or(cpu.period, DEFAULT_CPU_PERIOD);
    info.cpu_quota = cpu.quota;
    info.cpu_shares = or(cpu.shares, DEFAULT_CPU_SHARES);
    info.cpuset_count = count_cpus(&cpu.cpus);
    info.memory_limit_bytes = memory.limit;
    info.swap_limit_bytes = memory.swap;
    info
}

/// Adds what a container has of its pod.
fn in_sandbox(
    mut info: Info,
    sandbox: SandboxStatus,
    details: &SandboxDetails,
    label_max_len: usize,
) -> Info {
    info.labels.insert("io.kubernetes.sandbox.id".to_owned(), sandbox.id.clone());
    if let Some(metadata) = sandbox.metadata {
        let labels = [
            ("io.kubernetes.pod.uid", metadata.uid),
            ("io.kubernetes.pod.name", metadata.name),
            ("io.kubernetes.pod.namespace", metadata.namespace),
        ];
        let labels: BTreeMap<_, _> = labels.map(|(key, value)| (key.to_owned(), value)).into();
        info.labels.extend(labels);
    }
    let options = sandbox.linux.and_then(|it| it.namespaces?.options);
    let NamespaceOptions { network, pid, ipc } = options.unwrap_or_default();
    info.host_network = network == NODE;
    info.host_pid = pid == NODE;
    info.host_ipc = ipc == NODE;
    info.ip = sandbox.network.map(|it| it.ip).unwrap_or_default();
    info.cni_json = details.cni_json();
    info.pod_sandbox_id = sandbox.id;
    info.pod_sandbox_labels = Info::short_labels(sandbox.labels, label_max_len);
    info
}

fn volume(mount: &Mount) -> Volume {
    let propagation = match mount.propagation {
        0 => "private",
        1 => "rslave",
        2 => "rshared",
        _ => "unknown",
    };
    Volume {
        source: mount.host_path.clone(),
        destination: mount.container_path.clone(),
        mode: String::new(),
        rw: !mount.readonly,
        propagation: propagation.to_owned(),
    }
}

/// The image's names as the plugin finds them.
#[derive(Debug, Default)]
struct Image {
    name: String,
    repo: String,
    tag: String,
    digest: String,
    id: String,
}

impl Image {
    fn of(status: &ContainerStatus, details: &ContainerDetails) -> Self {
        let asked = status.image.as_ref().map(|it| &*it.image).unwrap_or_default();
        let mut name = asked;
        let mut digest = "";
        // `image_ref` is `sha256:…`, or `name@sha256:…`, which is the better name but has no tag.
        let mut tag_of = None;
        match status.image_ref.find("sha256:") {
            Some(0) => digest = &status.image_ref,
            Some(at) if status.image_ref.get(..at).is_some_and(|it| it.ends_with('@')) => {
                name = status.image_ref.get(..at - 1).unwrap_or_default();
                digest = status.image_ref.get(at..).unwrap_or_default();
                tag_of = Some(asked);
            }
            _ => {}
        }
        if (name.is_empty() || name.starts_with("sha256"))
            && let Some(annotated) = details.image_name()
        {
            name = annotated;
            tag_of = None;
        }
        let (repo, mut tag) = repo_and_tag(name);
        let mut full = name.to_owned();
        if let Some(other) =
            tag_of.map(repo_and_tag).map(|(_, tag)| tag).filter(|it| !it.is_empty())
        {
            tag = other;
            full = format!("{name}:{tag}");
        }
        let requested = repo_and_tag(details.requested_image()).1;
        let id = if requested.is_empty() { &status.image_id } else { requested };
        Self {
            name: full,
            repo: repo.to_owned(),
            tag: tag.to_owned(),
            digest: digest.to_owned(),
            id: id.to_owned(),
        }
    }
}
