//! What a container runtime says of a container, as Falco's container plugin passes it on.

use serde_json::{Map, Value};

/// Runtime number of the host's own entry.
pub(super) const KIND_HOST: u32 = 0xfffe;

/// Runtime number when the metadata names none.
const KIND_UNKNOWN: u32 = 0xffff;

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
#[expect(clippy::struct_excessive_bools, reason = "they mirror the plugin's flags")]
pub struct Container {
    /// Number of the runtime (docker 0, lxc 1, … host 0xfffe); [`Container::kind_name`] names it.
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
    /// CNI result of the pod's sandbox, JSON text.
    pub cni_json: String,
    pub created_time_s: i64,
    pub privileged: bool,
    pub host_pid: bool,
    pub host_network: bool,
    pub host_ipc: bool,
    pub is_pod_sandbox: bool,
    /// Full id of the pod's sandbox, empty if none.
    pub pod_sandbox_id: String,
    /// Sorted by key.
    pub labels: Vec<(String, String)>,
    /// Sorted by key.
    pub pod_sandbox_labels: Vec<(String, String)>,
    pub env: Vec<String>,
    pub mounts: Vec<Mount>,
    pub port_mappings: Vec<PortMapping>,
}

/// Why metadata was ignored. Falco drops the whole event in these cases, so do we.
#[derive(Debug, thiserror::Error)]
pub(super) enum MetadataError {
    #[error("not JSON")]
    Json(#[from] serde_json::Error),
    #[error("`{key}` is missing or has another type")]
    Mismatch { key: &'static str },
}

impl Container {
    /// The host, as `container.*` shows it.
    pub(super) fn host() -> Self {
        let name = "host".to_owned();
        Self { kind: KIND_HOST, id: name.clone(), full_id: name.clone(), name, ..Self::default() }
    }

    /// A container of which only the id and the runtime are known.
    pub(super) fn bare(id: &[u8], kind: u32) -> Self {
        Self { kind, id: String::from_utf8_lossy(id).into_owned(), ..Self::default() }
    }

    /// Reads `{"container": {…}}`. Absent keys take defaults; a key of another type is an error.
    pub(super) fn from_json(json: &[u8]) -> Result<Self, MetadataError> {
        let root: Value = serde_json::from_slice(json)?;
        let object = root
            .get("container")
            .and_then(Value::as_object)
            .ok_or(MetadataError::Mismatch { key: "container" })?;
        let reader = Reader(object);
        Ok(Self {
            kind: reader.kind()?,
            id: reader.string("id")?,
            full_id: reader.string("full_id")?,
            name: reader.string("name")?,
            image: reader.string("image")?,
            image_id: reader.string("imageid")?,
            image_repository: reader.string("imagerepo")?,
            image_tag: reader.string("imagetag")?,
            image_digest: reader.string("imagedigest")?,
            user: reader.string("User")?,
            ip: reader.string("ip")?,
            cni_json: reader.string("cni_json")?,
            created_time_s: reader.int("created_time")?,
            privileged: reader.bool("privileged")?,
            host_pid: reader.bool("host_pid")?,
            host_network: reader.bool("host_network")?,
            host_ipc: reader.bool("host_ipc")?,
            is_pod_sandbox: reader.bool("is_pod_sandbox")?,
            pod_sandbox_id: reader.string("pod_sandbox_id")?,
            labels: reader.map("labels")?,
            pod_sandbox_labels: reader.map("pod_sandbox_labels")?,
            env: reader.list("env", |value| value.as_str().map(str::to_owned))?,
            mounts: reader.list("Mounts", |value| mount(value).ok())?,
            port_mappings: reader.list("port_mappings", |value| port_mapping(value).ok())?,
        })
    }

    /// Memory that it takes, roughly. Tiny entries of a list take many times the JSON that they came from.
    pub(super) fn memory_bytes(&self) -> usize {
        let texts = [
            &self.id,
            &self.full_id,
            &self.name,
            &self.image,
            &self.image_id,
            &self.image_repository,
            &self.image_tag,
            &self.image_digest,
            &self.user,
            &self.ip,
            &self.cni_json,
            &self.pod_sandbox_id,
        ];
        let texts = texts.into_iter().chain(&self.env);
        let labels = self.labels.iter().chain(&self.pod_sandbox_labels);
        let of_mount = |it: &Mount| {
            it.source.len() + it.destination.len() + it.mode.len() + it.propagation.len()
        };
        size_of::<Self>()
            + texts.map(String::len).sum::<usize>()
            + labels.map(|(key, value)| key.len() + value.len()).sum::<usize>()
            + self.mounts.iter().map(of_mount).sum::<usize>()
            + size_of_val(&*self.env)
            + size_of_val(&*self.labels)
            + size_of_val(&*self.pod_sandbox_labels)
            + size_of_val(&*self.mounts)
            + size_of_val(&*self.port_mappings)
    }

    /// The runtime as `container.type` shows it; empty when it has no name.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            0 => "docker",
            1 => "lxc",
            2 => "libvirt-lxc",
            3 => "mesos",
            4 => "rkt",
            6 => "cri",
            7 => "containerd",
            8 => "cri-o",
            9 => "bpm",
            11 => "podman",
            KIND_HOST => "host",
            _ => "",
        }
    }

