//! Pods of this node, as the Kubernetes API has them: a watch, and a store that everybody may look into.
//!
//! The API knows what no runtime tells: the service account, the owner, annotations, what a pod's author
//! asked for. Where both say something, the runtime is believed: it is what runs.

mod described;
mod store;
mod watch;

pub use self::{
    described::{Owner, Pod, PodContainer},
    store::{PodStore, PodStoreCounters},
    watch::{ClusterAccess, PodConfig, PodError, PodWatch},
};
