//! The service as a test sees it: waits for answers and hands them to a host as events.

use std::{collections::BTreeMap, fs, time::Duration};

use event::{capture::Record, capture::ThreadEntry, encode::Encoder};
use host::{Container, Host, HostConfig};
use ingest::container::{Answer, Change, ContainerConfig, ContainerService, Info, NewContainer};
use tokio::{runtime::Handle, time::timeout};

use super::daemon::PATIENCE;

/// A running service and what it has told so far.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) service: ContainerService,
    host: Host,
    events: u64,
    /// The newest metadata by short id.
    pub(crate) known: BTreeMap<String, Info>,
}

impl Watched {
    /// Starts the service; short intervals, since tests wait for what they bring.
    pub(crate) fn start(config: ContainerConfig) -> Self {
        let config = ContainerConfig {
            poll: Duration::from_millis(200),
            resync: Duration::from_millis(500),
            request_timeout: Duration::from_secs(20),
            ..config
        };
        let host = Host::new(&HostConfig::default());
        let service = ContainerService::start(&Handle::current(), config);
        Self { service, host, events: 0, known: BTreeMap::new() }
    }

    /// Waits for an answer about `id` that `wanted` accepts.
    #[track_caller]
    pub(crate) fn wait<'a>(
        &'a mut self,
        id: &'a str,
        wanted: impl Fn(&Change) -> bool + 'a,
    ) -> impl Future<Output = Change> + 'a {
        let caller = std::panic::Location::caller();
        let waiting = async move {
            loop {
                let answer = self.service.next().await.expect("the service runs");
                self.take(&answer);
                if answer.short_id == id[..12.min(id.len())] && wanted(&answer.change) {
                    return answer.change;
                }
            }
        };
        async move {
            let answer = timeout(PATIENCE, waiting).await;
            answer.unwrap_or_else(|_| panic!("no such answer about {id}, asked for at {caller}"))
        }
    }

    /// Waits until `id` has been described so that `ready` accepts it.
    #[track_caller]
    pub(crate) fn described<'a>(
        &'a mut self,
        id: &'a str,
        ready: impl Fn(&Info) -> bool + 'a,
    ) -> impl Future<Output = Info> + 'a {
        let known = self.known.get(&id[..12.min(id.len())]).filter(|it| ready(it)).cloned();
        let waiting = self.wait(id, move |it| matches!(it, Change::Described(info) if ready(info)));
        async move {
            if let Some(info) = known {
                return info;
            }
            match waiting.await {
                Change::Described(info) => *info,
                Change::Removed(_) | Change::Unknown => unreachable!("not waited for"),
            }
        }
    }

    /// Lets a host see process `pid` and asks for the container that it is in then.
    pub(crate) fn see(&self, pid: i64) -> NewContainer {
        let text = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
        let entries = text.lines().filter_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            Some(format!("{controllers}={path}\0"))
        });
        let cgroups: String = entries.collect();
        let cgroups = cgroups.as_bytes();
        let thread = ThreadEntry { tid: pid, pid, cgroups, ..ThreadEntry::default() };
        // A host that knows nothing yet; its first event lets it go through the threads of the start.
        let mut host = Host::new(&HostConfig::default());
        host.collect_new_containers(16);
        host.load(&Record::Thread(thread));
        let mut encoder = Encoder::new();
        let event = encoder.encode(event::EventType::CloseX, 1, pid, &[]);
        host.on_event(&event.unwrap());
        let new: Vec<_> = host.take_new_containers().collect();
        assert_eq!(new.len(), 1, "one container in {text}");
        let new = NewContainer::from(&new[0]);
        assert!(self.service.request(new.clone()));
        new
    }

    /// What the host knows of container `id`.
    pub(crate) fn in_host(&self, id: &str) -> Option<&Container> {
        let containers = self.host.containers();
        containers.metadata(containers.find(&id.as_bytes()[..12.min(id.len())])?)
    }

    fn take(&mut self, answer: &Answer) {
        let mut encoder = Encoder::new();
        self.events += 1;
        if let Some(event) = answer.encode(&mut encoder, self.events) {
            let event = event.unwrap();
            assert_eq!(event.tid, 0);
            self.host.on_event(&event);
            assert_eq!(self.host.containers().stats().metadata_rejected, 0);
        }
        match &answer.change {
            Change::Described(info) => {
                self.known.insert(answer.short_id.clone(), (**info).clone());
            }
            Change::Removed(_) => {
                self.known.remove(&answer.short_id);
            }
            Change::Unknown => {}
        }
    }
}
