//! What the state engine did and could not do.

/// Counts since the host was made. Every loss has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Threads not added because the table was full.
    pub threads_dropped: u64,
    /// Threads removed after their exit.
    pub threads_removed: u64,
    /// Placeholders made for threads that nothing was known of.
    pub placeholders: u64,
    /// Fds not added because the process, or all processes together, had too many.
    pub fds_dropped: u64,
    /// Enter events not kept for their exit event: no thread, or too large.
    pub enters_dropped: u64,
}
