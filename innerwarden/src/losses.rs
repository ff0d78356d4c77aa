//! What the state engine could not keep or understand, by kind.

use host::Host;

/// Kinds of losses that [`of_host`] knows.
pub(crate) const HOST_KINDS: usize = 11;

/// What `host` has lost so far, in words.
pub(crate) fn of_host(host: &Host) -> [(&'static str, u64); HOST_KINDS] {
    let (counters, containers) = (host.counters(), host.containers().stats());
    [
        ("threads beyond the limit", counters.threads_dropped),
        ("open files beyond the limit", counters.fds_dropped),
        ("enter events not kept", counters.enters_dropped),
        ("users and groups beyond the limit", host.users().dropped()),
        ("interfaces beyond the limit", host.interfaces().dropped()),
        ("threads known by their id only", counters.placeholders),
        ("look-ups beyond the limit", counters.lookups_refused),
        ("containers not asked for yet", containers.new_dropped),
        ("containers beyond the limit", containers.evicted),
        ("container descriptions beyond the limit", containers.metadata_evicted),
        ("container descriptions malformed", containers.metadata_rejected),
    ]
}
