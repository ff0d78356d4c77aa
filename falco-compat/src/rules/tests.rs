//! Loading rules files.

mod conformance;
mod loading;
