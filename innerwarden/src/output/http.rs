//! `http_output`: alerts posted to an HTTP server, one a request.

mod tls;

use std::{
    io::{self, Write as _},
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    Request, Uri,
    body::Bytes,
    header::{CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT},
};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::{runtime::Runtime, time::timeout};

use super::{Message, Output, OutputError};
use crate::config::{HttpSettings, KeepAlive, OutputSettings};

/// How long one attempt may take; Falco leaves it to the system, which gives up after minutes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read.
const MAX_ANSWER: usize = 1 << 20;

type HttpClient = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A server that alerts are posted to.
struct Http {
    settings: HttpSettings,
    /// Made with the first alert: certificates may be missing, which must not keep us from starting.
    link: Option<Link>,
}

/// What is needed to talk to it.
struct Link {
    runtime: Runtime,
    client: HttpClient,
    uri: Uri,
}

pub(super) fn wanted(settings: &OutputSettings) -> Option<Box<dyn Output>> {
    let settings = settings.http.clone()?;
    Some(Box::new(Http { settings, link: None }))
}

impl Output for Http {
    fn write(&mut self, message: &Message) -> Result<(), OutputError> {
        let failed =
            |cause| OutputError::io(format!("cannot post to `{}`", self.settings.url), cause);
        let link = match self.link.take() {
            Some(link) => link,
            None => Link::new(&self.settings).map_err(failed)?,
        };
        let body = self.body(&message.line).map_err(failed)?;
        let mut outcome = Ok(());
        for _ in 0..=self.settings.retries {
            outcome = link.post(&self.settings, body.clone());
            let timed_out = |error: &io::Error| error.kind() == io::ErrorKind::TimedOut;
            if !outcome.as_ref().is_err_and(timed_out) {
                break;
            }
        }
        self.link = Some(link);
        outcome.map_err(|cause| {
            OutputError::io(format!("cannot post to `{}`", self.settings.url), cause)
        })
    }

    fn reopen(&mut self) -> Result<(), OutputError> {
        self.link = None;
        Ok(())
    }
}

impl Http {
    fn body(&self, line: &[u8]) -> io::Result<Bytes> {
        if !self.settings.compress {
            return Ok(Bytes::copy_from_slice(line));
        }
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(line)?;
        Ok(gzip.finish()?.into())
    }
}

impl Link {
    fn new(settings: &HttpSettings) -> io::Result<Self> {
        let uri: Uri = settings.url.parse().map_err(io::Error::other)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_connect_timeout(Some(PATIENCE));
        // Falco's `keep_alive` is that of TCP.
        http.set_keepalive(
            (settings.keep_alive == KeepAlive::Yes).then_some(Duration::from_mins(1)),
        );
        let https = hyper_rustls::HttpsConnectorBuilder::new()
            .with_tls_config(tls::config(settings, uri.scheme_str() == Some("https"))?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        // Idle connections cost the server; a new alert may be hours away.
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(1)
            .build(https);
        Ok(Self { runtime, client, uri })
    }

    fn post(&self, settings: &HttpSettings, body: Bytes) -> io::Result<()> {
        let kind = if settings.json { "application/json" } else { "text/plain" };
        let mut request = Request::post(self.uri.clone())
            .header(USER_AGENT, &settings.user_agent)
            .header(CONTENT_TYPE, kind);
        if settings.compress {
            request = request.header(CONTENT_ENCODING, "gzip");
        }
        let request = request.body(Full::new(body)).map_err(io::Error::other)?;
        self.runtime.block_on(async {
            let answered = timeout(PATIENCE, async {
                let answer = self.client.request(request).await.map_err(io::Error::other)?;
                let status = answer.status();
                let text = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
                let text = text.map_err(io::Error::other)?.to_bytes();
                Ok::<_, io::Error>((status, text))
            });
            let (status, text) =
                answered.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
            if settings.echo {
                io::stdout().write_all(&text)?;
            }
            if status.is_client_error() || status.is_server_error() {
                return Err(io::Error::other(format!("the server answers {status}")));
            }
            Ok(())
        })
    }
}
