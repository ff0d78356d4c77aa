//! Podman: containers by `GET /libpod/containers/{id}/json`, news by `GET /libpod/events`.
//!
//! libpod rather than the API that imitates Docker's: it alone tells the image's name and digest.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer};

use super::{
    docker::{self, path_segment},
    http,
    image::{count_cpus, host_ip, repo_and_tag, unix_seconds},
    info::{DEFAULT_CPU_PERIOD, DEFAULT_CPU_SHARES, Info, PublishedPort, Runtime, Volume},
    listener::{News, NewsError},
    source::{SourceError, Target},
};

/// Containers created, started and removed; the filter is URL-encoded JSON.
pub(super) const EVENTS_PATH: &str = "/v4.0.0/libpod/events?stream=true&filters=%7B%22type%22%3A\
    %5B%22container%22%5D%2C%22event%22%3A%5B%22create%22%2C%22start%22%2C%22remove%22%5D%7D";

/// The container `id`; `None` when Podman does not know it.
pub(super) async fn get(target: &Target, id: &str) -> Result<Option<Info>, SourceError> {
    let size = if target.with_size { "?size=true" } else { "" };
    let path = format!("/v4.0.0/libpod/containers/{}/json{size}", path_segment(id));
    let inspect: Inspect = match http::get(&target.socket, &path, target.max_bytes).await {
        Ok(body) => serde_json::from_slice(&body)?,
        Err(http::HttpError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // A name may be asked for too; only an id is an answer.
    let is_it = inspect.id.starts_with(id);
    Ok(is_it.then(|| inspect.to_info(target.label_max_len)))
}

/// Ids of all containers, stopped ones included.
pub(super) async fn list(target: &Target) -> Result<Vec<String>, SourceError> {
    #[derive(Deserialize)]
    struct Listed {
        #[serde(rename = "Id")]
        id: String,
    }
    let path = "/v4.0.0/libpod/containers/json?all=true";
    let body = http::get(&target.socket, path, target.max_bytes).await?;
    let listed: Option<Vec<Listed>> = serde_json::from_slice(&body)?;
    Ok(listed.unwrap_or_default().into_iter().map(|it| it.id).collect())
}

/// What a line of events says; `None` for what does not concern us.
pub(super) fn news(line: &[u8]) -> Result<Option<News>, NewsError> {
    docker::news(line)
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
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
    image_name: String,
    image_digest: String,
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
    is_infra: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Config {
    user: String,
    #[serde(deserialize_with = "or_default")]
    env: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    labels: HashMap<String, String>,
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
#[serde(default)]
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

impl NetworkSettings {
    /// The container's address; in a network of its own name it is there alone.
    fn address(&self) -> String {
        let networks = self.networks.values().flatten().map(|it| &it.ip_address);
        let mut all = std::iter::once(&self.ip_address).chain(networks);
        all.find(|it| !it.is_empty()).cloned().unwrap_or_default()
    }

    /// Published TCP ports. The plugin has none of Podman's: it takes `80/tcp` for a number.
    fn published(&self) -> Vec<PublishedPort> {
        let tcp = self.ports.iter().filter_map(|(port, bindings)| {
            let container_port = port.strip_suffix("/tcp")?.parse().ok()?;
            Some((container_port, bindings.as_deref().unwrap_or_default()))
        });
        let each = tcp.flat_map(|(port, bindings)| bindings.iter().map(move |it| (port, it)));
        each.filter_map(|(container_port, binding)| {
            // Podman leaves the address of all interfaces out.
            let host_ip = if binding.host_ip.is_empty() { 0 } else { host_ip(&binding.host_ip)? };
            let host_port = binding.host_port.parse().ok()?;
            Some(PublishedPort { host_ip, host_port, container_port })
        })
        .collect()
    }
}

impl Inspect {
    fn to_info(&self, label_max_len: usize) -> Info {
        let (host, config) = (&self.host_config, &self.config);
        let (repo, tag) = repo_and_tag(&self.image_name);
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
            image: self.image_name.clone(),
            image_digest: self.image_digest.clone(),
            image_id: self.image.clone(),
            image_repo: repo.to_owned(),
            image_tag: tag.to_owned(),
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
            is_pod_sandbox: self.is_infra || name.contains("k8s_POD"),
            labels: Info::short_labels(&config.labels, label_max_len),
            memory_limit_bytes: host.memory,
            swap_limit_bytes: host.memory_swap,
            privileged: host.privileged,
            port_mappings: self.network_settings.published(),
            mounts: self.mounts.iter().map(volume).collect(),
            ..Info::bare(Runtime::Podman, &self.id)
        }
    }
}

/// Reads an answer as [`get`] does.
pub(super) fn read(container: &[u8], label_max_len: usize) -> Option<Info> {
    let inspect: Inspect = serde_json::from_slice(container).ok()?;
    Some(inspect.to_info(label_max_len))
}
