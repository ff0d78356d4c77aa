//! A runtime behind a socket: asking it, and not asking it while it hangs.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, timeout};

use super::{
    config::{ContainerConfig, Engine},
    containerd,
    counters::{Cells, EngineCells},
    cri, docker, grpc, http,
    info::Info,
    podman,
};

/// How long a runtime that did not answer is left alone at first, ms; doubles each time.
const FIRST_REST_MS: u64 = 500;

/// How long it is left alone at most, ms.
const LONGEST_REST_MS: u64 = 30_000;

/// Why a runtime's answer is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    #[error(transparent)]
    Http(#[from] http::HttpError),
    #[error(transparent)]
    Grpc(#[from] grpc::GrpcError),
    #[error("the answer is not what the API promises")]
    Json(#[from] serde_json::Error),
    #[error("no answer in time")]
    TimedOut,
}

/// Where a runtime is asked and how much may come back.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) socket: PathBuf,
    pub(super) label_max_len: usize,
    pub(super) with_size: bool,
    pub(super) max_bytes: usize,
    /// Namespaces of containerd that another engine tells more of.
    pub(super) foreign_namespaces: Vec<&'static str>,
}

/// A runtime behind a socket.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) engine: Engine,
    pub(super) target: Target,
    request_timeout: Duration,
    cells: Arc<Cells>,
    began: Instant,
    /// When it may be asked again, ms after `began`.
    rests_until_ms: AtomicU64,
    /// How long it rests when it fails to answer once more, ms.
    next_rest_ms: AtomicU64,
}

impl Source {
    pub(super) fn new(
        engine: Engine,
        socket: PathBuf,
        config: &ContainerConfig,
        cells: Arc<Cells>,
    ) -> Self {
        let mut foreign_namespaces = Vec::new();
        if !config.docker.sockets.is_empty() {
            foreign_namespaces.push("moby");
        }
        if !config.cri.sockets.is_empty() {
            foreign_namespaces.push("k8s.io");
        }
        let target = Target {
            socket,
            label_max_len: config.label_max_len,
            with_size: config.with_size,
            max_bytes: config.max_answer_bytes,
            foreign_namespaces,
        };
        Self {
            engine,
            target,
            request_timeout: config.request_timeout,
            cells,
            began: Instant::now(),
            rests_until_ms: AtomicU64::new(0),
            next_rest_ms: AtomicU64::new(FIRST_REST_MS),
        }
    }

    /// Counts of this engine.
    pub(super) fn cells(&self) -> &EngineCells {
        self.cells.of(self.engine)
    }

    /// It did not answer lately and is left alone.
    pub(super) fn rests(&self) -> bool {
        self.now_ms() < self.rests_until_ms.load(Ordering::Relaxed)
    }

    /// The container `id`; `None` when the runtime says that it has none.
    pub(super) async fn get(&self, id: &str) -> Result<Option<Info>, SourceError> {
        let cells = self.cells();
        cells.asked.add_one();
        let answer = async {
            match self.engine {
                Engine::Docker => docker::get(&self.target, id).await,
                Engine::Podman => podman::get(&self.target, id).await,
                Engine::Cri => cri::get(&self.target, id).await,
                Engine::Containerd => containerd::get(&self.target, id).await,
            }
        };
        let answer = self.in_time(answer).await;
        match &answer {
            Ok(Some(_)) => cells.answered.add_one(),
            Ok(None) => cells.not_found.add_one(),
            Err(_) => {}
        }
        answer
    }

    /// Ids of all its containers.
    pub(super) async fn list(&self) -> Result<Vec<String>, SourceError> {
        self.in_time(async {
            match self.engine {
                Engine::Docker => docker::list(&self.target).await,
                Engine::Podman => podman::list(&self.target).await,
                Engine::Cri => cri::list(&self.target).await,
                Engine::Containerd => containerd::list(&self.target).await,
            }
        })
        .await
    }

    /// Bounds `answer` in time and takes note of a runtime that hangs.
    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        let answer =
            timeout(self.request_timeout, answer).await.unwrap_or(Err(SourceError::TimedOut));
        match &answer {
            Ok(_) => self.next_rest_ms.store(FIRST_REST_MS, Ordering::Relaxed),
            Err(SourceError::TimedOut) => {
                self.cells().timed_out.add_one();
                let rest = self.next_rest_ms.load(Ordering::Relaxed);
                self.next_rest_ms.store((rest * 2).min(LONGEST_REST_MS), Ordering::Relaxed);
                self.rests_until_ms.store(self.now_ms() + rest, Ordering::Relaxed);
            }
            Err(_) => self.cells().failed.add_one(),
        }
        answer
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
