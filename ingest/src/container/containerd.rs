//! containerd's own API: containers of `ctr`, nerdctl and whoever else uses containerd directly.

mod message;
mod spec;
#[cfg(test)]
mod tests;

use prost::Message as _;
use tonic::Streaming;

use self::{
    message::{
        Container, ContainerEvent, Envelope, FilteredRequest, GetImageRequest, GetImageResponse,
        ListContainersResponse, ListIdsResponse, ListNamespacesResponse, ListRequest,
        SubscribeRequest,
    },
    spec::Spec,
};
use super::{
    grpc::{Connection, GrpcError},
    image::{count_cpus, repo_and_tag},
    info::{DEFAULT_CPU_PERIOD, DEFAULT_CPU_SHARES, Info, Runtime, short_id},
    listener::{News, NewsError},
    source::{SourceError, Target},
};

const NAMESPACES: &str = "/containerd.services.namespaces.v1.Namespaces/List";
const CONTAINERS: &str = "/containerd.services.containers.v1.Containers/List";
const IMAGE: &str = "/containerd.services.images.v1.Images/Get";
const EVENTS: &str = "/containerd.services.events.v1.Events/Subscribe";

/// Topics of a container's creation, its first process and its removal.
const TOPICS: [&str; 3] = ["/containers/create", "/tasks/start", "/containers/delete"];

/// Most namespaces that are looked into.
const MAX_NAMESPACES: usize = 64;

/// The container `id`, of whatever namespace; `None` when containerd has none.
pub(super) async fn get(target: &Target, id: &str) -> Result<Option<Info>, SourceError> {
    // An id is words of letters, digits, `.`, `_` and `-`; nothing else can be quoted into a filter.
    let is_id = |it: char| it.is_ascii_alphanumeric() || "._-".contains(it);
    if id.is_empty() || !id.chars().all(is_id) {
        return Ok(None);
    }
    let mut connection = Connection::open(&target.socket, target.max_bytes).await?;
    for namespace in namespaces(&mut connection, target).await? {
        // The cgroup of a long id may have been cut: any container whose id begins so is meant.
        let filters = vec![format!("id~=^{}", id.replace('.', "[.]"))];
        let found: ListContainersResponse =
            connection.call(CONTAINERS, FilteredRequest { filters }, Some(&namespace)).await?;
        let mut found = found.containers;
        let exact = found.iter().position(|it| it.id == id);
        let longer = || found.iter().position(|it| it.id.starts_with(id));
        if let Some(index) = exact.or_else(longer) {
            let container = found.swap_remove(index);
            let (digest, size) = image(&mut connection, &container.image, &namespace).await;
            let size_bytes = if target.with_size { size } else { -1 };
            let info = describe(container, digest, target.label_max_len);
            return Ok(Some(Info { size_bytes, ..info }));
        }
    }
    Ok(None)
}

/// Ids of all containers of all namespaces that no other engine tells of.
pub(super) async fn list(target: &Target) -> Result<Vec<String>, SourceError> {
    let mut connection = Connection::open(&target.socket, target.max_bytes).await?;
    let mut ids = Vec::new();
    for namespace in namespaces(&mut connection, target).await? {
        let all: ListIdsResponse =
            connection.call(CONTAINERS, ListRequest {}, Some(&namespace)).await?;
        ids.extend(all.containers.into_iter().map(|it| it.id));
    }
    Ok(ids)
}

/// The stream of containerd's events.
#[derive(Debug)]
pub(super) struct Events {
    stream: Streaming<Envelope>,
    foreign: Vec<&'static str>,
}

impl Events {
    pub(super) async fn open(target: &Target) -> Result<Self, NewsError> {
        let mut connection = Connection::open(&target.socket, target.max_bytes).await?;
        let filters = TOPICS.iter().map(|topic| format!("topic==\"{topic}\"")).collect();
        let stream = connection.stream(EVENTS, SubscribeRequest { filters }).await?;
        Ok(Self { stream, foreign: target.foreign_namespaces.clone() })
    }

