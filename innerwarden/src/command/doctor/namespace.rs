//! Whether this process sees the whole host: its pid namespace, its container, and where the host's files are.

use std::fs;

use super::{finding::Finding, place::Place};

/// The inode of the first pid namespace, the same in every kernel since 3.8 (`PROC_PID_INIT_INO`).
const INITIAL_PID_NAMESPACE: &str = "pid:[4026531836]";

/// Names in paths of control groups, and files, that tell of a container.
const GROUPS: [&str; 6] = ["docker", "kubepods", "libpod", "cri-containerd", "crio", "lxc"];
const FILES: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Looks at the namespaces of this process.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let namespace = fs::read_link(place.proc.join("self/ns/pid"));
    let namespace = namespace.map(|it| it.display().to_string()).unwrap_or_default();
    let is_in_container = is_container(&place.proc("self/cgroup"))
        || FILES.iter().any(|it| std::path::Path::new(it).exists());
    let mut findings = vec![pids(&namespace)];
    findings.extend(files(place, is_in_container));
    findings
}

fn pids(namespace: &str) -> Finding {
    match namespace {
        INITIAL_PID_NAMESPACE => Finding::ok("in the host's pid namespace"),
        "" => Finding::limited(
            "/proc/self/ns/pid cannot be read",
            "it is not known whether all processes are seen",
            "mount /proc",
        ),
        _ => Finding::limited(
            "in a pid namespace of its own",
            "processes of the host that run already are not known, and what they do is without names and parents; \
             our own doings are reported like those of anyone",
            "Kubernetes: hostPID: true; Docker and Podman: --pid=host",
        ),
    }
}

fn is_container(cgroup: &str) -> bool {
    GROUPS.iter().any(|it| cgroup.contains(it))
}

fn files(place: &Place, is_in_container: bool) -> Option<Finding> {
    if place.host_root.as_os_str().is_empty() {
        return is_in_container.then(|| {
            Finding::limited(
                "in a container, and HOST_ROOT is not set",
                "users of the host, its container runtimes and an installed Falco are looked for in the container",
                "mount the host's / read-only at /host and set HOST_ROOT=/host",
            )
        });
    }
    let root = place.host_root.display();
    let lacking: Vec<_> = ["/proc/1", "/etc/passwd"]
        .into_iter()
        .filter(|it| fs::symlink_metadata(place.on_host(it)).is_err())
        .collect();
    if lacking.is_empty() {
        return Some(Finding::ok(format!("the host's files are at {root} (HOST_ROOT)")));
    }
    Some(Finding::limited(
        format!("HOST_ROOT is {root}, but there is no {}", lacking.join(" and no ")),
        "what is not there is not known",
        "mount the host's /, /proc and /etc there, or unset HOST_ROOT on the host itself",
    ))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn a_pid_namespace_of_its_own_is_told_from_the_hosts() {
        let words: Vec<_> = [INITIAL_PID_NAMESPACE, "pid:[4026532999]", ""]
            .map(|it| pids(it).state.word())
            .to_vec();
        assert_eq!(words, ["ok", "limited", "limited"]);
    }

    #[test]
    fn containers_are_recognised_by_their_group() {
        assert!(is_container("0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope"));
        assert!(is_container("4:memory:/docker/abc\n"));
        assert!(!is_container("0::/system.slice/innerwarden.service\n"));
    }

    #[test]
    fn the_hosts_root_must_have_what_is_looked_for() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("proc/1")).unwrap();
        let mut place = Place::below(root.path());
        let found = |place: &Place, inside: bool| {
            let shown = place.host_root.display().to_string();
            files(place, inside).map(|it| it.found.replace(&shown, "ROOT")).unwrap_or_default()
        };
        expect!["HOST_ROOT is ROOT, but there is no /etc/passwd"].assert_eq(&found(&place, true));
        fs::create_dir_all(root.path().join("etc")).unwrap();
        fs::write(root.path().join("etc/passwd"), "").unwrap();
        expect!["the host's files are at ROOT (HOST_ROOT)"].assert_eq(&found(&place, true));
        place.host_root.clear();
        assert_eq!(found(&place, false), "");
        assert_eq!(files(&place, true).unwrap().state.word(), "limited");
    }
}
