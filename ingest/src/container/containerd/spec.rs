//! The part of an OCI runtime specification that says what a container may do.

use std::collections::HashMap;

use serde::{Deserialize, Deserializer};

use super::super::info::Volume;

/// An OCI specification; absent and `null` keys are defaults.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Spec {
    pub(super) process: Option<Process>,
    pub(super) linux: Option<Linux>,
    #[serde(deserialize_with = "or_default")]
    mounts: Vec<Mount>,
    #[serde(deserialize_with = "or_default")]
    pub(super) annotations: HashMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Process {
    pub(super) user: User,
    #[serde(deserialize_with = "or_default")]
    pub(super) env: Vec<String>,
    selinux_label: String,
    apparmor_profile: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    pub(super) uid: u32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Linux {
    #[serde(deserialize_with = "or_default")]
    pub(super) resources: Resources,
    #[serde(deserialize_with = "or_default")]
    namespaces: Vec<Namespace>,
    masked_paths: Option<Vec<String>>,
    readonly_paths: Option<Vec<String>>,
    seccomp: Option<serde::de::IgnoredAny>,
    rootfs_propagation: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Namespace {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Resources {
    #[serde(deserialize_with = "or_default")]
    pub(super) cpu: Cpu,
    #[serde(deserialize_with = "or_default")]
    pub(super) memory: Memory,
}

/// 0 where no limit is set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Cpu {
    pub(super) shares: i64,
    pub(super) quota: i64,
    pub(super) period: i64,
    pub(super) cpus: String,
}

/// Bytes; 0 where no limit is set.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub(super) limit: i64,
    pub(super) swap: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Mount {
    source: String,
    destination: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(deserialize_with = "or_default")]
    options: Vec<String>,
}

impl Spec {
    /// Whether a namespace of `kind` (`pid`, `network`, `ipc`) is the host's: no new one is asked for.
    pub(super) fn has_host(&self, kind: &str) -> bool {
        let namespaces = self.linux.as_ref().map(|it| &*it.namespaces).unwrap_or_default();
        namespaces.iter().all(|it| it.kind != kind)
    }

    /// Whether nothing confines it: no masked or read-only paths, no profile, no filter of syscalls,
    /// and `/sys` and cgroups writable. A specification has no word for this.
    pub(super) fn is_privileged(&self) -> bool {
        let (Some(linux), Some(process)) = (&self.linux, &self.process) else { return false };
        let confined = linux.masked_paths.is_some()
            || linux.readonly_paths.is_some()
            || linux.seccomp.is_some()
            || !process.selinux_label.is_empty()
            || !matches!(&*process.apparmor_profile, "" | "unconfined");
        let read_only = |it: &Mount| {
            matches!(&*it.kind, "sysfs" | "cgroup") && it.options.iter().any(|it| it == "ro")
        };
        !confined && !self.mounts.iter().any(read_only)
    }

    /// Its mounts, the runtime's own included.
    pub(super) fn volumes(&self) -> Vec<Volume> {
        let propagation = self.linux.as_ref().map(|it| &*it.rootfs_propagation).unwrap_or_default();
        let volume = |it: &Mount| Volume {
            source: it.source.clone(),
            destination: it.destination.clone(),
            mode: it
                .options
                .iter()
                .rev()
                .find_map(|it| it.strip_prefix("mode="))
                .unwrap_or_default()
                .to_owned(),
            rw: !it.options.iter().any(|it| it == "ro"),
            propagation: propagation.to_owned(),
        };
        self.mounts.iter().map(volume).collect()
    }
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
