//! Where a subcommand writes a capture to.

use std::{fs, path::PathBuf};

use clap::Args;

use crate::{
    exit::{Exit, Failure},
    recording::{Compression, Recording},
};

/// Arguments of every subcommand that writes a capture.
#[derive(Debug, Args)]
pub(super) struct Target {
    /// Capture to write; an existing file is replaced
    // `None` only beside a subcommand, which has a target of its own.
    #[arg(short, long, visible_alias = "out", value_name = "FILE", required = true)]
    write: Option<PathBuf>,

    /// Write it uncompressed
    #[arg(long)]
    plain: bool,
}

impl Target {
    /// Begins the capture. It must not be one of `inputs`: a recording may be the only evidence.
    pub(super) fn create(&self, inputs: &[PathBuf]) -> Result<Recording, Failure> {
        let Some(file) = &self.write else {
            return Err(Failure::new(Exit::Usage, "`--write FILE` says where to"));
        };
        let place = fs::canonicalize(file).ok();
        let input = inputs.iter().find(|it| place.is_some() && fs::canonicalize(it).ok() == place);
        if let Some(input) = input {
            let message = format!(
                "`{}` is being read; write to another file and rename that one afterwards",
                input.display()
            );
            return Err(Failure::new(Exit::Usage, message));
        }
        Recording::create(file, if self.plain { Compression::None } else { Compression::Gzip })
    }
}
