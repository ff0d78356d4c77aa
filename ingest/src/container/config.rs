//! Which runtimes are asked, where, and within what bounds.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// Most sockets of one engine: user sockets of Podman are found by looking.
const MAX_SOCKETS: usize = 64;

/// Whom a socket belongs to, in the order in which a container is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Engine {
    /// Podman's own API.
    Podman,
    /// Docker's API.
    Docker,
    /// The Container Runtime Interface v1: containerd, CRI-O.
    Cri,
    /// containerd's own API, for containers that neither Docker nor Kubernetes made.
    Containerd,
}

impl Engine {
    /// All of them, in order.
    pub const ALL: [Self; 4] = [Self::Podman, Self::Docker, Self::Cri, Self::Containerd];

    /// The name in configurations, messages and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Podman => "podman",
            Self::Docker => "docker",
            Self::Cri => "cri",
            Self::Containerd => "containerd",
        }
    }
}

/// The sockets of one engine. No socket: it is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineConfig {
    /// Absolute paths, without the host's root. A `*` stands for any one folder.
    pub sockets: Vec<PathBuf>,
}

impl EngineConfig {
    /// An engine at these sockets.
    pub fn at<P: Into<PathBuf>>(sockets: impl IntoIterator<Item = P>) -> Self {
        Self { sockets: sockets.into_iter().map(Into::into).collect() }
    }

    /// Nobody is asked.
    pub fn off() -> Self {
        Self::default()
    }
}

/// Everything about the lookup of containers that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerConfig {
    /// Sockets of Docker.
    pub docker: EngineConfig,
    /// Sockets of Podman.
    pub podman: EngineConfig,
    /// Sockets of CRI runtimes.
    pub cri: EngineConfig,
    /// Sockets of containerd's own API.
    pub containerd: EngineConfig,
    /// What is put before every socket: where the host's root is mounted (Falco's `HOST_ROOT`).
    pub host_root: PathBuf,
    /// Labels with longer values are left out, bytes.
    pub label_max_len: usize,
    /// Ask for the size of the writable layer; costs the runtime a walk of it.
    pub with_size: bool,
    /// How long one request to a runtime may take.
    pub request_timeout: Duration,
    /// How long a container that no runtime knows is asked for again: a runtime may tell of it only
    /// after its first process has started.
    pub retry_for: Duration,
    /// How long a better-placed engine is waited for when another one has answered.
    pub grace: Duration,
    /// How often containers are listed where the runtime tells of changes by itself.
    pub resync: Duration,
    /// How often containers are listed where it does not.
    pub poll: Duration,
    /// How long after its last thread a container is forgotten if no runtime says so.
    pub forget_after: Duration,
    /// Largest answer of a runtime, bytes.
    pub max_answer_bytes: usize,
    /// Most containers remembered.
    pub max_containers: usize,
    /// Most requests and answers that wait.
    pub max_queued: usize,
    /// Most containers looked for at one time.
    pub max_outstanding: usize,
}

impl Default for ContainerConfig {
    fn default() -> Self {
        Self {
            docker: EngineConfig::at(["/var/run/docker.sock"]),
            podman: EngineConfig::at(["/run/podman/podman.sock", "/run/user/*/podman/podman.sock"]),
            cri: EngineConfig::at([
                "/run/containerd/containerd.sock",
                "/run/crio/crio.sock",
                "/run/k3s/containerd/containerd.sock",
                "/run/host-containerd/containerd.sock",
            ]),
            // Falco has the second one only, and so knows nothing of containers of `ctr` and nerdctl.
            containerd: EngineConfig::at([
                "/run/containerd/containerd.sock",
                "/run/host-containerd/containerd.sock",
            ]),
            host_root: PathBuf::new(),
            label_max_len: 100,
            with_size: false,
            request_timeout: Duration::from_secs(2),
            retry_for: Duration::from_secs(1),
            grace: Duration::from_millis(100),
            resync: Duration::from_mins(1),
            poll: Duration::from_secs(5),
            forget_after: Duration::from_secs(10),
            max_answer_bytes: 4 << 20,
            max_containers: 16_384,
            max_queued: 1024,
            max_outstanding: 64,
        }
    }
}

impl ContainerConfig {
    /// Nobody is asked; bounds are the defaults.
    pub fn off() -> Self {
        Self {
            docker: EngineConfig::off(),
            podman: EngineConfig::off(),
            cri: EngineConfig::off(),
            containerd: EngineConfig::off(),
            ..Self::default()
        }
    }

    /// The sockets of `engine`.
    pub fn engine(&self, engine: Engine) -> &EngineConfig {
        match engine {
            Engine::Podman => &self.podman,
            Engine::Docker => &self.docker,
            Engine::Cri => &self.cri,
            Engine::Containerd => &self.containerd,
        }
    }

    /// Paths of `engine`'s sockets on this machine: those with a `*` only where something is.
    pub fn sockets(&self, engine: Engine) -> Vec<PathBuf> {
        let all = self.engine(engine).sockets.iter().flat_map(|socket| {
            let path = under(&self.host_root, socket);
            if path.components().any(|it| it.as_os_str() == "*") {
                expand(&path)
            } else {
                vec![path]
            }
        });
        all.take(MAX_SOCKETS).collect()
    }
}

fn under(root: &Path, path: &Path) -> PathBuf {
    if root.as_os_str().is_empty() {
        return path.to_owned();
    }
    root.join(path.strip_prefix("/").unwrap_or(path))
}

/// The existing paths that `pattern` stands for; its `*` is one whole folder.
fn expand(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        if part.as_os_str() == "*" {
            let inside = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().flatten();
            found = found.into_iter().flat_map(inside).map(|it| it.path()).take(4096).collect();
        } else {
            for path in &mut found {
                path.push(part);
            }
        }
    }
    found.retain(|path| path.exists());
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_sockets_are_found_below_the_hosts_root() {
        let root = tempfile::tempdir().unwrap();
        for user in ["1000", "1001"] {
            fs::create_dir_all(root.path().join("run/user").join(user).join("podman")).unwrap();
        }
        let socket = root.path().join("run/user/1001/podman/podman.sock");
        fs::write(&socket, "").unwrap();
        let config =
            ContainerConfig { host_root: root.path().to_owned(), ..ContainerConfig::default() };
        let first = root.path().join("run/podman/podman.sock");
        assert_eq!(config.sockets(Engine::Podman), [first, socket]);
        assert_eq!(config.sockets(Engine::Docker), [root.path().join("var/run/docker.sock")]);
        assert!(ContainerConfig::off().sockets(Engine::Cri).is_empty());
    }
}
