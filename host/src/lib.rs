//! What runs on this host: threads, lineage, fds, users and groups, containers.
//!
//! Fed by events and a start-up scan; on a live machine it asks a [`Platform`] for what those did not tell.
//! Exactly the state engine of libsinsp 0.25.4, its traps included, because a rule's outcome depends on them.
//!
//! # Invariants
//!
//! - Every table is bounded; what is dropped is counted.
//! - Handling an event allocates nothing in steady state: slots and their buffers are reused.
//! - Bytes from the kernel are never trusted to be UTF-8, sane numbers or consistent.

mod cleaning;
mod container;
mod container_link;
mod counters;
mod fd;
mod fd_store;
mod fd_table;
pub mod flags;
mod host;
mod interfaces;
mod interner;
mod lineage;
mod live;
mod load;
mod need;
mod parse;
pub mod path;
mod plan;
mod platform;
mod process_text;
mod recent_exits;
#[cfg(test)]
mod scene;
mod socket;
mod text;
mod thread;
mod thread_group;
mod thread_table;
mod user;
pub mod utf8;

pub use container::{
    Container, ContainerId, ContainerStats, Containers, Mount, NewContainer, PortMapping,
    RuntimeGuess,
};
pub use counters::Counters;
pub use fd::{Address, Fd, FdId, FdKind, L4Proto, Role};
pub use host::{Current, Host, HostConfig, Verdict};
pub use interfaces::{Interfaces, Ipv4Interface};
pub use live::LiveConfig;
pub use need::{needed_numbers, needs_failed};
pub use platform::{FdScope, Platform};
pub use socket::{
    SocketAddress, SocketTuple, mapped_ipv4, render_address, render_ipv4_pair, render_ipv4_server,
    render_ipv6_pair, render_ipv6_server, render_tuple,
};
pub use text::Text;
pub use thread::{Thread, ThreadId};
pub use user::{Group, User, Users};
