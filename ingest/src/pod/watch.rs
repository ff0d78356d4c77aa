//! The watch of this node's pods.

use std::{path::PathBuf, pin::pin, time::Duration};

use futures_util::StreamExt as _;
use k8s_openapi::api::core::v1;
use kube::{
    Api, Client, Config,
    config::{InClusterError, KubeConfigOptions, Kubeconfig, KubeconfigError},
    runtime::watcher::{self, Event, watcher},
};
use tokio::{runtime::Handle, task::JoinHandle, time::sleep};

use super::{Pod, PodStore};

/// First pause after an error of the watch; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// Longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How the cluster is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ClusterAccess {
    /// By the service account of the pod that this program runs in; else by `$KUBECONFIG` or
    /// `~/.kube/config`.
    #[default]
    Inferred,
    /// By this file.
    Kubeconfig(PathBuf),
}

/// What is watched and how much is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodConfig {
    /// How the cluster is reached.
    pub access: ClusterAccess,
    /// Name of this node; only its pods are asked for.
    pub node: String,
    /// Annotations that are kept.
    pub annotations: Vec<String>,
    /// Labels with longer values are left out, bytes.
    pub label_max_len: usize,
    /// Most pods that are kept.
    pub max_pods: usize,
    /// How long the API server may keep a watch open, s (1..=290). A watch that is silent for ten seconds
    /// more is taken for dead.
    pub watch_timeout_s: u32,
}

impl PodConfig {
    /// The pods of `node`.
    pub fn of_node(node: impl Into<String>) -> Self {
        Self {
            access: ClusterAccess::default(),
            node: node.into(),
            annotations: Vec::new(),
            label_max_len: 100,
            max_pods: 4096,
            watch_timeout_s: 290,
        }
    }
}

/// Why pods cannot be watched at all. Everything that may pass is tried again instead.
#[derive(Debug, thiserror::Error)]
pub enum PodError {
    /// The name of the node is missing.
    #[error("the name of this node is not known; set it")]
    NoNode,
    /// There is a kubeconfig, but it is of no use.
    #[error("kubeconfig cannot be used")]
    Kubeconfig(#[source] KubeconfigError),
    /// There is neither a service account nor a kubeconfig.
    #[error("not in a cluster, and no kubeconfig")]
    NoCluster(#[source] InClusterError),
    /// The client cannot be made of what they say.
    #[error("the access to the cluster cannot be used")]
    Client(#[source] kube::Error),
}

/// A running watch; dropping it ends it. The store outlives it.
#[derive(Debug)]
pub struct PodWatch {
    store: PodStore,
    task: JoinHandle<()>,
}

impl PodWatch {
    /// Begins to watch on `runtime`. The cluster need not be reachable yet.
    pub async fn start(runtime: &Handle, config: PodConfig) -> Result<Self, PodError> {
        if config.node.is_empty() {
            return Err(PodError::NoNode);
        }
        let mut access = access(&config.access).await?;
        // A list that hangs ends by this; a watch ends earlier by its own silence.
        access.read_timeout = Some(Duration::from_secs(u64::from(config.watch_timeout_s) + 15));
        access.reset_reader_on_write = true;
        let client = Client::try_from(access).map_err(PodError::Client)?;
        let store = PodStore::new(config.max_pods);
        let task = runtime.spawn(watch(client, store.clone(), config));
        Ok(Self { store, task })
    }

    /// What is known.
    pub fn store(&self) -> &PodStore {
        &self.store
    }
}

impl Drop for PodWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn access(access: &ClusterAccess) -> Result<Config, PodError> {
    let options = KubeConfigOptions::default();
    let config = match access {
        ClusterAccess::Inferred => match Config::incluster() {
            Ok(config) => config,
            Err(error) => match Config::from_kubeconfig(&options).await {
                Ok(config) => config,
                Err(_) => return Err(PodError::NoCluster(error)),
            },
        },
        ClusterAccess::Kubeconfig(path) => {
            let file = Kubeconfig::read_from(path).map_err(PodError::Kubeconfig)?;
            let config = Config::from_custom_kubeconfig(file, &options).await;
            config.map_err(PodError::Kubeconfig)?
        }
    };
    Ok(config)
}

/// Watches for ever. kube's watcher lists anew where the server has forgotten what changed since (410),
/// and goes on where a watch merely ended.
async fn watch(client: Client, store: PodStore, config: PodConfig) {
    let wanted = watcher::Config::default()
        .fields(&format!("spec.nodeName={}", config.node))
        .timeout(config.watch_timeout_s.clamp(1, 290))
        .page_size(100);
    let mut events = pin!(watcher(Api::<v1::Pod>::all(client), wanted));
    let mut pause = FIRST_PAUSE;
    while let Some(event) = events.next().await {
        match event {
            Err(_) => {
                store.count_error();
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
                continue;
            }
            Ok(Event::Init) => store.begin_list(),
            Ok(Event::InitDone) => store.end_list(),
            Ok(Event::InitApply(pod) | Event::Apply(pod)) => {
                if let Some(pod) = Pod::of(pod, &config) {
                    store.put(pod);
                }
            }
            Ok(Event::Delete(pod)) => {
                if let Some(uid) = pod.metadata.uid {
                    store.remove(&uid);
                }
            }
        }
        pause = FIRST_PAUSE;
    }
}