    /// The next news; `None` when containerd closed.
    pub(super) async fn next(&mut self) -> Result<Option<News>, NewsError> {
        while let Some(event) = self.stream.message().await.map_err(GrpcError::from)? {
            if let Some(news) = news(&event, &self.foreign) {
                return Ok(Some(news));
            }
        }
        Ok(None)
    }
}

fn news(event: &Envelope, foreign: &[&str]) -> Option<News> {
    if foreign.contains(&&*event.namespace) {
        return None;
    }
    let payload = event.event.as_ref()?;
    let ContainerEvent { id } = ContainerEvent::decode(&*payload.value).ok()?;
    match &*event.topic {
        _ if id.is_empty() => None,
        "/containers/delete" => Some(News::Removed(id)),
        topic if TOPICS.contains(&topic) => Some(News::Appeared(id)),
        _ => None,
    }
}

async fn namespaces(
    connection: &mut Connection,
    target: &Target,
) -> Result<Vec<String>, GrpcError> {
    let all: ListNamespacesResponse = connection.call(NAMESPACES, ListRequest {}, None).await?;
    let names = all.namespaces.into_iter().map(|it| it.name);
    let own = names.filter(|it| !target.foreign_namespaces.contains(&&**it));
    Ok(own.take(MAX_NAMESPACES).collect())
}

/// Digest and size of an image; nothing where it is not known any more.
async fn image(connection: &mut Connection, name: &str, namespace: &str) -> (String, i64) {
    let ask = GetImageRequest { name: name.to_owned() };
    let answer = connection.call(IMAGE, ask, Some(namespace)).await;
    let target = answer.ok().and_then(|it: GetImageResponse| it.image?.target);
    target.map_or((String::new(), -1), |it| (it.digest, it.size))
}

/// Reads a container as [`get`] does, and an event.
pub(super) fn read(bytes: &[u8], label_max_len: usize) -> Option<Info> {
    let _ = Envelope::decode(bytes).map(|event| news(&event, &[]));
    let container = Container::decode(bytes).ok()?;
    Some(describe(container, String::new(), label_max_len))
}

fn describe(container: Container, image_digest: String, label_max_len: usize) -> Info {
    let spec = container.spec.as_ref().map(|it| &*it.value).unwrap_or_default();
    let spec: Spec = serde_json::from_slice(spec).unwrap_or_default();
    let (repo, tag) = repo_and_tag(&container.image);
    let or = |value: i64, default| if value > 0 { value } else { default };
    let sandbox = Some(container.sandbox).filter(|it| !it.is_empty());
    let annotated = || spec.annotations.get("io.kubernetes.cri.sandbox-id").cloned();
    let base = Info {
        name: short_id(&container.id).to_owned(),
        image_digest,
        image_repo: repo.to_owned(),
        image_tag: tag.to_owned(),
        user: spec.process.as_ref().map(|it| it.user.uid).unwrap_or_default().to_string(),
        created_time_s: container.created_at.map(|it| it.seconds).unwrap_or_default(),
        env: spec.process.as_ref().map(|it| it.env.clone()).unwrap_or_default(),
        host_ipc: spec.has_host("ipc"),
        host_network: spec.has_host("network"),
        host_pid: spec.has_host("pid"),
        is_pod_sandbox: container
            .labels
            .get("io.cri-containerd.kind")
            .is_some_and(|it| it == "sandbox"),
        pod_sandbox_id: sandbox.or_else(annotated).unwrap_or_default(),
        privileged: spec.is_privileged(),
        mounts: spec.volumes(),
        ..Info::bare(Runtime::Containerd, &container.id)
    };
    let resources = spec.linux.map(|it| it.resources).unwrap_or_default();
    Info {
        image: container.image,
        cpu_period: or(resources.cpu.period, DEFAULT_CPU_PERIOD),
        cpu_quota: resources.cpu.quota,
        cpu_shares: or(resources.cpu.shares, DEFAULT_CPU_SHARES),
        cpuset_count: count_cpus(&resources.cpu.cpus),
        memory_limit_bytes: resources.memory.limit,
        swap_limit_bytes: resources.memory.swap,
        labels: Info::short_labels(container.labels, label_max_len),
        ..base
    }
}
