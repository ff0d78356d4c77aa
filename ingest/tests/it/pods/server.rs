//! A server that answers requests with prepared replies, one after the other.

use std::{
    collections::VecDeque,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What is sent, and what becomes of the connection then.
#[derive(Debug)]
pub(super) struct Reply {
    bytes: Vec<u8>,
    end: End,
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Waits for the next request.
    Keep,
    /// Closes.
    Close,
    /// Does nothing until the client gives up.
    Hang,
}

impl Reply {
    pub(super) fn json(value: &Value) -> Self {
        Self::status(200, value)
    }

    pub(super) fn status(status: u16, value: &Value) -> Self {
        let body = value.to_string();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        Self { bytes: (head + &body).into_bytes(), end: End::Keep }
    }

    /// A watch that says these lines and ends.
    pub(super) fn lines(lines: &[String]) -> Self {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunks = lines.iter().map(|line| format!("{:x}\r\n{line}\n\r\n", line.len() + 1));
        let all = chunks.fold(head.to_owned(), |all, chunk| all + &chunk) + "0\r\n\r\n";
        Self { bytes: all.into_bytes(), end: End::Keep }
    }

    pub(super) fn raw(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_vec(), end: End::Close }
    }

    pub(super) fn hang() -> Self {
        Self { bytes: Vec::new(), end: End::Hang }
    }

    /// The same without its last bytes; then the connection breaks.
    pub(super) fn cut(mut self) -> Self {
        self.bytes.truncate(self.bytes.len() - 4);
        Self { end: End::Close, ..self }
    }
}

/// Replies that are left, and the news that there are more.
#[derive(Debug)]
struct Replies {
    left: Mutex<VecDeque<Reply>>,
    more: Notify,
}

impl Replies {
    async fn next(&self) -> Reply {
        loop {
            let next = self.left.lock().unwrap().pop_front();
            match next {
                Some(reply) => return reply,
                None => self.more.notified().await,
            }
        }
    }
}

/// The server; dropping it ends it.
#[derive(Debug)]
pub(super) struct Server {
    folder: TempDir,
    requests: Arc<Mutex<Vec<String>>>,
    replies: Arc<Replies>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves `replies`; whoever asks for more waits.
    pub(super) async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let kubeconfig = format!(
            r#"{{"apiVersion":"v1","kind":"Config","current-context":"c",
"clusters":[{{"name":"k","cluster":{{"server":"http://127.0.0.1:{port}"}}}}],
"users":[{{"name":"u","user":{{"token":"t"}}}}],
"contexts":[{{"name":"c","context":{{"cluster":"k","user":"u"}}}}]}}"#
        );
        fs::write(folder.path().join("config"), kubeconfig).unwrap();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let replies = Arc::new(Replies { left: Mutex::new(replies.into()), more: Notify::new() });
        let (heard, left) = (Arc::clone(&requests), Arc::clone(&replies));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&left), Arc::clone(&heard)));
            }
        });
        Self { folder, requests, replies, task }
    }

    /// A file that leads to it.
    pub(super) fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    /// Serves `reply` too.
    pub(super) fn then(&self, reply: Reply) {
        self.replies.left.lock().unwrap().push_back(reply);
        self.replies.more.notify_one();
    }

    /// First lines of the requests so far.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, replies: Arc<Replies>, heard: Arc<Mutex<Vec<String>>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        while !request.ends_with(b"\r\n\r\n") {
            match stream.read(&mut buffer).await {
                Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
                _ => return,
            }
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        heard.lock().unwrap().push(text.lines().next().unwrap().to_owned());
        request.clear();
        let reply = tokio::select! {
            reply = replies.next() => reply,
            // The client has had enough; the next reply is another one's.
            _ = stream.read(&mut buffer) => return,
        };
        if stream.write_all(&reply.bytes).await.is_err() || reply.end == End::Close {
            return;
        }
        if reply.end == End::Hang {
            // Until the client has had enough.
            let _ = stream.read(&mut buffer).await;
            return;
        }
    }
}
