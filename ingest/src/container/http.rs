//! HTTP/1.1 over a Unix socket: what the APIs of Docker and Podman need, bounded in time and size.
//!
//! A connection a request: runtimes are asked rarely, and a connection that hung cannot hang the
//! next request. bollard would bring generated models of the whole API and their dates; twenty
//! fields are read.

use std::{io, path::Path};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Empty};
use hyper::{Request, Response, StatusCode, body::Incoming, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use tokio::net::UnixStream;

/// Why a runtime did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("the socket cannot be connected")]
    Connect(#[source] io::Error),
    #[error("the conversation broke off")]
    Broken(#[from] hyper::Error),
    #[error("the path is not one of HTTP")]
    Path(#[from] hyper::http::Error),
    #[error("not found")]
    NotFound,
    #[error("status {0}")]
    Status(StatusCode),
    #[error("more than {max} bytes")]
    TooLarge { max: usize },
}

/// The body of `GET path`, at most `max_bytes`.
pub(super) async fn get(socket: &Path, path: &str, max_bytes: usize) -> Result<Bytes, HttpError> {
    let mut body = open(socket, path).await?.into_body();
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            if bytes.len() + data.len() > max_bytes {
                return Err(HttpError::TooLarge { max: max_bytes });
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze())
}

/// An answer that goes on: one JSON object a line.
#[derive(Debug)]
pub(super) struct Lines {
    body: Incoming,
    buffer: BytesMut,
    max_line: usize,
    /// The rest of a line that was too long is being skipped.
    skipping: bool,
    /// Lines that were longer than allowed.
    skipped: u64,
}

impl Lines {
    /// Begins `GET path`. Lines beyond `max_line` bytes are skipped and counted.
    pub(super) async fn open(
        socket: &Path,
        path: &str,
        max_line: usize,
    ) -> Result<Self, HttpError> {
        let body = open(socket, path).await?.into_body();
        Ok(Self { body, buffer: BytesMut::new(), max_line, skipping: false, skipped: 0 })
    }

    /// The next line without its end; `None` when the runtime closed.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, HttpError> {
        loop {
            if let Some(line) = self.take_line() {
                return Ok(Some(line));
            }
            match self.body.frame().await {
                None => return Ok(None),
                Some(frame) => {
                    if let Ok(data) = frame?.into_data() {
                        self.buffer.extend_from_slice(&data);
                    }
                }
            }
        }
    }

    /// Lines skipped so far.
    pub(super) fn skipped(&self) -> u64 {
        self.skipped
    }

    fn take_line(&mut self) -> Option<Bytes> {
        loop {
            let Some(end) = self.buffer.iter().position(|&byte| byte == b'\n') else {
                if self.buffer.len() > self.max_line {
                    self.skipped += u64::from(!self.skipping);
                    self.skipping = true;
                    self.buffer.clear();
                }
                return None;
            };
            let line = self.buffer.split_to(end + 1).freeze();
            let too_long = line.len() > self.max_line;
            self.skipped += u64::from(too_long && !self.skipping);
            if !std::mem::take(&mut self.skipping) && !too_long {
                return Some(line.slice(..end));
            }
        }
    }
}

/// Sends `GET path` and takes the head of the answer.
async fn open(socket: &Path, path: &str) -> Result<Response<Incoming>, HttpError> {
    let stream = UnixStream::connect(socket).await.map_err(HttpError::Connect)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends with the socket, or when body and sender are dropped.
    tokio::spawn(connection);
    let request =
        Request::get(path).header(header::HOST, "localhost").body(Empty::<Bytes>::new())?;
    let response = sender.send_request(request).await?;
    match response.status() {
        status if status.is_success() => Ok(response),
        StatusCode::NOT_FOUND => Err(HttpError::NotFound),
        status => Err(HttpError::Status(status)),
    }
}
