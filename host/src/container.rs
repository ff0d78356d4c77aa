//! Containers: ids from cgroups, metadata from container events.

use crate::text::Text;

/// A container id seen on this host, interned; compare ids, not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContainerId(pub(crate) u32);

impl ContainerId {
    /// Not in a container.
    pub const HOST: Self = Self(0);
}

/// A mount of a container.
#[expect(missing_docs, reason = "the names are the runtime's own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount {
    pub source: String,
    pub destination: String,
    pub mode: String,
    pub rdwr: bool,
    pub propagation: String,
}

/// A published port.
#[expect(missing_docs, reason = "the names are the runtime's own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PortMapping {
    pub host_ip: u32,
    pub host_port: u16,
    pub container_port: u16,
}

/// Metadata of a container, as the container plugin 0.7 hands it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the plugin's own")]
pub struct Container {
    /// Number of the runtime (docker 0, lxc 1, … host 0xfffe).
    pub kind: u32,
    /// First 12 characters of the id.
    pub id: String,
    pub full_id: String,
    pub name: String,
    pub image: String,
    pub image_id: String,
    pub image_repository: String,
    pub image_tag: String,
    pub image_digest: String,
    pub user: String,
    pub ip: String,
    pub cni_json: String,
    pub created_time_s: i64,
    pub privileged: bool,
    pub host_pid: bool,
    pub host_network: bool,
    pub host_ipc: bool,
    pub is_pod_sandbox: bool,
    /// Full id of the pod's sandbox, empty if none.
    pub pod_sandbox_id: String,
    pub pod_sandbox_cni_json: String,
    /// Sorted by key.
    pub labels: Vec<(String, String)>,
    /// Sorted by key.
    pub pod_sandbox_labels: Vec<(String, String)>,
    pub env: Vec<String>,
    pub mounts: Vec<Mount>,
    pub port_mappings: Vec<PortMapping>,
}

/// Every container known.
#[derive(Debug, Default)]
pub struct Containers {}

impl Containers {
    /// Metadata of `id`; `None` while it is not known. The host has an entry of its own.
    pub fn metadata(&self, id: ContainerId) -> Option<&Container> {
        let _ = id;
        None
    }

    /// The short id as `container.id` shows it: 12 characters, a name (lxc), or `host`.
    pub fn short_id(&self, id: ContainerId) -> &Text {
        let _ = id;
        unimplemented!()
    }

    /// The id of the container whose full or short id is `text`.
    pub fn find(&self, text: &[u8]) -> Option<ContainerId> {
        let _ = text;
        None
    }
}