    /// The value of label `key`; `None` when the container does not have it.
    pub fn label(&self, key: &str) -> Option<&str> {
        value_of(&self.labels, key)
    }

    /// The value of label `key` of the pod's sandbox; `None` when it does not have it.
    pub fn pod_sandbox_label(&self, key: &str) -> Option<&str> {
        value_of(&self.pod_sandbox_labels, key)
    }
}

fn value_of<'a>(labels: &'a [(String, String)], key: &str) -> Option<&'a str> {
    let index = labels.binary_search_by(|(name, _)| name.as_str().cmp(key)).ok()?;
    labels.get(index).map(|(_, value)| value.as_str())
}

fn mount(value: &Value) -> Result<Mount, MetadataError> {
    let reader = Reader(value.as_object().ok_or(MetadataError::Mismatch { key: "Mounts" })?);
    Ok(Mount {
        source: reader.string("Source")?,
        destination: reader.string("Destination")?,
        mode: reader.string("Mode")?,
        rdwr: reader.bool("RW")?,
        propagation: reader.string("Propagation")?,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the plugin stores whatever number it reads in these widths"
)]
fn port_mapping(value: &Value) -> Result<PortMapping, MetadataError> {
    let key = "port_mappings";
    let reader = Reader(value.as_object().ok_or(MetadataError::Mismatch { key })?);
    Ok(PortMapping {
        host_ip: reader.int("HostIp")? as u32,
        host_port: reader.int("HostPort")? as u16,
        container_port: reader.int("ContainerPort")? as u16,
    })
}

/// An object whose keys are all optional but typed.
struct Reader<'a>(&'a Map<String, Value>);

impl Reader<'_> {
    fn string(&self, key: &'static str) -> Result<String, MetadataError> {
        match self.0.get(key) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(MetadataError::Mismatch { key }),
        }
    }

    fn bool(&self, key: &'static str) -> Result<bool, MetadataError> {
        match self.0.get(key) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or(MetadataError::Mismatch { key }),
        }
    }

    /// A number; fractions are cut off and booleans are 0 and 1, as in the plugin's JSON library.
    fn int(&self, key: &'static str) -> Result<i64, MetadataError> {
        match self.0.get(key) {
            None => Ok(0),
            Some(Value::Bool(value)) => Ok(i64::from(*value)),
            Some(value) => int_of(value).ok_or(MetadataError::Mismatch { key }),
        }
    }

    fn kind(&self) -> Result<u32, MetadataError> {
        let key = "type";
        match self.0.get(key) {
            None => Ok(KIND_UNKNOWN),
            Some(value) => {
                let number = int_of(value).ok_or(MetadataError::Mismatch { key })?;
                Ok(u32::try_from(number).unwrap_or(KIND_UNKNOWN))
            }
        }
    }

    /// Pairs sorted by key; `null` counts as empty.
    fn map(&self, key: &'static str) -> Result<Vec<(String, String)>, MetadataError> {
        let object = match self.0.get(key) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Object(object)) => object,
            Some(_) => return Err(MetadataError::Mismatch { key }),
        };
        let mut pairs = object
            .iter()
            .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect::<Option<Vec<_>>>()
            .ok_or(MetadataError::Mismatch { key })?;
        pairs.sort_unstable();
        Ok(pairs)
    }

    /// Every element through `item`; `null` counts as empty.
    fn list<T>(
        &self,
        key: &'static str,
        item: impl Fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>, MetadataError> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                let items = items.iter().map(item).collect::<Option<Vec<_>>>();
                items.ok_or(MetadataError::Mismatch { key })
            }
            Some(_) => Err(MetadataError::Mismatch { key }),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a saturating cast is what a fraction or an exponent deserves here"
)]
fn int_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_f64().map(|number| number as i64))
}

#[cfg(test)]
mod tests;
