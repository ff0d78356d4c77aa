//! The task that knows which containers there are: requests and news in, answers out.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{self, Instant},
};

use super::{
    answer::Answer,
    config::{ContainerConfig, Engine},
    counters::Cells,
    info::{Info, short_id},
    kubernetes,
    listener::{self, News},
    lookup::{Found, Lookup},
    request::{NewContainer, Request},
    source::Source,
};
use crate::pod::PodStore;

/// Most containers that nobody knew and whose pod may still come.
const MAX_UNKNOWN: usize = 4096;

/// How often sockets that may have appeared are looked for, and what is gone is forgotten.
const TICK: Duration = Duration::from_secs(1);

/// A container that has been told of.
#[derive(Debug)]
struct Known {
    /// As its runtime said it.
    said: Info,
    /// As it was told.
    info: Info,
    /// Who said it; `None`: its pod.
    source: Option<Arc<Source>>,
    last_used: u64,
}

/// Why a container is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// The event thread asked: it gets an answer in any case.
    Asked,
    /// A runtime told of it.
    Told,
}

/// The ends that the hub works between.
#[derive(Debug)]
pub(super) struct Ends {
    pub(super) requests: mpsc::Receiver<Request>,
    pub(super) answers: mpsc::Sender<Answer>,
}

/// State of the service; one task owns it.
#[derive(Debug)]
pub(super) struct Hub {
    config: Arc<ContainerConfig>,
    cells: Arc<Cells>,
    sources: Vec<Arc<Source>>,
    sockets: HashSet<(Engine, PathBuf)>,
    news: mpsc::Sender<(Arc<Source>, News)>,
    pods: Option<PodStore>,
    /// Ids that nobody knew.
    unknown: HashSet<String>,
    known: HashMap<String, Known>,
    /// Short ids that are being looked for.
    sought: HashSet<String>,
    /// Full ids that a runtime listed and that are yet to be asked for.
    listed: VecDeque<(Arc<Source>, String)>,
    /// Short ids whose last thread has gone, and when they are to be forgotten.
    going: VecDeque<(Instant, String)>,
    lookups: JoinSet<(Lookup, Reason, Option<Found>)>,
    listeners: JoinSet<()>,
    clock: u64,
}

impl Hub {
    /// Works until the service is dropped.
    pub(super) async fn run(
        config: ContainerConfig,
        cells: Arc<Cells>,
        pods: Option<PodStore>,
        mut ends: Ends,
    ) {
        let (news, mut heard) = mpsc::channel(config.max_queued.max(1));
        let mut pod_changes = pods.as_ref().map(PodStore::changes);
        let mut hub = Self {
            pods,
            unknown: HashSet::new(),
            config: Arc::new(config),
            cells,
            sources: Vec::new(),
            sockets: HashSet::new(),
            news,
            known: HashMap::new(),
            sought: HashSet::new(),
            listed: VecDeque::new(),
            going: VecDeque::new(),
            lookups: JoinSet::new(),
            listeners: JoinSet::new(),
            clock: 0,
        };
        // Before any request is looked at there is somebody to be asked.
        hub.on_tick();
        let mut ticks = time::interval(TICK);
        loop {
            let free = hub.lookups.len() < hub.config.max_outstanding.max(1);
            let answers = tokio::select! {
                _ = ticks.tick() => hub.on_tick(),
                request = ends.requests.recv(), if free => match request {
                    Some(request) => hub.on_request(request),
                    None => return,
                },
                Some((source, item)) = heard.recv(), if free && hub.listed.is_empty() => {
                    hub.on_news(&source, item)
                }
                () = std::future::ready(()), if free && !hub.listed.is_empty() => {
                    hub.seek_listed();
                    Vec::new()
                }
                () = changed(&mut pod_changes) => hub.on_pods(),
                Some(done) = hub.lookups.join_next(), if !hub.lookups.is_empty() => match done {
                    Ok((lookup, reason, found)) => hub.on_found(&lookup, reason, found),
                    Err(_) => Vec::new(),
                },
            };
            for answer in answers {
                hub.cells.service.answers.add_one();
                if ends.answers.send(answer).await.is_err() {
                    return;
                }
            }
        }
    }

    fn on_tick(&mut self) -> Vec<Answer> {
        for engine in Engine::ALL {
            for socket in self.config.sockets(engine) {
                if !self.sockets.insert((engine, socket.clone())) {
                    continue;
                }
                let source = Source::new(engine, socket, &self.config, Arc::clone(&self.cells));
                let source = Arc::new(source);
                let (news, config) = (self.news.clone(), Arc::clone(&self.config));
                self.listeners.spawn(listener::listen(Arc::clone(&source), news, config));
                self.sources.push(source);
            }
        }
        let now = Instant::now();
        let mut answers = Vec::new();
        while let Some((_, id)) = self.going.pop_front_if(|(when, _)| *when <= now) {
            answers.extend(self.known.remove(&id).map(|known| Answer::removed(known.info)));
        }
        answers
    }

    fn on_request(&mut self, request: Request) -> Vec<Answer> {
        match request {
            Request::New(container) => self.on_new(container),
            Request::LastThreadGone(id) => {
                let full = self.going.len() >= self.config.max_containers;
                if !full && self.known.contains_key(&id) {
                    self.going.push_back((Instant::now() + self.config.forget_after, id));
                }
                Vec::new()
            }
        }
    }

    fn on_new(&mut self, container: NewContainer) -> Vec<Answer> {
        let NewContainer { short_id, full_id, guess, .. } = container;
        self.going.retain(|(_, id)| *id != short_id);
        self.clock += 1;
        if let Some(known) = self.known.get_mut(&short_id) {
            known.last_used = self.clock;
            return vec![Answer::described(known.info.clone())];
        }
        let id = if full_id.is_empty() { short_id } else { full_id };
        self.seek(Lookup { id, guess }, Reason::Asked, self.sources.clone());
        Vec::new()
    }

