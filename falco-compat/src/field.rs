//! Fields: what conditions and outputs may ask about an event.
//!
//! The registry has one table a class (`field/*/table.rs`); a name in a rule becomes a
//! [`FieldRef`] once, when the rule loads, and a [`Context`] answers it for an event.

mod buffer;
mod class;
pub mod container;
mod context;
mod definition;
pub mod event;
pub mod fd;
pub mod fdlist;
pub mod fixed;
pub mod fspath;
pub mod generic;
pub mod group;
mod parse;
pub mod process;
mod reference;
#[cfg(test)]
mod tests;
pub mod user;

pub(crate) use buffer::c_string;
pub use class::{CLASSES, FieldClass, FieldId};
pub(crate) use context::json_number;
pub use context::{Agent, Context};
pub use definition::{FieldDef, FieldFlags, PrintFormat};
pub(crate) use event::write_dots;
pub use parse::FieldError;
pub use reference::{Argument, FieldRef, ParamSlots};
