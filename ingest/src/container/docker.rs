//! Docker: containers by `GET /containers/{id}/json`, news by `GET /events`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::{
    http,
    image::{count_cpus, host_ip, repo_and_tag, unix_seconds},
    info::{DEFAULT_CPU_PERIOD, DEFAULT_CPU_SHARES, Info, Probe, PublishedPort, Runtime, Volume},
    listener::{News, NewsError},
    source::{SourceError, Target},
};

/// Containers created, started and destroyed; the filter is URL-encoded JSON.
pub(super) const EVENTS_PATH: &str = "/events?filters=%7B%22type%22%3A%7B%22container%22%3Atrue%7D\
    %2C%22event%22%3A%7B%22create%22%3Atrue%2C%22start%22%3Atrue%2C%22destroy%22%3Atrue%7D%7D";

/// The container `id`; `None` when Docker does not know it.
pub(super) async fn get(target: &Target, id: &str) -> Result<Option<Info>, SourceError> {
    let Some(inspect) = inspect(target, id).await? else { return Ok(None) };
    // A name may be asked for too; only an id is an answer.
    if !inspect.id.starts_with(id) {
        return Ok(None);
    }
    let image = if inspect.image.is_empty() {
        Image::default()
    } else {
        let path = format!("/images/{}/json", path_segment(&inspect.image));
        // The image of a running container may have been removed: the container still counts.
        match http::get(&target.socket, &path, target.max_bytes).await {
            Ok(body) => serde_json::from_slice(&body).unwrap_or_default(),
            Err(_) => Image::default(),
        }
    };
    let mut info = inspect.to_info(&image, target.label_max_len);
    if info.ip.is_empty()
        && let Some(other) = inspect.host_config.network_mode.strip_prefix("container:")
        && let Ok(Some(other)) = self::inspect(target, other).await
    {
        info.ip = other.network_settings.address();
    }
    Ok(Some(info))
}

/// Ids of all containers, stopped ones included.
pub(super) async fn list(target: &Target) -> Result<Vec<String>, SourceError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Listed {
        id: String,
    }
    let body = http::get(&target.socket, "/containers/json?all=true", target.max_bytes).await?;
    let listed: Vec<Listed> = serde_json::from_slice(&body)?;
    Ok(listed.into_iter().map(|it| it.id).collect())
}

/// What a line of `/events` says; `None` for what does not concern us.
pub(super) fn news(line: &[u8]) -> Result<Option<News>, NewsError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Line {
        #[serde(default)]
        action: String,
        #[serde(default)]
        actor: Actor,
    }
    #[derive(Default, Deserialize)]
    struct Actor {
        #[serde(default, rename = "ID")]
        id: String,
    }
    let line: Line = serde_json::from_slice(line)?;
    let id = line.actor.id;
    Ok(match &*line.action {
        _ if id.is_empty() => None,
        "create" | "start" => Some(News::Appeared(id)),
        "destroy" | "remove" => Some(News::Removed(id)), // Docker's word and Podman's
        _ => None,
    })
}

