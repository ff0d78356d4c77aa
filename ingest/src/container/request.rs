//! What the event thread asks of the service.

use host::RuntimeGuess;

use super::config::Engine;

/// A container that was seen and of which nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewContainer {
    /// The id as `container.id` shows it.
    pub short_id: String,
    /// The whole id; empty where the cgroup does not tell it.
    pub full_id: String,
    /// Whose layout the cgroup has; asked first.
    pub guess: Option<Engine>,
    /// The cgroup that named it; tells a pod's uid.
    pub cgroup: String,
    /// A process in it; 0 when unknown.
    pub pid: i64,
}

impl From<&host::NewContainer> for NewContainer {
    fn from(seen: &host::NewContainer) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            short_id: text(&seen.short_id),
            full_id: text(&seen.full_id),
            guess: seen.guess.map(|guess| match guess {
                RuntimeGuess::Podman => Engine::Podman,
                RuntimeGuess::Docker => Engine::Docker,
                RuntimeGuess::Cri => Engine::Cri,
                RuntimeGuess::Containerd => Engine::Containerd,
            }),
            cgroup: text(&seen.cgroup),
            pid: seen.pid,
        }
    }
}

/// What the event thread sends.
#[derive(Clone, Debug)]
pub(super) enum Request {
    New(NewContainer),
    LastThreadGone(String),
}
