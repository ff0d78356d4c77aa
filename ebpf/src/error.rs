//! Why probes cannot be loaded.

use aya::{EbpfError, maps::MapError, programs::ProgramError};

use crate::{attach::AttachMode, kernel_types::TypesError};

/// Why probes cannot be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The kernel has no type information: `CONFIG_DEBUG_INFO_BTF` is off, or `/sys` is not there.
    #[error("the kernel offers no usable BTF")]
    NoBtf(#[source] TypesError),
    /// The kernel does not take the object: too old, or privileges are missing (`CAP_BPF`, `CAP_PERFMON`).
    #[error("the kernel does not take the probes ({mode})")]
    Object {
        /// How they were to be attached.
        mode: AttachMode,
        /// What the kernel said.
        #[source]
        source: EbpfError,
    },
    /// The kernel does not take one program.
    #[error("the kernel does not take the program `{program}` ({mode})")]
    Program {
        /// How it was to be attached.
        mode: AttachMode,
        /// Its name.
        program: String,
        /// What the kernel said.
        #[source]
        source: ProgramError,
    },
    /// A map cannot be made or written: memory, `RLIMIT_MEMLOCK` on kernels before 5.11, or privileges.
    #[error("the map `{map}` cannot be set up")]
    Map {
        /// Its name.
        map: &'static str,
        /// What the kernel said.
        #[source]
        source: MapError,
    },
    /// The compiled object inside this program cannot be unpacked.
    #[error("the compiled probes are damaged")]
    Damaged(#[source] std::io::Error),
    /// The object lacks something that the loader needs; a defect of this program.
    #[error("the compiled probes have no `{0}`")]
    Missing(String),
    /// The online or possible CPUs cannot be told.
    #[error("the CPUs of this machine cannot be told from /sys/devices/system/cpu")]
    Cpus(#[source] std::io::Error),
    /// A clock cannot be read.
    #[error("the clocks of this machine cannot be read")]
    Clock(#[source] nix::Error),
}

impl LoadError {
    /// Whether another way to attach may work where this one failed.
    pub(crate) const fn depends_on_mode(&self) -> bool {
        matches!(self, Self::Program { .. } | Self::Object { .. } | Self::Map { .. })
    }
}
