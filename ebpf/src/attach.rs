//! The two ways to hang the probes on the kernel.

use std::{fmt, io::Read as _};

use flate2::read::ZlibDecoder;

use crate::error::LoadError;

/// How system calls reach the probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachMode {
    /// One program on the exit of every system call passes on those that are wanted.
    Dispatcher,
    /// A program on the kernel function of each wanted system call: others are not slowed down.
    Fexit,
}

impl AttachMode {
    /// The compiled object that is made for it, unpacked.
    pub(crate) fn object(self) -> Result<Vec<u8>, LoadError> {
        let packed = match self {
            Self::Dispatcher => DISPATCHER,
            Self::Fexit => FEXIT,
        };
        let mut object = Vec::new();
        ZlibDecoder::new(packed).read_to_end(&mut object).map_err(LoadError::Damaged)?;
        Ok(object)
    }
}

impl fmt::Display for AttachMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dispatcher => "tp_btf/sys_exit dispatcher",
            Self::Fexit => "fexit of each system call",
        })
    }
}

/// Which way to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AttachChoice {
    /// Fexit where the kernel takes it, else the dispatcher.
    #[default]
    Auto,
    /// This one, or fail.
    Force(AttachMode),
}

/// Packed by build.rs: six megabytes that are read once would otherwise count as memory for good.
static DISPATCHER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dispatcher.bpf.o.z"));
static FEXIT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/fexit.bpf.o.z"));
