//! Where alerts go: a thread and a bounded queue for each output, so that a slow one stalls nobody.
//!
//! ```text
//! event thread ──send──▶ queue ──▶ thread of `stdout`
//!                  └───▶ queue ──▶ thread of `file` …
//! ```
//!
//! What a full queue cannot take is dropped and counted for that output alone.

mod file;
mod http;
mod lane;
mod program;
mod stdout;
mod syslog;
#[cfg(test)]
mod tests;

use std::{
    io,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use falco_compat::rules::Priority;

pub(crate) use lane::LaneState;
pub(crate) use syslog::Syslog;

use self::lane::Lane;
use crate::config::OutputSettings;

/// What an output is told.
#[derive(Debug)]
pub(crate) struct Message {
    /// The alert in one line, without the newline.
    pub(crate) line: Box<[u8]>,
    /// How urgent it is.
    pub(crate) priority: Priority,
}

/// One kind of place that alerts go to. It lives on a thread of its own and may block.
pub(crate) trait Output: Send {
    /// Hands `message` over.
    fn write(&mut self, message: &Message) -> Result<(), OutputError>;

    /// Starts anew, because whoever rotates logs has moved the old file away.
    fn reopen(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Why an output did not take an alert.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum OutputError {
    /// Its reader has gone for good; nothing more can be written.
    #[error("its reader has gone")]
    Gone,
    /// The system refused.
    #[error("{doing}: {cause}")]
    Io {
        /// What was tried.
        doing: String,
        /// What the system said.
        cause: io::Error,
    },
}

impl OutputError {
    /// A failure of the system while `doing`.
    fn io(doing: impl Into<String>, cause: io::Error) -> Self {
        Self::Io { doing: doing.into(), cause }
    }
}

/// The table of outputs, in Falco's order: name, and how it is made when the settings ask for it.
type Kind = (&'static str, fn(&OutputSettings) -> Option<Box<dyn Output>>);
const KINDS: [Kind; 5] = [
    ("file", file::wanted),
    ("stdout", stdout::wanted),
    ("syslog", syslog::wanted),
    ("program", program::wanted),
    ("http", http::wanted),
];

/// The outputs in use. They are told of alerts by one thread and closed by another.
#[derive(Debug)]
pub(crate) struct Outputs {
    lanes: Vec<Lane>,
    settings: OutputSettings,
}

impl Outputs {
    /// Starts the outputs that `settings` ask for. `gone` is called, on the output's thread, with the name of one
    /// whose reader has left for good.
    pub(crate) fn start(
        settings: &OutputSettings,
        gone: &Arc<dyn Fn(&'static str) + Send + Sync>,
    ) -> io::Result<Self> {
        let wanted = KINDS.iter().filter_map(|(name, wanted)| Some((*name, wanted(settings)?)));
        let lanes = wanted
            .map(|(name, output)| Lane::start(name, output, settings.queue_capacity, gone.clone()))
            .collect::<io::Result<_>>()?;
        Ok(Self { lanes, settings: settings.clone() })
    }

    /// What they were made from.
    pub(crate) fn settings(&self) -> &OutputSettings {
        &self.settings
    }

    /// Tells every output of `message`. Never waits.
    pub(crate) fn send(&self, message: &Arc<Message>) {
        for lane in &self.lanes {
            lane.send(message);
        }
    }

    /// Tells them to start anew.
    pub(crate) fn reopen(&self) {
        for lane in &self.lanes {
            lane.state.reopen.store(true, Ordering::Release);
            lane.wake();
        }
    }

    /// The figures of each.
    pub(crate) fn states(&self) -> impl Iterator<Item = &Arc<LaneState>> {
        self.lanes.iter().map(|lane| &lane.state)
    }

    /// Lets every output finish what is queued, for at most `grace` together. What is still queued then is given up
    /// and counted; the names of those outputs come back.
    pub(crate) fn close(&self, grace: Duration) -> Vec<&'static str> {
        let deadline = Instant::now() + grace;
        for lane in &self.lanes {
            lane.state.closing.store(true, Ordering::Release);
            lane.wake();
        }
        self.lanes
            .iter()
            .filter(|lane| !lane.finished_by(deadline))
            .map(|it| it.state.name)
            .collect()
    }
}
