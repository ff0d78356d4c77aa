//! Containers: who they are, asked of the runtimes, as the events of Falco's container plugin.
//!
//! [`ContainerService`] runs beside the thread that handles events and never holds it up: requests
//! that find no room are dropped and counted, answers are fetched when there are some.
//!
//! ```text
//! event thread ── request ──▶ hub ── lookup ──▶ Podman · Docker · CRI · containerd
//!       ▲                    │  ▲                     │
//!       └───── answer ───────┘  └────── news ─────────┘ (lists, event streams)
//! ```

mod answer;
mod config;
mod containerd;
mod counters;
mod cri;
mod docker;
pub mod foreign;
mod grpc;
mod http;
mod hub;
mod image;
mod info;
mod inspect;
mod kubernetes;
mod listener;
mod lookup;
mod podman;
mod request;
mod source;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tokio::{
    runtime::Handle,
    sync::mpsc::{self, error::TrySendError},
    task::JoinHandle,
};

pub use self::{
    answer::{Answer, Change},
    config::{ContainerConfig, Engine, EngineConfig},
    counters::{ContainerCounters, EngineCounters},
    info::{Info, Probe, PublishedPort, Runtime, Volume},
    request::NewContainer,
};
use self::{
    counters::Cells,
    hub::{Ends, Hub},
    request::Request,
};
use crate::pod::PodStore;

/// The lookup of containers: a set of tasks and the two ends that the event thread holds.
#[derive(Debug)]
pub struct ContainerService {
    requests: mpsc::Sender<Request>,
    answers: mpsc::Receiver<Answer>,
    cells: Arc<Cells>,
    hub: JoinHandle<()>,
}

impl ContainerService {
    /// Starts the tasks on `runtime`, which needs its time and I/O drivers. They list what runs and
    /// listen; no socket needs to exist yet.
    pub fn start(runtime: &Handle, config: ContainerConfig) -> Self {
        Self::start_with_pods(runtime, config, None)
    }

    /// The same; what runtimes do not say of a container is taken from its pod.
    pub fn start_with_pods(
        runtime: &Handle,
        config: ContainerConfig,
        pods: Option<PodStore>,
    ) -> Self {
        let (requests, asked) = mpsc::channel(config.max_queued.max(1));
        let (told, answers) = mpsc::channel(config.max_queued.max(1));
        let cells = Arc::<Cells>::default();
        let ends = Ends { requests: asked, answers: told };
        let hub = runtime.spawn(Hub::run(config, Arc::clone(&cells), pods, ends));
        Self { requests, answers, cells, hub }
    }

    /// Asks for a container. Never waits; false, and counted, when too many requests wait already.
    /// Every request that is taken is answered, if only by [`Change::Unknown`].
    pub fn request(&self, container: NewContainer) -> bool {
        self.cells.service.requested.add_one();
        self.send(Request::New(container))
    }

    /// Tells that no thread is left in the container with this short id. It is forgotten after a while
    /// unless it is asked for again or its runtime is faster.
    pub fn last_thread_gone(&self, short_id: &str) -> bool {
        self.send(Request::LastThreadGone(short_id.to_owned()))
    }

    /// The next answer, if there is one. Never waits.
    pub fn try_next(&mut self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }

    /// Waits for the next answer; `None` when the service has ended.
    pub async fn next(&mut self) -> Option<Answer> {
        self.answers.recv().await
    }

    /// What was done and lost so far.
    pub fn counters(&self) -> ContainerCounters {
        self.cells.read_all()
    }

    fn send(&self, request: Request) -> bool {
        match self.requests.try_send(request) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Closed(_)) => {
                self.cells.service.requests_dropped.add_one();
                false
            }
        }
    }
}

impl Drop for ContainerService {
    /// Ends all tasks.
    fn drop(&mut self) {
        self.hub.abort();
    }
}