async fn inspect(target: &Target, id: &str) -> Result<Option<Inspect>, SourceError> {
    let size = if target.with_size { "?size=1" } else { "" };
    let path = format!("/containers/{}/json{size}", path_segment(id));
    match http::get(&target.socket, &path, target.max_bytes).await {
        Ok(body) => Ok(Some(serde_json::from_slice(&body)?)),
        Err(http::HttpError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// `text` as one segment of a path: what is not an id's character is left out.
pub(super) fn path_segment(text: &str) -> String {
    let is_plain = |it: &char| it.is_ascii_alphanumeric() || "._-:".contains(*it);
    text.chars().filter(is_plain).collect()
}

/// An absent key and `null` are both the default: the Go side writes either.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Inspect {
    id: String,
    name: String,
    /// Id of the image.
    image: String,
    created: String,
    size_rw: Option<i64>,
    #[serde(deserialize_with = "or_default")]
    config: Config,
    #[serde(deserialize_with = "or_default")]
    host_config: HostConfig,
    #[serde(deserialize_with = "or_default")]
    network_settings: NetworkSettings,
    #[serde(deserialize_with = "or_default")]
    mounts: Vec<Mount>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Config {
    image: String,
    user: String,
    #[serde(deserialize_with = "or_default")]
    env: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    labels: HashMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    healthcheck: Healthcheck,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Healthcheck {
    #[serde(deserialize_with = "or_default")]
    test: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct HostConfig {
    network_mode: String,
    pid_mode: String,
    ipc_mode: String,
    privileged: bool,
    cpu_shares: i64,
    cpu_period: i64,
    cpu_quota: i64,
    cpuset_cpus: String,
    memory: i64,
    memory_swap: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct NetworkSettings {
    #[serde(rename = "IPAddress")]
    ip_address: String,
    #[serde(deserialize_with = "or_default")]
    ports: BTreeMap<String, Option<Vec<Binding>>>,
    #[serde(deserialize_with = "or_default")]
    networks: BTreeMap<String, Option<Network>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Network {
    #[serde(rename = "IPAddress")]
    ip_address: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Binding {
    host_ip: String,
    host_port: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Mount {
    source: String,
    destination: String,
    mode: String,
    #[serde(rename = "RW")]
    rw: bool,
    propagation: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Image {
    id: String,
    #[serde(deserialize_with = "or_default")]
    repo_digests: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    repo_tags: Vec<String>,
}

impl NetworkSettings {
    /// The container's address. Docker 29 no longer has it at the top: then the first network's.
    fn address(&self) -> String {
        if !self.ip_address.is_empty() {
            return self.ip_address.clone();
        }
        let networks = self.networks.values().flatten().map(|it| &it.ip_address);
        networks.into_iter().find(|it| !it.is_empty()).cloned().unwrap_or_default()
    }

    fn published(&self) -> Vec<PublishedPort> {
        let tcp = self.ports.iter().filter_map(|(port, bindings)| {
            let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
            let container_port = number.parse().ok().filter(|_| protocol == "tcp")?;
            Some((container_port, bindings.as_deref().unwrap_or_default()))
        });
        let each = tcp.flat_map(|(port, bindings)| bindings.iter().map(move |it| (port, it)));
        each.filter_map(|(container_port, binding)| {
            let host_ip = host_ip(&binding.host_ip)?;
            let host_port = binding.host_port.parse().ok()?;
            Some(PublishedPort { host_ip, host_port, container_port })
        })
        .collect()
    }
}

impl Healthcheck {
    fn probe(&self) -> Option<Probe> {
        let (kind, rest) = self.test.split_first()?;
        match (&**kind, rest) {
            ("CMD", [exe, args @ ..]) => Some(Probe { exe: exe.clone(), args: args.to_vec() }),
            ("CMD-SHELL", [command, ..]) => {
                let args = vec!["-c".to_owned(), command.clone()];
                Some(Probe { exe: "/bin/sh".to_owned(), args })
            }
            _ => None,
        }
    }
}

impl Image {
    /// Repository, tag and digest. The first digest names the repository, the first tag of that
    /// repository is the tag, as the plugin does it.
    fn names(&self) -> (String, String, String) {
        let digests = self.repo_digests.iter().filter_map(|it| {
            let (repo, digest) = it.split_once('@')?;
            (!digest.contains('@')).then_some((repo, digest))
        });
        let (mut repo, digest) = digests.into_iter().next().unwrap_or_default();
        let mut found_tag = "";
        for full in &self.repo_tags {
            let (tagged, tag) = repo_and_tag(full);
            if tagged.is_empty() || tag.is_empty() {
                continue;
            }
            if repo.is_empty() {
                repo = tagged;
            }
            if full.contains(repo) {
                found_tag = tag;
                break;
            }
        }
        (repo.to_owned(), found_tag.to_owned(), digest.to_owned())
    }
}

impl Inspect {
    fn to_info(&self, image: &Image, label_max_len: usize) -> Info {
        let (host, config) = (&self.host_config, &self.config);
        let (image_repo, image_tag, image_digest) = image.names();
        let name = self.name.strip_prefix('/').unwrap_or(&self.name);
        let or = |value: i64, default| if value > 0 { value } else { default };
        let volume = |it: &Mount| Volume {
            source: it.source.clone(),
            destination: it.destination.clone(),
            mode: it.mode.clone(),
            rw: it.rw,
            propagation: it.propagation.clone(),
        };
        Info {
            name: name.to_owned(),
            image: config.image.clone(),
            image_digest,
            image_id: image.id.strip_prefix("sha256:").unwrap_or(&image.id).to_owned(),
            image_repo,
            image_tag,
            user: config.user.clone(),
            cpu_period: or(host.cpu_period, DEFAULT_CPU_PERIOD),
            cpu_quota: host.cpu_quota,
            cpu_shares: or(host.cpu_shares, DEFAULT_CPU_SHARES),
            cpuset_count: count_cpus(&host.cpuset_cpus),
            created_time_s: unix_seconds(&self.created),
            env: config.env.clone(),
            host_ipc: host.ipc_mode == "host",
            host_network: host.network_mode == "host",
            host_pid: host.pid_mode == "host",
            ip: self.network_settings.address(),
            size_bytes: self.size_rw.unwrap_or(-1),
            // Kubernetes' dockershim and cri-dockerd name sandboxes so.
            is_pod_sandbox: name.contains("k8s_POD"),
            labels: Info::short_labels(&config.labels, label_max_len),
            memory_limit_bytes: host.memory,
            swap_limit_bytes: host.memory_swap,
            privileged: host.privileged,
            port_mappings: self.network_settings.published(),
            mounts: self.mounts.iter().map(volume).collect(),
            healthcheck: config.healthcheck.probe(),
            ..Info::bare(Runtime::Docker, &self.id)
        }
    }
}

/// Reads the two answers as [`get`] does.
pub(super) fn read(container: &[u8], image: &[u8], label_max_len: usize) -> Option<Info> {
    let inspect: Inspect = serde_json::from_slice(container).ok()?;
    Some(inspect.to_info(&serde_json::from_slice(image).unwrap_or_default(), label_max_len))
}
