//! The pods known at this moment, by uid and by container.

use std::{
    collections::{HashMap, HashSet},
    mem,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::watch;

use super::Pod;

/// Most containers whose change waits to be noticed.
const MAX_CHANGED: usize = 65_536;

/// What the store did and could not do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PodStoreCounters {
    /// Pods there are.
    pub pods: u64,
    /// Pods that were not kept because there were too many.
    pub dropped: u64,
    /// Complete lists of pods received: one for each time that the watch began anew.
    pub lists: u64,
    /// Changes received.
    pub changes: u64,
    /// Errors of the watch: no connection, refused, expired, nonsense.
    pub errors: u64,
}

/// The pods of this node. Cheap to clone; all clones are one store.
#[derive(Clone, Debug)]
pub struct PodStore(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    tables: RwLock<Tables>,
    max_pods: usize,
    dropped: AtomicU64,
    lists: AtomicU64,
    changes: AtomicU64,
    errors: AtomicU64,
    version: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Tables {
    by_uid: HashMap<String, Arc<Pod>>,
    /// Uids of pods by full container id.
    by_container: HashMap<String, String>,
    /// Uids that a list that is being received has named so far.
    listed: Option<HashSet<String>>,
    /// Container ids whose pod has changed since somebody asked.
    changed: HashSet<String>,
}

impl PodStore {
    /// An empty store of at most `max_pods` pods.
    pub fn new(max_pods: usize) -> Self {
        Self(Arc::new(Shared {
            tables: RwLock::default(),
            max_pods,
            dropped: AtomicU64::new(0),
            lists: AtomicU64::new(0),
            changes: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            version: watch::Sender::new(0),
        }))
    }

    /// The pod with this uid. A uid taken from a cgroup may have `_` where it has `-`.
    pub fn by_uid(&self, uid: &str) -> Option<Arc<Pod>> {
        let tables = self.read();
        let found = tables.by_uid.get(uid).or_else(|| tables.by_uid.get(&uid.replace('_', "-")));
        found.cloned()
    }

    /// The pod that has the container with this full id.
    pub fn by_container(&self, full_id: &str) -> Option<Arc<Pod>> {
        let tables = self.read();
        tables.by_uid.get(tables.by_container.get(full_id)?).cloned()
    }

    /// All pods, in no order.
    pub fn all(&self) -> Vec<Arc<Pod>> {
        self.read().by_uid.values().cloned().collect()
    }

    /// Counts so far.
    pub fn counters(&self) -> PodStoreCounters {
        let load = |cell: &AtomicU64| cell.load(Ordering::Relaxed);
        PodStoreCounters {
            pods: self.read().by_uid.len() as u64,
            dropped: load(&self.0.dropped),
            lists: load(&self.0.lists),
            changes: load(&self.0.changes),
            errors: load(&self.0.errors),
        }
    }

    /// Tells of every change.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.version.subscribe()
    }

    /// Ids of containers whose pod has changed since the last call.
    pub(crate) fn take_changed(&self) -> HashSet<String> {
        self.write(|tables| mem::take(&mut tables.changed))
    }

    /// A complete list begins. What it does not name is forgotten at its end.
    pub(super) fn begin_list(&self) {
        self.write(|tables| tables.listed = Some(HashSet::new()));
    }

    /// The list has ended.
    pub(super) fn end_list(&self) {
        self.0.lists.fetch_add(1, Ordering::Relaxed);
        self.write(|tables| {
            let Some(listed) = tables.listed.take() else { return };
            let gone: Vec<_> =
                tables.by_uid.keys().filter(|it| !listed.contains(*it)).cloned().collect();
            for uid in gone {
                tables.remove(&uid);
            }
        });
        self.announce();
    }

    /// A pod is there or has changed.
    pub(crate) fn put(&self, pod: Pod) {
        self.0.changes.fetch_add(1, Ordering::Relaxed);
        let kept = self.write(|tables| {
            if let Some(listed) = &mut tables.listed {
                listed.insert(pod.uid.clone());
            }
            let old = tables.by_uid.get(&pod.uid);
            if old.is_some_and(|old| **old == pod) {
                return true;
            }
            if old.is_none() && tables.by_uid.len() >= self.0.max_pods {
                return false;
            }
            tables.remove(&pod.uid);
            for container in pod.containers.iter().filter(|it| !it.id.is_empty()) {
                tables.by_container.insert(container.id.clone(), pod.uid.clone());
                if tables.changed.len() < MAX_CHANGED {
                    tables.changed.insert(container.id.clone());
                }
            }
            tables.by_uid.insert(pod.uid.clone(), Arc::new(pod));
            true
        });
        if !kept {
            self.0.dropped.fetch_add(1, Ordering::Relaxed);
        }
        self.announce();
    }

    /// A pod is gone.
    pub(crate) fn remove(&self, uid: &str) {
        self.0.changes.fetch_add(1, Ordering::Relaxed);
        self.write(|tables| tables.remove(uid));
        self.announce();
    }

    /// Something went wrong with the watch.
    pub(super) fn count_error(&self) {
        self.0.errors.fetch_add(1, Ordering::Relaxed);
    }

    fn announce(&self) {
        self.0.version.send_modify(|version| *version += 1);
    }

    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        // No code that holds the lock can panic halfway through a change.
        self.0.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write<T>(&self, change: impl FnOnce(&mut Tables) -> T) -> T {
        change(&mut self.0.tables.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tables {
    fn remove(&mut self, uid: &str) {
        let Some(pod) = self.by_uid.remove(uid) else { return };
        for container in &pod.containers {
            if !container.id.is_empty() && self.changed.len() < MAX_CHANGED {
                self.changed.insert(container.id.clone());
            }
            // The id may be another pod's by now if an API server says nonsense.
            if self.by_container.get(&container.id).is_some_and(|it| it == uid) {
                self.by_container.remove(&container.id);
            }
        }
    }
}
