//! Loading rules files.

mod conformance;
