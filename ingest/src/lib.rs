//! Sources beside the probes: what `/proc`, container runtimes and Kubernetes know about this host.

pub mod container;
pub mod pod;
mod proc;

pub use proc::{Denied, Proc, ProcConfig, ProcError, ScanReport, Skip, parse_proc_text};
