//! What runs on this host: threads, lineage, fds, users and groups, containers.
//!
//! Fed by events (and a start-up scan) only; it asks nobody. Exactly the state engine of libsinsp
//! 0.25.4, its traps included, because a rule's outcome depends on them.
//!
//! # Invariants
//!
//! - Every table is bounded; what is dropped is counted.
//! - Handling an event allocates nothing in steady state: slots and their buffers are reused.
//! - Bytes from the kernel are never trusted to be UTF-8, sane numbers or consistent.

mod container;
mod fd;
mod host;
mod text;
mod thread;
mod user;

pub use container::{Container, ContainerId, ContainerStats, Containers, Mount, PortMapping};
pub use fd::{Address, Fd, FdId, FdKind, L4Proto, Role};
pub use host::{Current, Host, HostConfig, Verdict};
pub use text::Text;
pub use thread::{Thread, ThreadId};
pub use user::{Group, User, Users};
