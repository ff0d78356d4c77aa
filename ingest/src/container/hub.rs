//! The task that knows which containers there are: requests and news in, answers out.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{self, Instant},
};

use super::{
    answer::Answer,
    config::{ContainerConfig, Engine},
    counters::Cells,
    info::{Info, short_id},
    listener::{self, News},
    lookup::{Found, Lookup},
    request::{NewContainer, Request},
    source::Source,
};

/// How often sockets that may have appeared are looked for, and what is gone is forgotten.
const TICK: Duration = Duration::from_secs(1);

/// A container that has been told of.
#[derive(Debug)]
struct Known {
    info: Info,
    source: Arc<Source>,
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
    pub(super) async fn run(config: ContainerConfig, cells: Arc<Cells>, mut ends: Ends) {
        let (news, mut heard) = mpsc::channel(config.max_queued.max(1));
        let mut hub = Self {
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
            News::Removed(id) => {
                let known = self.known.remove(short_id(&id));
                known.map(|known| Answer::removed(known.info)).into_iter().collect()
            }
            News::Listed(ids) => {
                let there: HashSet<&str> = ids.iter().map(|id| short_id(id)).collect();
                let of_source = |it: &Known| Arc::ptr_eq(&it.source, source);
                let gone =
                    self.known.extract_if(|id, known| of_source(known) && !there.contains(&**id));
                let gone = gone.map(|(_, known)| Answer::removed(known.info)).collect();
                let fresh = ids.into_iter().filter(|id| !self.known.contains_key(short_id(id)));
                let fresh = fresh.map(|id| (Arc::clone(source), id));
                self.listed.extend(fresh.take(self.config.max_containers));
                gone
            }
        }
    }

    fn seek_listed(&mut self) {
        if let Some((source, id)) = self.listed.pop_front()
            && !self.known.contains_key(short_id(&id))
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
        let Some(Found { info, source }) = found else {
            if reason == Reason::Told || self.known.contains_key(short) {
                return Vec::new();
            }
            self.cells.service.unknown.add_one();
            return vec![Answer::unknown(short.to_owned())];
        };
        self.clock += 1;
        if let Some(known) = self.known.get_mut(&info.id) {
            known.last_used = self.clock;
            // Of two that know it, the one that is asked first keeps it.
            if known.info == info || known.source.engine < source.engine {
                return Vec::new();
            }
        }
        self.evict();
        let known = Known { info: info.clone(), source, last_used: self.clock };
        self.known.insert(info.id.clone(), known);
        vec![Answer::described(info)]
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
