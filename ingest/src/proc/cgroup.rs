//! `/proc/PID/cgroup` as the list `subsystem=path` that events carry: of v2, each controller with the nearest
//! group that has it.

mod own;

use std::collections::HashMap;

use rustix::{
    fd::{AsFd, OwnedFd},
    io::Errno,
};

use super::{
    cursor::{Cursor, lines},
    mount::unescape,
    reader::{open_dir, read_file},
};

/// Longest file of cgroups or mounts that is read.
const MAX_BYTES: usize = 1 << 20;
/// Longest list of cgroups: one that is longer ends early.
const MAX_LIST: usize = 4096;
/// Most groups whose controllers are remembered.
const MAX_CACHED: usize = 1 << 14;
/// What events name, for when the controllers cannot be found out.
const USUAL: [&[u8]; 5] = [b"cpuset", b"cpu", b"cpuacct", b"io", b"memory"];

/// How this host's cgroups are laid out.
#[derive(Debug, Default)]
pub(super) struct Cgroups {
    /// The v2 hierarchy, if it has controllers.
    unified: Option<Unified>,
    /// Our own group in v2, if we see the groups of others relative to it.
    own: Option<Vec<u8>>,
    text: Vec<u8>,
}

#[derive(Debug)]
struct Unified {
    /// Its mount.
    dir: OwnedFd,
    /// Controllers of a group, separated by blanks; `None` if it is not there.
    controllers: HashMap<Vec<u8>, Option<Vec<u8>>>,
    text: Vec<u8>,
}

impl Cgroups {
    /// Looks at the mounts of process 1 in `proc`; `host_root` is in front of the host's paths.
    pub(super) fn open(proc: impl AsFd, host_root: &[u8]) -> Self {
        let mut cgroups = Self::default();
        if read_file(&proc, b"1/mounts", &mut cgroups.text, MAX_BYTES).is_err() {
            return cgroups;
        }
        let points: Vec<_> = lines(&cgroups.text).filter_map(mount_point).collect();
        for point in points {
            // Of process 1 we see the host's whatever namespace we are in, if we may.
            let inside = [b"1/root", &*point].concat();
            let outside = [host_root, &*point].concat();
            let Ok(dir) = open_dir(&proc, &inside).or_else(|_| open_dir(rustix::fs::CWD, &outside))
            else {
                continue;
            };
            let mut unified = Unified { dir, controllers: HashMap::new(), text: Vec::new() };
            if unified.controllers(b"/").is_some_and(|it| !it.is_empty()) {
                cgroups.own = own::group(&proc, &unified.dir);
                cgroups.unified = Some(unified);
                break;
            }
        }
        cgroups
    }

    /// Forgets which groups have which controllers: groups come and go.
    pub(super) fn clear(&mut self) {
        if let Some(unified) = &mut self.unified {
            unified.controllers.clear();
        }
    }

    /// Puts the cgroups of the thread in `dir` into `list`, each ended by NUL.
    pub(super) fn read(&mut self, dir: impl AsFd, list: &mut Vec<u8>) -> Result<(), Errno> {
        list.clear();
        match read_file(dir, b"cgroup", &mut self.text, MAX_BYTES) {
            // Kernels without cgroups have no such file.
            Err(Errno::NOENT | Errno::ACCESS) => return Ok(()),
            other => other?,
        }
        for line in lines(&self.text) {
            let Some((subsystems, path)) = parse(line) else { continue };
            let path = absolute(path, self.own.as_deref());
            if subsystems.is_empty() {
                if let Some(unified) = &mut self.unified {
                    unified.resolve(&path, list);
                }
            } else if !subsystems.split(|&it| it == b',').all(|name| put(list, name, &path)) {
                break;
            }
        }
        Ok(())
    }
}

impl Unified {
    /// Names each controller with the nearest group, from `path` upwards, that has it.
    fn resolve(&mut self, path: &[u8], list: &mut Vec<u8>) {
        let mut named = Vec::new();
        let mut group = path;
        while let Some(controllers) = self.controllers(group) {
            for name in controllers.split(|&it| it == b' ').filter(|it| !it.is_empty()) {
                if !named.iter().any(|it| it == name) {
                    named.push(name.to_vec());
                    put(list, name, group);
                }
            }
            if group.len() <= 1 {
                break;
            }
            group = match group.iter().rposition(|&it| it == b'/') {
                Some(0) | None => b"/",
                Some(slash) => group.get(..slash).unwrap_or(b"/"),
            };
        }
        if named.is_empty() {
            // Gone meanwhile, or not visible from here: a container is told by its path alone.
            for name in USUAL {
                put(list, name, path);
            }
        }
    }

    fn controllers(&mut self, group: &[u8]) -> Option<&[u8]> {
        if !self.controllers.contains_key(group) {
            if self.controllers.len() >= MAX_CACHED {
                self.controllers.clear();
            }
            let name = [group.strip_prefix(b"/").unwrap_or(group), b"/cgroup.controllers"].concat();
            let name = name.strip_prefix(b"/").unwrap_or(&name);
            let read = read_file(&self.dir, name, &mut self.text, MAX_LIST);
            let controllers = read.ok().map(|()| self.text.trim_ascii().to_vec());
            self.controllers.insert(group.to_vec(), controllers);
        }
        self.controllers.get(group)?.as_deref()
    }
}

/// Appends `name=path` unless the list would be too long; whether it was not.
fn put(list: &mut Vec<u8>, name: &[u8], path: &[u8]) -> bool {
    if list.len() + name.len() + path.len() + 2 > MAX_LIST {
        return false;
    }
    list.extend_from_slice(name);
    list.push(b'=');
    list.extend_from_slice(path);
    list.push(0);
    true
}

/// Subsystems and path of `id:subsystems:path`; v2 has none of the first.
pub(super) fn parse(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = line.splitn(3, |&it| it == b':');
    let (_, subsystems, path) = (parts.next()?, parts.next()?, parts.next()?);
    (!path.is_empty()).then_some((subsystems, path))
}

/// Where a v2 hierarchy is mounted, if `line` of a list of mounts says so.
fn mount_point(line: &[u8]) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(line);
    cursor.field();
    let point = cursor.field();
    (cursor.field() == b"cgroup2").then(|| unescape(point))
}

/// `path` as the host sees it: each `/..` in front of it is one step up from our `own` group.
pub(super) fn absolute(path: &[u8], own: Option<&[u8]>) -> Vec<u8> {
    let mut rest = path;
    let mut base = own.unwrap_or_default();
    while let Some(after) = rest.strip_prefix(b"/..")
        && matches!(after.first(), None | Some(b'/'))
    {
        rest = after;
        base = base.iter().rposition(|&it| it == b'/').and_then(|at| base.get(..at)).unwrap_or(b"");
    }
    let rest = if rest == b"/" { b"" } else { rest };
    let whole = [base, rest].concat();
    if whole.is_empty() { b"/".to_vec() } else { whole }
}
