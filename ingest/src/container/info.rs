//! What is told of a container: the JSON of Falco's container plugin.

use std::collections::BTreeMap;

use serde::Serialize;

/// Characters of an id that `container.id` shows.
const SHORT_ID_LEN: usize = 12;

/// CFS period that a runtime uses when none is set, µs.
pub(super) const DEFAULT_CPU_PERIOD: i64 = 100_000;

/// CPU shares that a runtime uses when none are set.
pub(super) const DEFAULT_CPU_SHARES: i64 = 1024;

/// The container runtime as the plugin numbers it (`container.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "u32")]
pub enum Runtime {
    /// Docker.
    Docker,
    /// A CRI runtime that is neither containerd nor CRI-O.
    Cri,
    /// containerd, by CRI or by its own API.
    Containerd,
    /// CRI-O.
    CriO,
    /// Podman.
    Podman,
}

impl From<Runtime> for u32 {
    fn from(runtime: Runtime) -> Self {
        match runtime {
            Runtime::Docker => 0,
            Runtime::Cri => 6,
            Runtime::Containerd => 7,
            Runtime::CriO => 8,
            Runtime::Podman => 11,
        }
    }
}

/// A published TCP port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PublishedPort {
    /// IPv4 address of the host; the first byte is the highest.
    pub host_ip: u32,
    /// Port of the host.
    pub host_port: u16,
    /// Port in the container.
    pub container_port: u16,
}

/// A mount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the names are the runtimes' own")]
pub struct Volume {
    pub source: String,
    pub destination: String,
    pub mode: String,
    #[serde(rename = "RW")]
    pub rw: bool,
    pub propagation: String,
}

/// A health check or probe: a command that runs in the container without being its workload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "a command and its arguments")]
pub struct Probe {
    pub exe: String,
    pub args: Vec<String>,
}

/// All that is told of a container, in the plugin's order and under its names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are the plugin's own")]
#[expect(clippy::struct_excessive_bools, reason = "they mirror the plugin's flags")]
pub struct Info {
    #[serde(rename = "type")]
    pub runtime: Runtime,
    /// First 12 characters of the id.
    pub id: String,
    pub name: String,
    pub image: String,
    #[serde(rename = "imagedigest")]
    pub image_digest: String,
    #[serde(rename = "imageid")]
    pub image_id: String,
    #[serde(rename = "imagerepo")]
    pub image_repo: String,
    #[serde(rename = "imagetag")]
    pub image_tag: String,
    #[serde(rename = "User")]
    pub user: String,
    pub cni_json: String,
    pub cpu_period: i64,
    pub cpu_quota: i64,
    pub cpu_shares: i64,
    #[serde(rename = "cpuset_cpu_count")]
    pub cpuset_count: i64,
    #[serde(rename = "created_time")]
    pub created_time_s: i64,
    pub env: Vec<String>,
    pub full_id: String,
    pub host_ipc: bool,
    pub host_network: bool,
    pub host_pid: bool,
    pub ip: String,
    /// Bytes of the writable layer; -1 when nobody asked.
    #[serde(rename = "size")]
    pub size_bytes: i64,
    pub is_pod_sandbox: bool,
    pub labels: BTreeMap<String, String>,
    #[serde(rename = "memory_limit")]
    pub memory_limit_bytes: i64,
    #[serde(rename = "swap_limit")]
    pub swap_limit_bytes: i64,
    pub pod_sandbox_id: String,
    pub privileged: bool,
    pub pod_sandbox_labels: BTreeMap<String, String>,
    pub port_mappings: Vec<PublishedPort>,
    #[serde(rename = "Mounts")]
    pub mounts: Vec<Volume>,
    #[serde(rename = "Healthcheck", skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Probe>,
    #[serde(rename = "LivenessProbe", skip_serializing_if = "Option::is_none")]
    pub liveness_probe: Option<Probe>,
    #[serde(rename = "ReadinessProbe", skip_serializing_if = "Option::is_none")]
    pub readiness_probe: Option<Probe>,
}

impl Info {
    /// A container of which only runtime and id are known.
    pub fn bare(runtime: Runtime, full_id: &str) -> Self {
        Self {
            runtime,
            id: short_id(full_id).to_owned(),
            name: String::new(),
            image: String::new(),
            image_digest: String::new(),
            image_id: String::new(),
            image_repo: String::new(),
            image_tag: String::new(),
            user: String::new(),
            cni_json: String::new(),
            cpu_period: DEFAULT_CPU_PERIOD,
            cpu_quota: 0,
            cpu_shares: DEFAULT_CPU_SHARES,
            cpuset_count: 0,
            created_time_s: 0,
            env: Vec::new(),
            full_id: full_id.to_owned(),
            host_ipc: false,
            host_network: false,
            host_pid: false,
            ip: String::new(),
            size_bytes: -1,
            is_pod_sandbox: false,
            labels: BTreeMap::new(),
            memory_limit_bytes: 0,
            swap_limit_bytes: 0,
            pod_sandbox_id: String::new(),
            privileged: false,
            pod_sandbox_labels: BTreeMap::new(),
            port_mappings: Vec::new(),
            mounts: Vec::new(),
            healthcheck: None,
            liveness_probe: None,
            readiness_probe: None,
        }
    }

    /// The plugin's JSON: `{"container":{…}}`, one line.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Root<'a> {
            container: &'a Info,
        }
        // Text, numbers and maps with text for keys: there is nothing that JSON could not say.
        serde_json::to_string(&Root { container: self }).unwrap_or_default()
    }

    /// Keeps of `labels` those whose values have at most `max_len` bytes.
    pub(super) fn short_labels<K, V>(
        labels: impl IntoIterator<Item = (K, V)>,
        max_len: usize,
    ) -> BTreeMap<String, String>
    where
        K: Into<String>,
        V: Into<String> + AsRef<str>,
    {
        let fitting = labels.into_iter().filter(|(_, value)| value.as_ref().len() <= max_len);
        fitting.map(|(key, value)| (key.into(), value.into())).collect()
    }
}

/// The id as `container.id` shows it.
pub(super) fn short_id(full_id: &str) -> &str {
    full_id.get(..SHORT_ID_LEN).unwrap_or(full_id)
}
