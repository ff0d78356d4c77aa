//! Which container a cgroup path belongs to: the layouts that container runtimes use.
//!
//! The rules are those of Falco's container plugin 0.7, oddities included, because
//! `container.id` decides whether a rule for containers applies at all.

/// Characters of an id that `container.id` shows.
pub(super) const SHORT_ID_LEN: usize = 12;

/// Digits of an id made by an OCI runtime.
const FULL_ID_LEN: usize = 64;

/// Runtime numbers of containers whose runtime nobody can be asked about.
pub(super) mod kind {
    /// lxc.
    pub(in super::super) const LXC: u32 = 1;
    /// libvirt's lxc driver.
    pub(in super::super) const LIBVIRT_LXC: u32 = 2;
    /// Cloud Foundry's bosh process manager.
    pub(in super::super) const BPM: u32 = 9;
}

/// Whose layout a cgroup path has. A guess: Docker and Kubernetes share layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuntimeGuess {
    /// Podman.
    Podman,
    /// Docker.
    Docker,
    /// A runtime below Kubernetes: containerd, CRI-O.
    Cri,
    /// containerd, used directly.
    Containerd,
}

impl RuntimeGuess {
    /// Who made the container at `path`; `None` where that could be several.
    pub(super) fn of(path: &[u8]) -> Option<Self> {
        // In this order: a container of Docker below a pod, as `kind` runs them, is Docker's.
        let marks: [(&[u8], Self); 9] = [
            (b"/libpod-", Self::Podman),
            (b"/docker-", Self::Docker),
            (b"/docker/", Self::Docker),
            (b"/crio-", Self::Cri),
            (b"cri-containerd", Self::Cri),
            (b"/nerdctl-", Self::Containerd),
            (b"/kubepods", Self::Cri),
            (b"/kubelet", Self::Cri),
            (b"/k8s.io/", Self::Cri),
        ];
        let marked = marks.iter().filter_map(|&(mark, guess)| Some((rfind(path, mark)?, guess)));
        // The innermost counts; of two at one place the first.
        let innermost = marked.rev().max_by_key(|&(at, _)| at).map(|(_, guess)| guess);
        innermost.or_else(|| containerd_id(path).map(|_| Self::Containerd))
    }
}

/// A container found in a cgroup path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match<'a> {
    /// The id as `container.id` shows it.
    pub(super) id: &'a [u8],
    /// The whole id.
    pub(super) full_id: &'a [u8],
    /// The runtime, if the layout alone is all that will ever be known of the container.
    pub(super) bare_kind: Option<u32>,
}

/// What encloses an id at the end of a path.
struct Layout {
    prefix: &'static [u8],
    suffix: &'static [u8],
}

const fn layout(prefix: &'static [u8], suffix: &'static [u8]) -> Layout {
    Layout { prefix, suffix }
}

/// Layouts of runc-based runtimes in the order in which they are tried: podman, docker, and what
/// CRI adds to docker's.
const RUNC_LAYOUTS: [Layout; 13] = [
    layout(b"/libpod-", b".scope"),
    layout(b"/libpod-", b".scope/container"),
    layout(b"/libpod-", b""),
    layout(b"/libpod-payload-", b".scope"),
    layout(b"/libpod-payload-", b".scope/container"),
    layout(b"/libpod-payload-", b""),
    layout(b"/", b""),
    layout(b"/docker-", b".scope"),
    layout(b"/crio-", b""),
    layout(b"/cri-containerd-", b".scope"),
    layout(b"/crio-", b".scope"),
    layout(b":cri-containerd:", b""),
    layout(b"/nerdctl-", b".scope"),
];

/// The container that `path` belongs to; `None` means the host.
pub(super) fn container_of(path: &[u8]) -> Option<Match<'_>> {
    let runc = RUNC_LAYOUTS.iter().find_map(|layout| runc_id(path, layout));
    if let Some(id) = runc.or_else(|| containerd_id(path)) {
        return Some(Match { id: short(id), full_id: id, bare_kind: None });
    }
    let bare = [
        (lxc_id as fn(&[u8]) -> Option<&[u8]>, kind::LXC),
        (libvirt_lxc_id, kind::LIBVIRT_LXC),
        (bpm_id, kind::BPM),
    ];
    bare.into_iter().find_map(|(id_of, kind)| {
        let id = id_of(path)?;
        Some(Match { id, full_id: id, bare_kind: Some(kind) })
    })
}

/// The part of `path` between the last `prefix` and the last `suffix`, and where it begins.
fn enclosed<'a>(path: &'a [u8], layout: &Layout) -> Option<(usize, &'a [u8])> {
    let start = rfind(path, layout.prefix)? + layout.prefix.len();
    let end = if layout.suffix.is_empty() { path.len() } else { rfind(path, layout.suffix)? };
    Some((start, path.get(start..end)?))
}

