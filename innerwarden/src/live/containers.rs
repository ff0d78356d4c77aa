//! Who a container is: asked of the runtimes beside the event thread, answered as events.

use std::{
    env,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

use event::{Event, encode::Encoder};
use host::{ContainerId, Host};
use ingest::{
    container::{ContainerConfig, ContainerCounters, ContainerService},
    pod::{ClusterAccess, PodConfig, PodWatch},
};
use tokio::{runtime::Runtime, sync::oneshot};

use super::now_ns;
use crate::{config::KubernetesSettings, log};

/// New containers that may wait to be asked for; more are asked for at their next process.
const MAX_NEW: usize = 1024;

/// How often threads are counted to see which containers have none, and how many such are told of at a time: the
/// queue of requests has room for others.
const CENSUS: (Duration, usize) = (Duration::from_secs(1), 512);

/// The lookup of containers, running.
#[derive(Debug)]
pub(crate) struct Containers {
    service: ContainerService,
    encoder: Encoder,
    /// The pods of this node; `None` outside a cluster.
    _pods: Option<PodWatch>,
    /// When threads were counted last.
    counted: Instant,
    /// Ends the thread of the service when it is dropped.
    _stop: oneshot::Sender<()>,
}

impl Containers {
    /// Starts asking for the containers of `host`; `None`, which is said, when there is no thread for that.
    pub(crate) fn start(host: &mut Host, kubernetes: Option<&KubernetesSettings>) -> Option<Self> {
        let started = tokio::runtime::Builder::new_current_thread().enable_all().build().and_then(
            |runtime| {
                let handle = runtime.handle().clone();
                let pods = kubernetes.and_then(|settings| watch_pods(&runtime, settings));
                let (stop, stopped) = oneshot::channel::<()>();
                let run = move || {
                    // Ends when the other end is dropped, with an error that means just that.
                    let _ = runtime.block_on(stopped);
                };
                thread::Builder::new().name("containers".to_owned()).spawn(run)?;
                Ok((handle, stop, pods))
            },
        );
        match started {
            Ok((handle, stop, pods)) => {
                host.collect_new_containers(MAX_NEW);
                let store = pods.as_ref().map(|it| it.store().clone());
                let service = ContainerService::start_with_pods(&handle, runtimes(), store);
                let counted = Instant::now();
                let encoder = Encoder::new();
                Some(Self { service, encoder, counted, _pods: pods, _stop: stop })
            }
            Err(error) => {
                log::error(format_args!("containers have no metadata: no thread ({error})"));
                None
            }
        }
    }

    /// Asks for the containers that `host` has seen and does not know; `asked` hears of each.
    pub(crate) fn ask(&self, host: &mut Host, mut asked: impl FnMut(ContainerId, &str)) {
        for new in host.take_new_containers() {
            let request = ingest::container::NewContainer::from(&new);
            let short_id = request.short_id.clone();
            if self.service.request(request) {
                asked(new.id, &short_id);
            }
        }
    }

    /// Tells the service, from time to time, which containers no thread is in any more.
    pub(super) fn tell_deserted(&mut self, host: &mut Host) {
        let (period, most) = CENSUS;
        if self.counted.elapsed() >= period {
            self.counted = Instant::now();
            for id in host.take_deserted_containers(most) {
                self.service.last_thread_gone(&String::from_utf8_lossy(&id));
            }
        }
    }

    /// Whether there is an answer: `see` gets the id of its container and its event, if it has one.
    pub(crate) fn answer(&mut self, see: impl FnOnce(&str, Option<&Event<'_>>)) -> bool {
        let Some(answer) = self.service.try_next() else { return false };
        let id = &answer.short_id;
        match answer.encode(&mut self.encoder, now_ns()) {
            Some(Ok(event)) => see(id, Some(&event)),
            Some(Err(error)) => {
                log::debug(format_args!("container {id}: {error}"));
                see(id, None);
            }
            None => see(id, None),
        }
        true
    }

    /// What was done and lost.
    pub(super) fn counters(&self) -> ContainerCounters {
        self.service.counters()
    }
}

/// Begins to watch the pods of this node. Without them, what runtimes say has to do.
fn watch_pods(runtime: &Runtime, settings: &KubernetesSettings) -> Option<PodWatch> {
    let mut config = PodConfig::of_node(&settings.node);
    if let Some(path) = &settings.kubeconfig {
        config.access = ClusterAccess::Kubeconfig(path.clone());
    }
    match runtime.block_on(PodWatch::start(runtime.handle(), config)) {
        Ok(watch) => Some(watch),
        Err(error) => {
            log::warning(format_args!("pods of node `{}` are not known: {error}", settings.node));
            None
        }
    }
}

/// The runtimes of this host, wherever its root is mounted.
fn runtimes() -> ContainerConfig {
    ContainerConfig {
        host_root: env::var_os("HOST_ROOT").map(PathBuf::from).unwrap_or_default(),
        ..ContainerConfig::default()
    }
}
