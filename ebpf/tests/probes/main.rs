//! The probes on the running kernel: each does a system call and looks at the event that it made.
//!
//! Needs root and BTF. `INNERWARDEN_ATTACH=fexit|dispatcher` says how to attach; without it each test
//! takes what the kernel offers first.

mod close;
mod directory;
mod harness;
