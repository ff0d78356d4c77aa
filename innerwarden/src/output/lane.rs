//! An output's thread and its queue.

use std::{
    fmt, io,
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use super::{Message, Output, OutputError};
use crate::log;

/// Bytes of alerts that may wait for one output: alerts have no fixed size, so their number is no bound.
const MAX_QUEUED_BYTES: usize = 64 << 20;

/// What a thread is told.
#[derive(Debug)]
pub(super) enum Job {
    /// Write this.
    Alert(Arc<Message>),
    /// Look at the flags.
    Wake,
}

/// An output's thread and its queue, from outside.
pub(super) struct Lane {
    sender: SyncSender<Job>,
    pub(super) state: Arc<LaneState>,
}

/// What is known of an output, to be read by anyone.
#[derive(Debug)]
pub(crate) struct LaneState {
    /// Its name.
    pub(crate) name: &'static str,
    /// Alerts written.
    pub(crate) written: AtomicU64,
    /// Alerts that it refused or that the system did not let it write.
    pub(crate) failed: AtomicU64,
    /// Alerts that found its queue full.
    pub(crate) dropped: AtomicU64,
    /// Alerts that wait.
    pub(crate) queued: AtomicUsize,
    queued_bytes: AtomicUsize,
    pub(super) closing: AtomicBool,
    pub(super) reopen: AtomicBool,
    started: Instant,
    /// Milliseconds after `started` at which the current write began, plus one; 0 when idle.
    busy_since: AtomicU64,
    finished: Mutex<bool>,
    on_finish: Condvar,
}

impl LaneState {
    /// How long it has been writing the same alert; `None` when it is idle.
    pub(crate) fn busy_for(&self) -> Option<Duration> {
        let since = self.busy_since.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.started.elapsed().saturating_sub(Duration::from_millis(since)))
    }

    fn set_busy(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.busy_since.store(now + 1, Ordering::Relaxed);
    }
}

impl Lane {
    pub(super) fn start(
        name: &'static str,
        output: Box<dyn Output>,
        capacity: usize,
        gone: Arc<dyn Fn(&'static str) + Send + Sync>,
    ) -> io::Result<Self> {
        let (sender, jobs) = sync_channel(capacity.max(1));
        let state = Arc::new(LaneState {
            name,
            written: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            queued: AtomicUsize::new(0),
            queued_bytes: AtomicUsize::new(0),
            closing: AtomicBool::new(false),
            reopen: AtomicBool::new(false),
            started: Instant::now(),
            busy_since: AtomicU64::new(0),
            finished: Mutex::new(false),
            on_finish: Condvar::new(),
        });
        let mut worker = Worker { output, jobs, state: state.clone(), gone, failing: false };
        thread::Builder::new().name(format!("output-{name}")).spawn(move || worker.run())?;
        Ok(Self { sender, state })
    }

    /// Queues `message`, or drops and counts it.
    pub(super) fn send(&self, message: &Arc<Message>) {
        let bytes = message.line.len();
        let fits = self.state.queued_bytes.load(Ordering::Relaxed) + bytes <= MAX_QUEUED_BYTES;
        // Counted before it is sent: the other side subtracts.
        self.state.queued.fetch_add(1, Ordering::Relaxed);
        self.state.queued_bytes.fetch_add(bytes, Ordering::Relaxed);
        let sent = fits && self.sender.try_send(Job::Alert(message.clone())).is_ok();
        if sent {
            return;
        }
        self.state.queued.fetch_sub(1, Ordering::Relaxed);
        self.state.queued_bytes.fetch_sub(bytes, Ordering::Relaxed);
        if self.state.dropped.fetch_add(1, Ordering::Relaxed) == 0 {
            log::error(format_args!(
                "output `{}` does not keep up: its queue is full, alerts are dropped (and counted in the metric \
                 innerwarden_outputs_dropped_total)",
                self.state.name
            ));
        }
    }

    /// Makes the thread look at its flags. When its queue is full it is about to.
    pub(super) fn wake(&self) {
        match self.sender.try_send(Job::Wake) {
            Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
    }

    /// Waits until the thread has ended, at most until `deadline`.
    pub(super) fn finished_by(&self, deadline: Instant) -> bool {
        let finished = self.state.finished.lock().unwrap_or_else(PoisonError::into_inner);
        let left = deadline.saturating_duration_since(Instant::now());
        let wait = self.state.on_finish.wait_timeout_while(finished, left, |finished| !*finished);
        *wait.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lane").field(&self.state.name).finish()
    }
}

/// The thread.
struct Worker {
    output: Box<dyn Output>,
    jobs: Receiver<Job>,
    state: Arc<LaneState>,
    gone: Arc<dyn Fn(&'static str) + Send + Sync>,
    /// The last alert failed: the reason has been said.
    failing: bool,
}

impl Worker {
    fn run(&mut self) {
        // Said even when the output panics, so that nobody waits for it.
        let _finish = Finish(self.state.clone());
        while let Some(job) = self.next() {
            if self.state.reopen.swap(false, Ordering::AcqRel)
                && let Err(error) = self.output.reopen()
            {
                self.complain(&error);
            }
            let Job::Alert(message) = job else { continue };
            self.state.queued.fetch_sub(1, Ordering::Relaxed);
            self.state.queued_bytes.fetch_sub(message.line.len(), Ordering::Relaxed);
            self.state.set_busy();
            let outcome = self.output.write(&message);
            self.state.busy_since.store(0, Ordering::Relaxed);
            match outcome {
                Ok(()) => {
                    self.state.written.fetch_add(1, Ordering::Relaxed);
                    self.failing = false;
                }
                Err(OutputError::Gone) => {
                    self.state.failed.fetch_add(1, Ordering::Relaxed);
                    (self.gone)(self.state.name);
                    return;
                }
                Err(error) => {
                    self.state.failed.fetch_add(1, Ordering::Relaxed);
                    self.complain(&error);
                }
            }
        }
    }

    /// The next job; `None` once the outputs close and nothing is left.
    fn next(&self) -> Option<Job> {
        if self.state.closing.load(Ordering::Acquire) {
            return self.jobs.try_recv().ok();
        }
        self.jobs.recv().ok()
    }

    /// Says what is wrong, once until it is right again.
    fn complain(&mut self, error: &OutputError) {
        if !self.failing {
            log::error(format_args!("output `{}`: {error}", self.state.name));
        }
        self.failing = true;
    }
}

/// Tells those who wait that the thread has ended.
struct Finish(Arc<LaneState>);

impl Drop for Finish {
    fn drop(&mut self) {
        *self.0.finished.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.on_finish.notify_all();
    }
}
