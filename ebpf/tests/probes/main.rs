//! The probes on the running kernel: each does a system call and looks at the event that it made.
//!
//! Needs root and BTF. `INNERWARDEN_ATTACH=fexit|dispatcher` says how to attach; without it each test
//! takes what the kernel offers first.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that finds something else fails, and says so where it skips"
)]

mod address;
mod bad_pointer;
mod budget;
mod clock;
mod clone;
mod close;
#[cfg(target_arch = "x86_64")]
mod compat_function;
#[cfg(target_arch = "x86_64")]
mod compat_socket;
mod connection;
mod control;
mod directory;
mod enter;
mod exec;
mod exit;
mod files;
mod filter;
mod generic;
mod harness;
mod identity;
mod load;
mod machine;
mod message;
mod open;
#[cfg(target_arch = "x86_64")]
mod page_fault;
mod plain;
mod poll;
mod program;
mod raw;
mod ring_operation;
mod semaphore;
mod socket;
mod sockopt;
mod tracepoint;
mod transfer;
