//! One runtime's news: what it lists, what it tells by itself, and its coming and going.

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, time};

use super::{
    config::{ContainerConfig, Engine},
    containerd, cri, docker, grpc, http, podman,
    source::{Source, SourceError},
};

/// First pause before a runtime is connected again; doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Longest line of an event stream, bytes.
const MAX_LINE: usize = 256 << 10;

/// What a runtime says of its containers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum News {
    /// There is, or has changed, the container with this full id.
    Appeared(String),
    /// The container with this full id was removed.
    Removed(String),
    /// These are all of them.
    Listed(Vec<String>),
}

/// Why a stream of news cannot be read on.
#[derive(Debug, thiserror::Error)]
pub(super) enum NewsError {
    #[error(transparent)]
    Http(#[from] http::HttpError),
    #[error(transparent)]
    Grpc(#[from] grpc::GrpcError),
    #[error("a line is not what the API promises")]
    Json(#[from] serde_json::Error),
    #[error("the runtime closed the stream")]
    Closed,
    #[error("nobody listens any more")]
    Unheard,
}

impl NewsError {
    /// The runtime has no stream of news at all.
    fn is_unsupported(&self) -> bool {
        matches!(self, Self::Grpc(error) if error.is_unimplemented())
    }
}

/// Where news go: who tells, and what.
pub(super) type NewsSender = mpsc::Sender<(Arc<Source>, News)>;

/// Listens to `source` for ever: waits for its socket, lists, hears, and starts again when it goes.
pub(super) async fn listen(source: Arc<Source>, news: NewsSender, config: Arc<ContainerConfig>) {
    let mut pause = FIRST_PAUSE;
    loop {
        if source.target.socket.exists() {
            let connected = source.cells().connected.value();
            if matches!(hear(&source, &news, &config).await, Err(NewsError::Unheard)) {
                return;
            }
            if source.cells().connected.value() > connected {
                pause = FIRST_PAUSE;
            }
        }
        time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// One session with the runtime: ends when it cannot be listed or its stream breaks off.
async fn hear(
    source: &Arc<Source>,
    news: &NewsSender,
    config: &ContainerConfig,
) -> Result<(), NewsError> {
    // The stream begins before the list is asked for, so that nothing falls in between.
    let stream = hear_stream(source, news);
    tokio::pin!(stream);
    let mut streaming = true;
    let mut connected = false;
    let mut next_list = time::Instant::now();
    loop {
        tokio::select! {
            ended = &mut stream, if streaming => match ended {
                Err(error) if error.is_unsupported() => {
                    streaming = false;
                    next_list = time::Instant::now();
                }
                ended => return ended,
            },
            () = time::sleep_until(next_list) => {
                match source.list().await {
                    Ok(ids) => {
                        if !connected {
                            connected = true;
                            source.cells().connected.add_one();
                        }
                        tell(source, news, News::Listed(ids)).await?;
                    }
                    // A runtime that hangs may still be worth its stream; one that is gone is not.
                    Err(SourceError::TimedOut) => {}
                    Err(_) => return Ok(()),
                }
                next_list = time::Instant::now() + if streaming { config.resync } else { config.poll };
            }
        }
    }
}

async fn hear_stream(source: &Arc<Source>, news: &NewsSender) -> Result<(), NewsError> {
    let target = &source.target;
    match source.engine {
        Engine::Docker => hear_lines(source, news, docker::EVENTS_PATH, docker::news).await,
        Engine::Podman => hear_lines(source, news, podman::EVENTS_PATH, podman::news).await,
        Engine::Cri => {
            let mut stream = cri::Events::open(target).await?;
            while let Some(item) = stream.next().await? {
                tell(source, news, item).await?;
            }
            Err(NewsError::Closed)
        }
        Engine::Containerd => {
            let mut stream = containerd::Events::open(target).await?;
            while let Some(item) = stream.next().await? {
                tell(source, news, item).await?;
            }
            Err(NewsError::Closed)
        }
    }
}

async fn hear_lines(
    source: &Arc<Source>,
    news: &NewsSender,
    path: &str,
    read: fn(&[u8]) -> Result<Option<News>, NewsError>,
) -> Result<(), NewsError> {
    let mut lines = http::Lines::open(&source.target.socket, path, MAX_LINE).await?;
    let mut skipped = 0;
    while let Some(line) = lines.next().await? {
        // What was missed will be listed, at the latest by the next regular listing.
        if lines.skipped() > skipped {
            skipped = lines.skipped();
            source.cells().failed.add_one();
        }
        match read(&line) {
            Ok(Some(item)) => tell(source, news, item).await?,
            Ok(None) => {}
            Err(_) => source.cells().failed.add_one(),
        }
    }
    Err(NewsError::Closed)
}

async fn tell(source: &Arc<Source>, news: &NewsSender, item: News) -> Result<(), NewsError> {
    news.send((Arc::clone(source), item)).await.map_err(|_| NewsError::Unheard)
}
