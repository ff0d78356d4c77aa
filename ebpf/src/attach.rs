//! The two ways to hang the probes on the kernel.

use std::fmt;

/// How system calls reach the probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachMode {
    /// One program on the exit of every system call passes on those that are wanted.
    Dispatcher,
    /// A program on the kernel function of each wanted system call: others are not slowed down.
    Fexit,
}

impl AttachMode {
    /// The compiled object that is made for it.
    pub(crate) const fn object(self) -> &'static [u8] {
        match self {
            Self::Dispatcher => DISPATCHER,
            Self::Fexit => FEXIT,
        }
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

static DISPATCHER: &[u8] =
    aya::include_bytes_aligned!(concat!(env!("OUT_DIR"), "/dispatcher.bpf.o"));
static FEXIT: &[u8] = aya::include_bytes_aligned!(concat!(env!("OUT_DIR"), "/fexit.bpf.o"));