fn runc_id<'a>(path: &'a [u8], layout: &Layout) -> Option<&'a [u8]> {
    let (start, id) = enclosed(path, layout)?;
    (id.len() == FULL_ID_LEN && is_full_id(path, start)).then_some(id)
}

/// Whether the id that begins at `start` consists of hex digits.
///
/// The plugin compares the position of the first other character *in the path* with the length of
/// an id, so beyond the 64th byte of a path it accepts every character.
fn is_full_id(path: &[u8], start: usize) -> bool {
    let tail = path.get(start..).unwrap_or_default();
    match tail.iter().position(|byte| !byte.is_ascii_hexdigit()) {
        Some(offset) => start + offset >= FULL_ID_LEN,
        None => true,
    }
}

/// containerd without Kubernetes or Docker: `/namespace/id`, any namespace and any id.
fn containerd_id(path: &[u8]) -> Option<&[u8]> {
    let namespace = containerd_namespace(path)?;
    let start = rfind(path, namespace)? + namespace.len();
    let id = path.get(start..)?;
    if id.len() == FULL_ID_LEN && is_full_id(path, start) {
        return Some(id);
    }
    let is_systemd_unit =
        [b".service".as_slice(), b".slice", b".scope"].iter().any(|unit| path.ends_with(unit));
    let is_id = !id.is_empty() && id.len() <= FULL_ID_LEN;
    (is_id && !is_systemd_unit).then_some(id)
}

/// The first directory, slashes included, whose name is words joined by single `.`, `_` or `-`.
fn containerd_namespace(path: &[u8]) -> Option<&[u8]> {
    let mut rest = path;
    loop {
        let slash = rest.iter().position(|&byte| byte == b'/')?;
        rest = rest.get(slash + 1..)?;
        let end = rest.iter().position(|&byte| byte == b'/')?;
        let name = rest.get(..end)?;
        let is_namespace = name
            .split(|byte| matches!(byte, b'.' | b'_' | b'-'))
            .all(|word| !word.is_empty() && word.iter().all(u8::is_ascii_alphanumeric));
        if is_namespace {
            let before = path.len() - rest.len() - 1;
            return path.get(before..before + end + 2);
        }
    }
}

fn lxc_id(path: &[u8]) -> Option<&[u8]> {
    [b"/lxc/".as_slice(), b"/lxc.payload/", b"/lxc.payload."].iter().find_map(|prefix| {
        let rest = path.get(find(path, prefix)? + prefix.len()..)?;
        let end = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
        not_empty(rest.get(..end)?)
    })
}

fn libvirt_lxc_id(path: &[u8]) -> Option<&[u8]> {
    if let Some(end) = find(path, b".libvirt-lxc")
        && end + b".libvirt-lxc".len() == path.len()
        && let Some(slash) = rfind(path, b"/")
    {
        return not_empty(path.get(slash + 1..end)?);
    }
    systemd_libvirt_lxc_id(path).or_else(|| {
        let prefix = b"/libvirt/lxc/";
        not_empty(path.get(find(path, prefix)? + prefix.len()..)?)
    })
}

/// `/machine.slice/machine-lxc\x2d5-name.scope`: the id follows the escaped dash.
fn systemd_libvirt_lxc_id(path: &[u8]) -> Option<&[u8]> {
    let marker = br"-lxc\x2";
    // The plugin steps over one byte more than the marker: the `d` of `\x2d`.
    let start = find(path, marker)? + marker.len() + 1;
    let with_child = find(path, b".scope/libvirt").is_some();
    let unit = if with_child { b".scope/libvirt".as_slice() } else { b".scope" };
    let end = find(path, unit)?;
    if end + unit.len() != path.len() {
        return None;
    }
    not_empty(path.get(start..end).or_else(|| path.get(start..))?)
}

fn bpm_id(path: &[u8]) -> Option<&[u8]> {
    let rest = path.get(find(path, b"bpm-")? + b"bpm-".len()..)?;
    let id = rest.get(..find(rest, b".scope").unwrap_or(rest.len()))?;
    let is_id = id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte));
    if is_id { not_empty(id) } else { None }
}

fn short(id: &[u8]) -> &[u8] {
    id.get(..SHORT_ID_LEN).unwrap_or(id)
}

fn not_empty(id: &[u8]) -> Option<&[u8]> {
    (!id.is_empty()).then_some(id)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn rfind(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).rposition(|window| window == part)
}

#[cfg(test)]
mod tests;
