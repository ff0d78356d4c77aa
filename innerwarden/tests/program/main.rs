//! The program from outside: exit codes, what goes to stdout, what goes to stderr.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests")]

mod bed;
mod capture;
mod configuration;
mod doctor;
mod listing;
mod live;
mod privilege;
mod recording;
mod reload;
mod replay;
mod rules;
mod rules_test;
mod run;
mod usage;
