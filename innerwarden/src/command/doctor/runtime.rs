//! Which container runtimes are there, and whether they can be asked.

use std::{
    io,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use ingest::container::{ContainerConfig, Engine};

use super::{finding::Finding, place::Place};

/// How long a socket may take. A runtime that hangs does not accept.
const PATIENCE: Duration = Duration::from_secs(2);

/// Connects to the sockets that `run` would ask.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let config =
        ContainerConfig { host_root: place.host_root.clone(), ..ContainerConfig::default() };
    let mut findings = Vec::new();
    for engine in Engine::ALL {
        let sockets = config.sockets(engine);
        findings.extend(sockets.iter().filter_map(|it| judge(engine.name(), it, connect(it))));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("none: containers have their id, and no name and image"));
    }
    findings
}

/// `None` when there is no such runtime.
fn judge(engine: &str, socket: &Path, answer: io::Result<()>) -> Option<Finding> {
    let error = match answer {
        Ok(()) => return Some(Finding::ok(format!("{engine} at {}", socket.display()))),
        Err(error) => error,
    };
    let (why, advice) = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => return None,
        io::ErrorKind::PermissionDenied => {
            ("may not be asked", "run as root or as a member of the socket's group")
        }
        io::ErrorKind::ConnectionRefused => ("is not running", "start it, or remove its socket"),
        io::ErrorKind::TimedOut => ("does not answer", "look after it"),
        _ => ("cannot be asked", "look after it"),
    };
    Some(Finding::limited(
        format!("{engine} at {} {why}: {error}", socket.display()),
        "its containers have their id, and no name and image",
        advice,
    ))
}

/// Connects, in a thread of its own: a queue that is full would keep us waiting for good.
fn connect(socket: &Path) -> io::Result<()> {
    let (done, answer) = mpsc::channel();
    let path = PathBuf::from(socket);
    thread::Builder::new().spawn(move || {
        // Nobody listens any more where it took too long.
        let _ = done.send(UnixStream::connect(path).map(drop));
    })?;
    answer.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::net::UnixListener};

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn sockets_are_connected_to() {
        let root = tempfile::tempdir().unwrap();
        let place = Place::below(root.path());
        assert!(lines(&look(&place)).starts_with("ok | none"));
        fs::create_dir_all(root.path().join("var/run")).unwrap();
        let socket = root.path().join("var/run/docker.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        assert_eq!(lines(&look(&place)), format!("ok | docker at {}", socket.display()));
        drop(listener);
        assert!(lines(&look(&place)).contains("docker.sock is not running: "));
    }

    #[test]
    fn what_may_not_be_asked_is_said() {
        let denied = judge("cri", Path::new("/s"), Err(io::ErrorKind::PermissionDenied.into()));
        assert!(denied.unwrap().line().starts_with("limited | cri at /s may not be asked: "));
    }
}
