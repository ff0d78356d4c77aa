//! What CRI runtimes say beyond the protocol: the JSON under `info` of a verbose status.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// Bytes of a CNI result that are passed on.
const MAX_CNI_BYTES: usize = 4096;

/// Annotation with CRI-O's CNI result.
const CRIO_CNI: &str = "io.kubernetes.cri-o.CNIResult";

/// Annotations that name the image where the status has its digest only.
const IMAGE_NAMES: [&str; 3] =
    ["io.kubernetes.cri.image-name", "io.kubernetes.cri-o.Image", "io.kubernetes.cri-o.ImageName"];

/// `info` of a container. Runtimes differ in what they have of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ContainerDetails {
    #[serde(deserialize_with = "lenient")]
    privileged: Option<bool>,
    #[serde(deserialize_with = "lenient")]
    config: Option<Config>,
    #[serde(deserialize_with = "lenient")]
    runtime_spec: Option<Spec>,
}

/// What the kubelet asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Config {
    #[serde(deserialize_with = "lenient")]
    image: Option<ConfigImage>,
    #[serde(deserialize_with = "lenient")]
    envs: Option<Vec<Env>>,
    #[serde(deserialize_with = "lenient")]
    linux: Option<ConfigLinux>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfigImage {
    image: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Env {
    key: String,
    value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfigLinux {
    #[serde(deserialize_with = "lenient")]
    security_context: Option<SecurityContext>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SecurityContext {
    privileged: Option<bool>,
}

/// The OCI specification that the container was started with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    #[serde(deserialize_with = "lenient")]
    annotations: Option<HashMap<String, String>>,
    #[serde(deserialize_with = "lenient")]
    linux: Option<SpecLinux>,
    #[serde(deserialize_with = "lenient")]
    process: Option<SpecProcess>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SpecLinux {
    #[serde(deserialize_with = "lenient")]
    security_context: Option<SecurityContext>,
    #[serde(deserialize_with = "lenient")]
    resources: Option<SpecResources>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SpecProcess {
    #[serde(deserialize_with = "lenient")]
    user: Option<SpecUser>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SpecUser {
    uid: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SpecResources {
    #[serde(deserialize_with = "lenient")]
    cpu: Option<SpecCpu>,
    #[serde(deserialize_with = "lenient")]
    memory: Option<SpecMemory>,
}

/// CPU limits of the OCI specification; 0 where none is set.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SpecCpu {
    pub(super) shares: i64,
    pub(super) quota: i64,
    pub(super) period: i64,
    pub(super) cpus: String,
}

/// Memory limits of the OCI specification, bytes; 0 where none is set.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SpecMemory {
    pub(super) limit: i64,
    pub(super) swap: i64,
}

impl ContainerDetails {
    /// The details in `info`; defaults where the runtime has none or other ones.
    pub(super) fn read(info: &HashMap<String, String>) -> Self {
        let json = info.get("info").map(String::as_str).unwrap_or_default();
        serde_json::from_str(json).unwrap_or_default()
    }

    pub(super) fn privileged(&self) -> bool {
        let spec = self.runtime_spec.as_ref().and_then(|it| it.linux.as_ref());
        let spec = spec.and_then(|it| it.security_context.as_ref()?.privileged);
        let config = self.config.as_ref().and_then(|it| it.linux.as_ref());
        let config = config.and_then(|it| it.security_context.as_ref()?.privileged);
        spec.or(config).or(self.privileged).unwrap_or_default()
    }

    /// `KEY=value` of each variable that the pod sets; the image's own are not among them.
    pub(super) fn env(&self) -> Vec<String> {
        let envs = self.config.as_ref().and_then(|it| it.envs.as_ref());
        let envs = envs.into_iter().flatten();
        envs.map(|it| format!("{}={}", it.key, it.value)).collect()
    }

    /// The image as the kubelet asked for it: an id, mostly.
    pub(super) fn requested_image(&self) -> &str {
        let image = self.config.as_ref().and_then(|it| it.image.as_ref());
        image.map(|it| &*it.image).unwrap_or_default()
    }

    /// The image's name from annotations.
    pub(super) fn image_name(&self) -> Option<&str> {
        let annotations = self.runtime_spec.as_ref()?.annotations.as_ref()?;
        IMAGE_NAMES.iter().find_map(|key| annotations.get(*key)).map(String::as_str)
    }

    pub(super) fn uid(&self) -> Option<i64> {
        Some(self.runtime_spec.as_ref()?.process.as_ref()?.user.as_ref()?.uid)
    }

    /// Limits as the container was started with; containerd before 1.7 has no others.
    pub(super) fn limits(&self) -> (SpecCpu, SpecMemory) {
        let spec = self.runtime_spec.as_ref().and_then(|it| it.linux.as_ref());
        let resources = spec.and_then(|it| it.resources.as_ref());
        let cpu = resources.and_then(|it| it.cpu.clone()).unwrap_or_default();
        (cpu, resources.and_then(|it| it.memory).unwrap_or_default())
    }
}

/// `info` of a sandbox.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct SandboxDetails {
    /// The pause image.
    #[serde(deserialize_with = "lenient")]
    pub(super) image: Option<String>,
    #[serde(deserialize_with = "lenient")]
    cni_result: Option<Map<String, Value>>,
    #[serde(deserialize_with = "lenient")]
    runtime_spec: Option<Spec>,
}

impl SandboxDetails {
    /// The details in `info`; defaults where the runtime has none or other ones.
    pub(super) fn read(info: &HashMap<String, String>) -> Self {
        let json = info.get("info").map(String::as_str).unwrap_or_default();
        serde_json::from_str(json).unwrap_or_default()
    }

    /// The network's interfaces as JSON: containerd's without the loop, or CRI-O's whole CNI result.
    ///
    /// The plugin forgets containerd's by a mistake in an error check.
    pub(super) fn cni_json(&self) -> String {
        let interfaces = self.cni_result.as_ref().and_then(|it| it.get("Interfaces")?.as_object());
        let listed = self.cni_result.as_ref().and_then(|it| it.get("interfaces")?.as_array());
        let mut json = if let Some(interfaces) = interfaces {
            let named = |name: &str| !matches!(name, "lo" | "veth");
            let kept: Vec<&str> =
                interfaces.keys().map(String::as_str).filter(|it| named(it)).collect();
            let kept: Vec<_> =
                kept.iter().map(|name| interface(name, interfaces.get(*name))).collect();
            Value::Array(kept).to_string()
        } else if let Some(listed) = listed {
            let name = |it: &Value| it.get("name").and_then(Value::as_str).map(str::to_owned);
            let kept =
                listed.iter().filter(|it| !matches!(name(it).as_deref(), Some("lo" | "veth")));
            Value::Array(kept.cloned().collect()).to_string()
        } else {
            let spec = self.runtime_spec.as_ref();
            let annotations = spec.and_then(|it| it.annotations.as_ref());
            annotations.and_then(|it| it.get(CRIO_CNI)).cloned().unwrap_or_default()
        };
        json.truncate(json.floor_char_boundary(MAX_CNI_BYTES));
        json
    }
}

fn interface(name: &str, detail: Option<&Value>) -> Value {
    let mut interface = Map::new();
    interface.insert("name".to_owned(), Value::from(name));
    if let Some(detail) = detail.and_then(Value::as_object) {
        interface.extend(detail.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    Value::Object(interface)
}

/// A value of another shape than expected is none: the rest of the answer still counts.
fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
