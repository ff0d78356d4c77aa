//! Whether the kernel describes its types, which the probes are fitted to when they are loaded.

use std::fs;

use super::{finding::Finding, place::Place};

/// Looks at `/sys/kernel/btf/vmlinux`.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let file = place.sys.join("kernel/btf/vmlinux");
    let cost = "no events: the probes cannot be fitted to this kernel";
    vec![match fs::metadata(&file) {
        Ok(found) => Finding::ok(format!("{}, {} KiB", file.display(), found.len() / 1024)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Finding::missing(
            format!("no {}", file.display()),
            cost,
            "use a kernel with CONFIG_DEBUG_INFO_BTF=y, as those of distributions are; in a container, mount /sys",
        ),
        Err(error) => Finding::missing(
            format!("{}: {error}", file.display()),
            cost,
            "let this process read it",
        ),
    }]
}
