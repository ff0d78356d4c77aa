//! Rules files.

mod yaml;
