//! The probes at the beginning of system calls: `bpf/probe/enter.c`.

use crate::{
    attach::AttachMode,
    probe::{Hook, Place},
};

/// The four programs of one call: native and 32-bit, at the entry of its function or where tracing offers it.
macro_rules! enter {
    ($name:literal) => {
        [
            enter!($name, "enter_", Place::Entry($name), AttachMode::Fexit),
            enter!(
                $name,
                "enter_",
                Place::EnterTracepoint(concat!("sys_enter_", $name)),
                AttachMode::Dispatcher
            ),
            #[cfg(target_arch = "x86_64")]
            enter!($name, "enter_compat_", Place::CompatEntry($name), AttachMode::Fexit),
            #[cfg(target_arch = "x86_64")]
            enter!($name, "enter_compat_", Place::CompatKprobe($name), AttachMode::Dispatcher),
        ]
    };
    ($name:literal, $prefix:literal, $place:expr, $mode:expr) => {
        Hook {
            program: concat!($prefix, $name),
            place: $place,
            calls: &[$name],
            mode: Some($mode),
            optional: true,
        }
    };
}

/// By call. Other architectures do not have the calls of old.
const BY_CALL: &[&[Hook]] = &[
    #[cfg(target_arch = "x86_64")]
    &enter!("open"),
    #[cfg(target_arch = "x86_64")]
    &enter!("creat"),
    &enter!("openat2"),
    &enter!("connect"),
    &enter!("openat"),
];

/// What makes events of calls that begin. Each can be done without: the same call makes another event when it ends.
pub(crate) fn enter_hooks() -> impl Iterator<Item = &'static Hook> {
    BY_CALL.iter().copied().flatten()
}
