//! Looking for a container with every runtime that may know it.

use std::{sync::Arc, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout_at},
};

use super::{
    config::{ContainerConfig, Engine},
    info::Info,
    source::Source,
};

/// First pause before a container that nobody knew is asked for again; doubles each time. Falco asks
/// every 30 ms for 150 ms.
const FIRST_PAUSE: Duration = Duration::from_millis(30);

/// A container to be looked for.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    /// The longest id that is known of it.
    pub(super) id: String,
    /// Who is asked first.
    pub(super) guess: Option<Engine>,
}

/// What came of it: the container and the place of the source that knew it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) info: Info,
    pub(super) source: Arc<Source>,
}

impl Lookup {
    /// Asks until somebody knows the container or the time for that is over.
    pub(super) async fn run(
        self,
        sources: Vec<Arc<Source>>,
        config: &ContainerConfig,
    ) -> Option<Found> {
        let mut sources = sources;
        sources.sort_by_key(|it| (Some(it.engine) != self.guess, it.engine));
        let give_up = Instant::now() + config.retry_for;
        let mut pause = FIRST_PAUSE;
        loop {
            let found = self.ask_all(&sources, config.grace).await;
            if found.is_some() || Instant::now() + pause > give_up {
                return found;
            }
            sleep(pause).await;
            pause *= 2;
        }
    }

    /// Asks everybody at the same time, so that one who hangs holds up nobody; of those who know the
    /// container the first in order counts.
    async fn ask_all(&self, sources: &[Arc<Source>], grace: Duration) -> Option<Found> {
        let mut asked = JoinSet::new();
        let awake = sources.iter().enumerate().filter(|(_, it)| !it.rests());
        let mut waiting: Vec<usize> = Vec::new();
        for (place, source) in awake {
            let (source, id) = (Arc::clone(source), self.id.clone());
            waiting.push(place);
            asked.spawn(async move { (place, source.get(&id).await.ok().flatten()) });
        }
        let mut best: Option<(usize, Info)> = None;
        let mut until = None;
        while !asked.is_empty() {
            let next = match until {
                None => asked.join_next().await,
                Some(until) => match timeout_at(until, asked.join_next()).await {
                    Ok(next) => next,
                    Err(_) => break,
                },
            };
            let Some(Ok((place, info))) = next else { continue };
            waiting.retain(|it| *it != place);
            if let Some(info) = info
                && best.as_ref().is_none_or(|(other, _)| place < *other)
            {
                best = Some((place, info));
                until = until.or_else(|| Some(Instant::now() + grace));
            }
            if best.as_ref().is_some_and(|(place, _)| waiting.iter().all(|it| it > place)) {
                break;
            }
        }
        let (place, info) = best?;
        let source = Arc::clone(sources.get(place)?);
        Some(Found { info, source })
    }
}
