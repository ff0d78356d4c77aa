//! The answer to `inspect` that Docker and Podman share.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Deserializer};

use super::{
    image::{count_cpus, host_ip, unix_seconds},
    info::{DEFAULT_CPU_PERIOD, DEFAULT_CPU_SHARES, Info, Probe, PublishedPort, Runtime, Volume},
};

/// An absent key and `null` are both the default: the Go side writes either.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What both answer of a container; what is missing has its default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Inspect {
    pub(super) id: String,
    name: String,
    /// Id of the image.
    pub(super) image: String,
    /// Podman's alone; Docker has it in `config`.
    pub(super) image_name: String,
    /// Podman's alone.
    pub(super) image_digest: String,
    created: String,
    size_rw: Option<i64>,
    #[serde(deserialize_with = "or_default")]
    pub(super) config: Config,
    #[serde(deserialize_with = "or_default")]
    pub(super) host_config: HostConfig,
    #[serde(deserialize_with = "or_default")]
    pub(super) network_settings: NetworkSettings,
    #[serde(deserialize_with = "or_default")]
    mounts: Vec<Mount>,
    /// Podman's alone: it holds the namespaces of a pod.
    is_infra: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Config {
    /// Docker's alone.
    pub(super) image: String,
    user: String,
    #[serde(deserialize_with = "or_default")]
    env: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    labels: HashMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    /// Docker's alone.
    pub(super) healthcheck: Healthcheck,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct Healthcheck {
    #[serde(deserialize_with = "or_default")]
    test: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(super) struct HostConfig {
    pub(super) network_mode: String,
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
pub(super) struct NetworkSettings {
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

impl NetworkSettings {
    /// The container's address. Docker 29 no longer has it at the top, and Podman neither in a network with a name:
    /// then the first network's.
    pub(super) fn address(&self) -> String {
        if !self.ip_address.is_empty() {
            return self.ip_address.clone();
        }
        let networks = self.networks.values().flatten().map(|it| &it.ip_address);
        networks.into_iter().find(|it| !it.is_empty()).cloned().unwrap_or_default()
    }

    /// Published TCP ports. The plugin has none of Podman's: it takes `80/tcp` for a number.
    fn published(&self) -> Vec<PublishedPort> {
        let tcp = self.ports.iter().filter_map(|(port, bindings)| {
            let (number, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
            let container_port = number.parse().ok().filter(|_| protocol == "tcp")?;
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

impl Healthcheck {
    pub(super) fn probe(&self) -> Option<Probe> {
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

impl Inspect {
    /// What both tell; the fields of the image are left empty.
    pub(super) fn to_info(&self, runtime: Runtime, label_max_len: usize) -> Info {
        let (host, config) = (&self.host_config, &self.config);
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
            is_pod_sandbox: self.is_infra || name.contains("k8s_POD"),
            labels: Info::short_labels(&config.labels, label_max_len),
            memory_limit_bytes: host.memory,
            swap_limit_bytes: host.memory_swap,
            privileged: host.privileged,
            port_mappings: self.network_settings.published(),
            mounts: self.mounts.iter().map(volume).collect(),
            ..Info::bare(runtime, &self.id)
        }
    }
}
