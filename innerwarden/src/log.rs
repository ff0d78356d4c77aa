//! What a running innerwarden says of itself: one line on stderr, and in the system's log if that is wanted.

use std::{
    fmt,
    io::{self, Write as _},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
};

use falco_compat::rules::Priority;

use crate::output::Syslog;

/// What is said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LogSettings {
    /// `log_level`: less urgent messages are left out. Default: informational.
    pub(crate) level: Priority,
    /// `log_stderr`. Default: true.
    pub(crate) stderr: bool,
    /// `log_syslog`. Default: false.
    pub(crate) syslog: bool,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { level: Priority::Informational, stderr: true, syslog: false }
    }
}

static LEVEL: AtomicU8 = AtomicU8::new(Priority::Informational as u8);
static STDERR: AtomicBool = AtomicBool::new(true);
static SYSLOG: Mutex<Option<Syslog>> = Mutex::new(None);

/// From now on, messages go as `settings` say.
pub(crate) fn configure(settings: &LogSettings) {
    LEVEL.store(settings.level as u8, Ordering::Relaxed);
    STDERR.store(settings.stderr, Ordering::Relaxed);
    let mut syslog = SYSLOG.lock().unwrap_or_else(PoisonError::into_inner);
    *syslog = settings.syslog.then(|| Syslog::new(None));
}

/// Something is broken, or lost.
pub(crate) fn error(message: impl fmt::Display) {
    say(Priority::Error, "error", message);
}

/// Something is not as it was asked for.
pub(crate) fn warning(message: impl fmt::Display) {
    say(Priority::Warning, "warning", message);
}

/// What a person who looks after the host wants to know.
pub(crate) fn info(message: impl fmt::Display) {
    say(Priority::Informational, "info", message);
}

/// What a person who looks for a fault wants to know.
pub(crate) fn debug(message: impl fmt::Display) {
    say(Priority::Debug, "debug", message);
}

fn say(priority: Priority, word: &str, message: impl fmt::Display) {
    if priority as u8 > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    if STDERR.load(Ordering::Relaxed) {
        // Where stderr is closed, there is nobody to tell.
        let _ = writeln!(io::stderr(), "{word}: {message}");
    }
    if let Some(syslog) = &mut *SYSLOG.lock().unwrap_or_else(PoisonError::into_inner) {
        let _ = syslog.send(priority, message.to_string().as_bytes());
    }
}