    fn on_news(&mut self, source: &Arc<Source>, item: News) -> Vec<Answer> {
        match item {
            News::Appeared(id) => {
                self.seek_told(source, id);
                Vec::new()
            }
            News::Removed(id) => self.forget(&id).into_iter().collect(),
            News::Listed(ids) => {
                let there: HashSet<&str> = ids.iter().map(|id| short_id(id)).collect();
                let of_source =
                    |it: &Known| it.source.as_ref().is_some_and(|it| Arc::ptr_eq(it, source));
                let gone =
                    self.known.extract_if(|id, known| of_source(known) && !there.contains(&**id));
                let gone = gone.map(|(_, known)| Answer::removed(known.info)).collect();
                let fresh = ids.into_iter().filter(|id| !self.is_known_or_sought(id));
                let fresh = fresh.map(|id| (Arc::clone(source), id));
                let fresh: Vec<_> = fresh.take(self.config.max_containers).collect();
                self.listed.extend(fresh);
                gone
            }
        }
    }

    fn is_known_or_sought(&self, full_id: &str) -> bool {
        let short = short_id(full_id);
        self.known.contains_key(short) || self.sought.contains(short)
    }

    fn forget(&mut self, full_id: &str) -> Option<Answer> {
        self.unknown.remove(full_id);
        self.known.remove(short_id(full_id)).map(|known| Answer::removed(known.info))
    }

    fn seek_listed(&mut self) {
        if let Some((source, id)) = self.listed.pop_front()
            && !self.is_known_or_sought(&id)
        {
            self.seek_told(&source, id);
        }
    }

    /// Asks the runtime itself for what it has told of.
    fn seek_told(&mut self, source: &Arc<Source>, id: String) {
        let guess = Some(source.engine);
        self.seek(Lookup { id, guess }, Reason::Told, vec![Arc::clone(source)]);
    }

    fn seek(&mut self, lookup: Lookup, reason: Reason, sources: Vec<Arc<Source>>) {
        let new = self.sought.insert(short_id(&lookup.id).to_owned());
        if !new && reason == Reason::Asked {
            return;
        }
        let config = Arc::clone(&self.config);
        self.lookups.spawn(async move {
            let found = lookup.clone().run(sources, &config).await;
            (lookup, reason, found)
        });
    }

    fn on_found(&mut self, lookup: &Lookup, reason: Reason, found: Option<Found>) -> Vec<Answer> {
        let short = short_id(&lookup.id);
        self.sought.remove(short);
        if let Some(Found { info, source }) = found {
            return self.learn(info, Some(source));
        }
        if reason == Reason::Told || self.known.contains_key(short) {
            return Vec::new();
        }
        if let Some(info) = self.pods.as_ref().and_then(|it| kubernetes::describe(&lookup.id, it)) {
            return self.learn(info, None);
        }
        if self.pods.is_some() && self.unknown.len() < MAX_UNKNOWN {
            self.unknown.insert(lookup.id.clone());
        }
        self.cells.service.unknown.add_one();
        vec![Answer::unknown(short.to_owned())]
    }

    /// Takes what has been said of a container; an answer if that is news.
    fn learn(&mut self, said: Info, source: Option<Arc<Source>>) -> Vec<Answer> {
        self.clock += 1;
        self.unknown.remove(&said.full_id);
        let mut info = said.clone();
        if let Some(pods) = &self.pods {
            kubernetes::complete(&mut info, pods);
        }
        let rank =
            |it: &Option<Arc<Source>>| it.as_ref().map_or(usize::MAX, |it| it.engine as usize);
        if let Some(known) = self.known.get_mut(&info.id) {
            known.last_used = self.clock;
            // Of two that know it, the one that is asked first keeps it.
            if rank(&known.source) < rank(&source) {
                return Vec::new();
            }
            if known.info == info {
                known.source = source;
                return Vec::new();
            }
        } else {
            self.evict();
        }
        let known = Known { said, info: info.clone(), source, last_used: self.clock };
        self.known.insert(info.id.clone(), known);
        vec![Answer::described(info)]
    }

    /// Tells anew of the containers whose pods have come or changed.
    fn on_pods(&mut self) -> Vec<Answer> {
        let Some(pods) = self.pods.clone() else { return Vec::new() };
        let mut answers = Vec::new();
        for id in pods.take_changed() {
            if let Some(known) = self.known.get(short_id(&id)) {
                let source = known.source.clone();
                // Said by a runtime, it is completed anew; said by a pod, it is said anew or gone with it.
                let said = match source {
                    Some(_) => Some(known.said.clone()),
                    None => kubernetes::describe(&id, &pods),
                };
                match said {
                    Some(said) => answers.extend(self.learn(said, source)),
                    None => answers.extend(self.forget(&id)),
                }
            } else if self.unknown.contains(&id)
                && let Some(info) = kubernetes::describe(&id, &pods)
            {
                answers.extend(self.learn(info, None));
            }
        }
        answers
    }

    /// Makes room for one more container.
    fn evict(&mut self) {
        while self.known.len() >= self.config.max_containers.max(1) {
            let oldest = self.known.iter().min_by_key(|(_, known)| known.last_used);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { return };
            self.known.remove(&oldest);
            self.cells.service.evicted.add_one();
        }
    }
}

/// Waits for a change of the pods; for ever if there are none.
async fn changed(changes: &mut Option<watch::Receiver<u64>>) {
    if let Some(changes) = changes
        && changes.changed().await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}
