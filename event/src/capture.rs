//! Captures: reading and writing `.scap` files.
//!
//! A capture is a chain of blocks: one or more sections, each a section header, lists of what was there
//! when recording began (machine, interfaces, users, threads, fds), and events in order of time.

mod block;
mod cursor;
mod error;
mod fd;
mod field;
mod input;
mod interface;
mod machine;
mod old_event;
mod reader;
mod thread;
mod user;
mod window;
mod writer;

pub use error::{CaptureError, CaptureErrorKind};
pub use fd::{FdDetail, FdEntry};
pub use interface::{InterfaceAddress, InterfaceEntry};
pub use machine::MachineInfo;
pub use reader::{Reader, Record};
pub use thread::ThreadEntry;
pub use user::{GroupEntry, UserEntry};
pub use writer::{WriteError, Writer};
