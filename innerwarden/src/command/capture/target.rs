//! Where a subcommand writes a capture to.

use std::path::PathBuf;

use clap::Args;

use crate::{
    exit::Failure,
    output::{Compression, Output},
};

/// Arguments of every subcommand that writes a capture.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Capture to write; an existing file is replaced
    #[arg(short, long, value_name = "FILE")]
    write: PathBuf,

    /// Write it uncompressed
    #[arg(long)]
    plain: bool,
}

impl Target {
    /// Begins the capture.
    pub(super) fn create(&self) -> Result<Output, Failure> {
        Output::create(&self.write, if self.plain { Compression::None } else { Compression::Gzip })
    }
}
