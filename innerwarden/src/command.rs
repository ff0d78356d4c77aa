//! The subcommands, one file each.

pub(crate) mod capture;
pub(crate) mod doctor;
pub(crate) mod replay;
pub(crate) mod rules;
pub(crate) mod run;
