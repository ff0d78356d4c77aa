//! The web server: health, versions, metrics. One thread serves all requests.

mod health;
mod listener;
mod metrics;
mod status;
mod versions;

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::{self, JoinHandle},
};

use axum::{Router, routing::get};
use tokio::sync::oneshot;

pub(crate) use status::{InForce, Status};

use self::listener::Tls;
use crate::config::WebSettings;

/// The server, running. It ends when this is dropped.
pub(crate) struct Web {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Web {
    /// Begins to listen as `settings` say and to answer with what `status` knows.
    pub(crate) fn start(settings: &WebSettings, status: Arc<Status>) -> io::Result<Self> {
        let listener = TcpListener::bind((settings.address, settings.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let tls = settings.certificate.as_deref().map(Tls::read).transpose()?;
        let router = router(settings, status);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("web".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = listener::serve(listener, tls, router) => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

fn router(settings: &WebSettings, status: Arc<Status>) -> Router {
    let mut router = Router::new()
        .route(&settings.health_path, get(health::answer))
        .route("/versions", get(versions::answer));
    if settings.metrics {
        router = router.route("/metrics", get(metrics::answer));
    }
    router.with_state(status)
}

impl Drop for Web {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing more to end.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web").field("address", &self.address).finish_non_exhaustive()
    }
}
