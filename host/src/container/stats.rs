//! What the container table lost and holds.

/// Losses and sizes of the container table, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContainerStats {
    /// Ids forgotten because the table was full.
    pub evicted: u64,
    /// Metadata forgotten because all of it together was too large.
    pub metadata_evicted: u64,
    /// Events whose metadata was malformed or larger than [`MAX_METADATA_BYTES`](super::Containers::MAX_METADATA_BYTES).
    pub metadata_rejected: u64,
    /// Times that a new container could not be handed out because too many waited.
    pub new_dropped: u64,
    /// Containers with metadata, without the host.
    pub with_metadata: u64,
}
