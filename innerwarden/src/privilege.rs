//! What this process may do: as much as it needs, for as long as it needs it.
//!
//! Rights that have been given up do not come back: a reload may need a restart where it asks for more.

use std::{
    env, fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use ingest::container::{ContainerConfig, Engine as Runtime};
use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit, setrlimit};
use rustix::{
    io::Errno,
    process::geteuid,
    thread::{
        CapabilitySet, CapabilitySets, capabilities, capability_is_in_bounding_set,
        clear_ambient_capability_set, remove_capability_from_bounding_set, set_capabilities,
        set_no_new_privs,
    },
};

use crate::{
    command::doctor,
    config::{Engine, LiveSettings},
    log,
};

/// What becomes of rights that are not needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Privileges {
    /// They stay; so do those of programs that get alerts.
    Keep,
    /// They are given up before anything is opened.
    #[default]
    Drop,
}

/// Loading probes, also anew after a reload, and reading `/proc` and the files of containers.
const NEEDED: CapabilitySet = CapabilitySet::BPF
    .union(CapabilitySet::PERFMON)
    .union(CapabilitySet::SYS_PTRACE)
    .union(CapabilitySet::DAC_READ_SEARCH);

/// Lets maps and programs take memory: before Linux 5.11 they count as locked memory, of which there may be little.
/// Where it may not be raised, it is raised as far as possible; loading the probes tells whether that is enough.
pub(crate) fn raise_locked_memory() {
    let memory = Resource::RLIMIT_MEMLOCK;
    if setrlimit(memory, RLIM_INFINITY, RLIM_INFINITY).is_err()
        && let Ok((_, hard)) = getrlimit(memory)
    {
        let _ = setrlimit(memory, hard, hard);
    }
}

/// Gives up what `live` and the runtimes of this host do not need, and says so. To be called while there is one thread: others would
/// keep what they have.
pub(crate) fn lower(live: &LiveSettings, recording: Option<&Path>) {
    raise_locked_memory();
    if let Engine::Probes(_) = live.engine {
        for lack in doctor::lacking_capabilities() {
            log::warning(format_args!("{lack}"));
        }
    }
    if live.privileges == Privileges::Keep {
        return;
    }
    let host_root = env::var_os("HOST_ROOT").map(PathBuf::from).unwrap_or_default();
    let runtimes = ContainerConfig { host_root, ..ContainerConfig::default() };
    match lower_to(NEEDED.union(wanted(live, recording, &runtimes))) {
        Ok(kept) => log::info(format_args!(
            "privileges: kept {}, all others are given up; no new ones for us and programs that we start",
            names(kept)
        )),
        Err(error) => log::warning(format_args!(
            "privileges are as they were, giving them up is refused: {error}. `privileges: keep` does not try"
        )),
    }
}

/// Leaves `keep` of what there is, to this process and its children; what is left comes back.
fn lower_to(keep: CapabilitySet) -> Result<CapabilitySet, Errno> {
    let now = capabilities(None)?;
    let keep = keep.union(substitutes(now.permitted)).intersection(now.permitted);
    // Of a service that has few rights, this one is rarely among them, and the others are limited already.
    if now.effective.contains(CapabilitySet::SETPCAP) {
        for bit in 0..u64::BITS {
            let one = CapabilitySet::from_bits_retain(1 << bit);
            match capability_is_in_bounding_set(one) {
                Ok(true) if !keep.contains(one) => remove_capability_from_bounding_set(one)?,
                Ok(_) => {}
                // Beyond the last one that this kernel knows.
                Err(_) => break,
            }
        }
    }
    clear_ambient_capability_set()?;
    set_capabilities(
        None,
        CapabilitySets { effective: keep, permitted: keep, inheritable: CapabilitySet::empty() },
    )?;
    set_no_new_privs(true)?;
    Ok(keep)
}

/// What stands for those of [`NEEDED`] that are not `permitted`: of older rights, newer ones are a part.
fn substitutes(permitted: CapabilitySet) -> CapabilitySet {
    let mut substitutes = CapabilitySet::empty();
    if !permitted.contains(CapabilitySet::BPF | CapabilitySet::PERFMON) {
        substitutes |= CapabilitySet::SYS_ADMIN;
    }
    if !permitted.contains(CapabilitySet::DAC_READ_SEARCH) {
        substitutes |= CapabilitySet::DAC_OVERRIDE;
    }
    substitutes
}

/// What the configuration asks for beside [`NEEDED`].
fn wanted(
    live: &LiveSettings,
    recording: Option<&Path>,
    runtimes: &ContainerConfig,
) -> CapabilitySet {
    let mut wanted = CapabilitySet::empty();
    if live.web.as_ref().is_some_and(|web| (1..1024).contains(&web.port)) {
        wanted |= CapabilitySet::NET_BIND_SERVICE;
    }
    let alerts = live.outputs.file.as_ref().map(|it| it.path.as_path());
    let files = [alerts, live.metrics.file.as_deref(), recording];
    // Sockets of users that run Podman are only for them.
    let sockets = runtimes.sockets(Runtime::Podman);
    let mut paths = files.into_iter().flatten().chain(sockets.iter().map(AsRef::as_ref));
    let me = geteuid().as_raw();
    if paths.any(|path| !is_writable(path, me)) {
        wanted |= CapabilitySet::DAC_OVERRIDE;
    }
    wanted
}

/// Whether the user `me` may write to `path`, or make it, without being allowed more than others. Groups are left out:
/// then the answer is no, and more is kept than needed.
fn is_writable(path: &Path, me: u32) -> bool {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What is not there either cannot be written at all.
    let Ok(found) = fs::metadata(path).or_else(|_| fs::metadata(folder)) else { return true };
    let bit = if found.uid() == me { 0o200 } else { 0o002 };
    found.mode() & bit != 0
}

/// As `CAP_BPF, CAP_PERFMON`.
fn names(set: CapabilitySet) -> String {
    let names: Vec<_> = set.iter_names().map(|(name, _)| format!("CAP_{name}")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::config::Dialect;

    #[test]
    fn outputs_decide_what_is_kept() {
        let none = ContainerConfig::off();
        let mut live = LiveSettings::default_of(Dialect::Own);
        assert_eq!(wanted(&live, None, &none), CapabilitySet::empty());
        if let Some(web) = &mut live.web {
            web.port = 443;
        }
        assert_eq!(names(wanted(&live, None, &none)), "CAP_NET_BIND_SERVICE");
        assert_eq!(names(CapabilitySet::empty()), "nothing");
    }

    #[test]
    fn older_rights_stay_where_newer_ones_are_not_there() {
        let all = CapabilitySet::all();
        assert_eq!(substitutes(all), CapabilitySet::empty());
        assert_eq!(substitutes(all - CapabilitySet::PERFMON), CapabilitySet::SYS_ADMIN);
        assert_eq!(
            substitutes(NEEDED - CapabilitySet::DAC_READ_SEARCH),
            CapabilitySet::DAC_OVERRIDE
        );
    }

    #[test]
    fn files_of_others_cannot_be_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("alerts");
        let me = fs::metadata(folder.path()).unwrap().uid();
        let other = me + 1;
        let both = |path: &Path| (is_writable(path, me), is_writable(path, other));
        assert_eq!(both(&file), (true, false), "it would be made");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o446)).unwrap();
        assert_eq!(both(&file), (false, true));
        assert_eq!(both(Path::new("/nowhere/at/all")), (true, true));
    }
}
