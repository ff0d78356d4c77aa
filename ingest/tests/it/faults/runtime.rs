//! A Docker that is none: says what a test wants, to whoever asks.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{UnixListener, UnixStream},
    sync::broadcast,
    task::JoinHandle,
};

/// What every request gets.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// Nothing, for ever.
    Hang,
    /// These bytes; then the connection closes.
    Raw(Vec<u8>),
    /// Status 404.
    NotFound,
    /// A body that does not end.
    Endless,
}

#[derive(Debug, Default)]
struct State {
    reply: Option<Reply>,
    /// Names by id.
    containers: BTreeMap<String, String>,
}

/// The runtime; dropping it ends it and its connections.
#[derive(Debug)]
pub(super) struct Fake {
    socket: PathBuf,
    state: Arc<Mutex<State>>,
    events: broadcast::Sender<String>,
    told: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Fake {
    pub(super) fn start(socket: PathBuf) -> Self {
        let listener = UnixListener::bind(&socket).unwrap();
        let state = Arc::<Mutex<State>>::default();
        let told = Arc::<Mutex<Vec<String>>>::default();
        let events = broadcast::Sender::new(16);
        let (shared, sender, before) = (Arc::clone(&state), events.clone(), Arc::clone(&told));
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                let (shared, sender, before) =
                    (Arc::clone(&shared), sender.clone(), Arc::clone(&before));
                connections.spawn(async move { serve(stream, &shared, &sender, &before).await });
            }
        });
        Self { socket, state, events, told, task }
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.socket.clone()
    }

    /// Every request gets this from now on.
    pub(super) fn reply_to_all(&self, reply: Reply) {
        self.state.lock().unwrap().reply = Some(reply);
    }

    /// There is a container.
    pub(super) fn put(&self, id: &str, name: &str) {
        self.state.lock().unwrap().containers.insert(id.to_owned(), name.to_owned());
    }

    /// There are no containers.
    pub(super) fn clear(&self) {
        self.state.lock().unwrap().containers.clear();
    }

    /// Says this to whoever listens to events, now and later.
    pub(super) fn tell(&self, line: &str) {
        let mut told = self.told.lock().unwrap();
        told.push(line.to_owned());
        let _ = self.events.send(line.to_owned());
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: UnixStream,
    state: &Mutex<State>,
    events: &broadcast::Sender<String>,
    told: &Mutex<Vec<String>>,
) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let fixed = state.lock().unwrap().reply.clone();
    // Whoever is to get a fixed answer may not speak HTTP/1 at all.
    while !request.ends_with(b"\r\n\r\n") && (fixed.is_none() || request.is_empty()) {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => request.extend_from_slice(&buffer[..read]),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let path = text.split(' ').nth(1).unwrap_or_default();
    match fixed {
        Some(Reply::Hang) => while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {},
        Some(Reply::Raw(bytes)) => {
            let _ = stream.write_all(&bytes).await;
        }
        Some(Reply::NotFound) => send(&mut stream, "404 Not Found", "{}").await,
        Some(Reply::Endless) => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n";
            let _ = stream.write_all(head).await;
            while stream.write_all(&[b' '; 4096]).await.is_ok() {}
        }
        None if path.contains("/events") => {
            let (before, mut later) = {
                let told = told.lock().unwrap();
                (told.concat(), events.subscribe())
            };
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            let _ = stream.write_all(before.as_bytes()).await;
            while let Ok(line) = later.recv().await {
                if stream.write_all(line.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
        None => {
            let answer = body(path, &state.lock().unwrap().containers);
            match answer {
                Some(body) => send(&mut stream, "200 OK", &body).await,
                None => send(&mut stream, "404 Not Found", "{}").await,
            }
        }
    }
}

/// What Docker and Podman say at `path`.
fn body(path: &str, containers: &BTreeMap<String, String>) -> Option<String> {
    if path.contains("/containers/json") {
        let listed: Vec<_> = containers.keys().map(|id| format!(r#"{{"Id":"{id}"}}"#)).collect();
        return Some(format!("[{}]", listed.join(",")));
    }
    let id = path.split("/containers/").nth(1)?.strip_suffix("/json")?;
    let (id, name) =
        containers.range(id.to_owned()..).next().filter(|(key, _)| key.starts_with(id))?;
    Some(format!(r#"{{"Id":"{id}","Name":"/{name}"}}"#))
}

async fn send(stream: &mut UnixStream, status: &str, body: &str) {
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
    let _ = stream.write_all(answer.as_bytes()).await;
}
