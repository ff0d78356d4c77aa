//! Rules files: from YAML to rules that the engine runs, with Falco's errors and warnings.
//!
//! The stages, in the order a file passes them: [`yaml`] (text to nodes), `schema` (its shape),
//! `reader` (nodes to definitions), `collector` (definitions of all files put together),
//! `compiler` (exceptions, lists and macros resolved, conditions and outputs checked). A
//! [`Loader`] drives them.

mod collector;
mod compiler;
mod definition;
mod describe;
mod files;
mod issue;
mod loader;
mod location;
mod pointer;
mod priority;
mod reader;
mod report;
mod schema;
mod selection;
mod settings;
mod version;
pub mod yaml;

pub use compiler::Rule;
pub use definition::PluginRequirement;
pub use describe::{DescribeError, describe_text};
pub use files::{FilesError, RulesFile, find_files, read_files};
pub use issue::{ErrorCode, LoadError, LoadWarning, WarningCode};
pub use loader::{Loader, PluginError, validation_report};
pub use location::{Context, ItemType, Location};
pub use priority::Priority;
pub use report::LoadResult;
pub use schema::SchemaStatus;
pub use selection::{Selection, Selector};
pub use settings::{AddedField, OutputAddition, Settings};
pub use version::Version;

#[cfg(test)]
mod tests;
