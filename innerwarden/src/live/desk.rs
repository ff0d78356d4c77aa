//! What the event thread and the rest of the program leave for each other. Nobody waits here for long.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use ingest::container::ContainerCounters;

use super::{Drops, Setup, WaitingCounts};
use crate::losses::HOST_KINDS;

/// Where the two meet.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    stopping: AtomicBool,
    news: AtomicBool,
    next: Mutex<Option<Box<Setup>>>,
    #[expect(clippy::vec_box, reason = "the event thread must not copy what it gives back")]
    old: Mutex<Vec<Box<Setup>>>,
    figures: Mutex<Figures>,
}

/// What the event thread has counted since it began.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures {
    /// Events of the source.
    pub(crate) recorded: u64,
    /// Events that rules could look at.
    pub(crate) delivered: u64,
    /// Falco's name for what gives events.
    pub(crate) engine: &'static str,
    /// Why there are no events; `None` where there are.
    pub(crate) blind: Option<String>,
    /// Threads that the host knows.
    pub(crate) threads: u64,
    /// Times that what runs was read anew, because events were lost.
    pub(crate) mended: u64,
    /// The lookup of containers.
    pub(crate) containers: ContainerCounters,
    /// Events that waited for it.
    pub(crate) waiting: WaitingCounts,
    /// What the state engine could not keep.
    pub(crate) losses: [(&'static str, u64); HOST_KINDS],
    /// What the source could not deliver.
    pub(crate) drops: Drops,
}

impl Desk {
    /// Asks the event thread to stop.
    pub(crate) fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    #[inline]
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Leaves a new setup for the event thread; one that it has not taken yet is replaced.
    pub(crate) fn leave(&self, setup: Box<Setup>) {
        let unseen = lock(&self.next).replace(setup);
        self.news.store(true, Ordering::Release);
        lock(&self.old).extend(unseen);
    }

    /// Setups that are no longer in use.
    #[expect(clippy::vec_box, reason = "as they were given back")]
    pub(crate) fn old_setups(&self) -> Vec<Box<Setup>> {
        std::mem::take(&mut *lock(&self.old))
    }

    /// The figures as they were a moment ago.
    pub(crate) fn figures(&self) -> Figures {
        lock(&self.figures).clone()
    }

    #[inline]
    pub(super) fn has_news(&self) -> bool {
        self.news.load(Ordering::Acquire)
    }

    pub(super) fn take(&self) -> Option<Box<Setup>> {
        self.news.store(false, Ordering::Release);
        lock(&self.next).take()
    }

    pub(super) fn give_back(&self, setup: Box<Setup>) {
        lock(&self.old).push(setup);
    }

    /// Leaves the figures out where someone is just reading the last ones.
    pub(super) fn publish(&self, figures: &Figures) {
        if let Ok(mut shown) = self.figures.try_lock() {
            shown.clone_from(figures);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
