//! Whether tracefs is there: probes at the beginning of system calls need it.

use std::{fs, path::Path};

use super::{finding::Finding, place::Place};

/// Where it is mounted, in the order in which probes look.
const MOUNTS: [&str; 2] = ["kernel/tracing", "kernel/debug/tracing"];

/// Looks for the tracepoints of system calls.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let found = MOUNTS.map(|it| judge(&place.sys.join(it)));
    let best = found.iter().find(|it| it.is_ok()).or(found.first());
    vec![match best {
        Some(Ok(folder)) => Finding::ok(folder.clone()),
        Some(Err(why)) => Finding::limited(
            why.clone(),
            "paths and addresses that a program changes while the kernel works on them (TOCTOU) are not seen as \
             they were before",
            "mount -t tracefs nodev /sys/kernel/tracing; in a container, mount the host's; let this process read \
             it (root or CAP_DAC_READ_SEARCH)",
        ),
        None => Finding::ok("nothing to look for"),
    }]
}

fn judge(mount: &Path) -> Result<String, String> {
    let id = mount.join("events/syscalls/sys_enter_openat/id");
    match fs::read(&id) {
        Ok(_) => Ok(mount.display().to_string()),
        Err(error) if !mount.join("events").exists() => {
            let why = match error.kind() {
                std::io::ErrorKind::PermissionDenied => "may not be read",
                _ => "is not mounted",
            };
            Err(format!("{} {why}", mount.display()))
        }
        Err(error) => Err(format!("{}: {error}", id.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_place_will_do() {
        let root = tempfile::tempdir().unwrap();
        let place = Place::below(root.path());
        assert!(look(&place)[0].line().starts_with("limited | "));
        let events = place.sys.join("kernel/debug/tracing/events/syscalls/sys_enter_openat");
        fs::create_dir_all(&events).unwrap();
        fs::write(events.join("id"), "1\n").unwrap();
        assert!(look(&place)[0].line().ends_with("sys/kernel/debug/tracing"));
    }
}
