//! Probes of our own: the running kernel's system calls as events of the scap schema.
//!
//! The probes are C with CO-RE relocations (`bpf/`), compiled by clang in `build.rs`. They write what a
//! capture would hold into ring buffers; [`Probes`] loads them, attaches them, and hands out
//! [`event::Event`]s in the order of their times.
//!
//! # Invariants
//!
//! - It knows neither hosts nor rules: which system calls are wanted is told by a [`Selection`].
//! - Whatever is lost is counted by type of event and reason ([`Probes::losses`]).
//! - `aya` is known here alone. Probes end with the process: nothing is pinned.

mod abi;
mod attach;
mod boot_clock;
mod error;
mod filter;
mod kernel_types;
mod loss;
mod probe;
mod probes;
mod ring;
mod selection;

pub use attach::{AttachChoice, AttachMode};
pub use error::LoadError;
pub use filter::{Failed, Filter};
pub use kernel_types::TypesError;
pub use loss::{Loss, LossReason, Losses};
pub use probes::{ProbeConfig, Probes};
pub use selection::Selection;
