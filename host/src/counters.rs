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
    /// Threads that were looked up on the live machine.
    pub thread_lookups: u64,
    /// Those of them that were not there.
    pub thread_lookups_failed: u64,
    /// Fds that were looked up on the live machine.
    pub fd_lookups: u64,
    /// Times that users and groups were looked up on the live machine.
    pub account_lookups: u64,
    /// Look-ups of threads and fds beyond what a period allows.
    pub lookups_refused: u64,
    /// Threads removed because they were gone although no event said so.
    pub threads_purged: u64,
    /// Fds not added because the process, or all processes together, had too many.
    pub fds_dropped: u64,
    /// Enter events not kept for their exit event: no thread, or too large.
    pub enters_dropped: u64,
}
