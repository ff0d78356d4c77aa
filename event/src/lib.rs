//! The scap event schema: what an event is, everywhere in innerwarden.
//!
//! An [`Event`] is a view over borrowed bytes in the encoding of Falco's libraries (schema 4.5.1,
//! libs 0.25.4): a type of the public event table, a time, a thread id and parameters in order.
//! Probes write it, captures hold it, the state engine and the rules read it.
//!
//! # Invariants
//!
//! - No state beyond one event or one capture section; no clock, no network.
//! - Decoding never panics and never allocates per event; malformed bytes are an error.
//! - All 454 event types come from one data file, `data/events.json`.

pub mod capture;
pub mod convert;
pub mod encode;
mod syscall;
mod table;
mod view;

pub use syscall::{syscall_name, syscall_names, syscall_of_x86_64};
pub use table::{
    Category, EventFlags, EventInfo, EventType, NamedValue, ParamFormat, ParamInfo, ParamType,
};
pub use view::{DecodeError, Event, MAX_PARAMS};
