//! Connections to the web server, plain or TLS. Handshakes go on beside each other and end after a while.

use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::{Router, serve::Listener};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::log;

/// How long a client may take to agree on a key.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Connections whose handshake is done and that wait to be served.
const WAITING: usize = 64;

/// Our certificate.
pub(super) struct Tls(TlsAcceptor);

impl Tls {
    /// Reads `path`: a PEM file with certificates and a key, as Falco has it.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        let unreadable = |error| io::Error::other(format!("`{}`: {error}", path.display()));
        let chain = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(unreadable)?;
        let key = PrivateKeyDer::from_pem_file(path).map_err(unreadable)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|it| it.with_no_client_auth().with_single_cert(chain, key))
            .map_err(io::Error::other)?;
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}

/// Serves `router` on `listener` until it is dropped.
pub(super) async fn serve(listener: std::net::TcpListener, tls: Option<Tls>, router: Router) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            log::error(format_args!("web server: {error}"));
            return;
        }
    };
    let served = match tls {
        None => axum::serve(listener, router).await,
        Some(tls) => axum::serve(TlsListener::new(listener, tls), router).await,
    };
    if let Err(error) = served {
        log::error(format_args!("web server: {error}"));
    }
}

/// A listener that hands out connections whose handshake is done.
struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: io::Result<SocketAddr>,
}

impl TlsListener {
    fn new(mut listener: TcpListener, Tls(acceptor): Tls) -> Self {
        let address = listener.local_addr();
        let (sender, ready) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            loop {
                // Refused connections are retried inside.
                let (stream, address) = Listener::accept(&mut listener).await;
                let (acceptor, sender) = (acceptor.clone(), sender.clone());
                tokio::spawn(async move {
                    if let Ok(Ok(stream)) = timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        let _ = sender.send((stream, address)).await;
                    }
                });
            }
        });
        Self { ready, address }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The task above never ends; without it there is nothing to accept.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        match &self.address {
            Ok(address) => Ok(*address),
            Err(error) => Err(io::Error::from(error.kind())),
        }
    }
}
