//! What the Kubernetes API adds to what a runtime says of a container, or says in its place.

use crate::pod::{Pod, PodContainer, PodStore};

use super::{
    image::repo_and_tag,
    info::{Info, Probe, Runtime},
};

const NAME: &str = "io.kubernetes.pod.name";
const NAMESPACE: &str = "io.kubernetes.pod.namespace";
const UID: &str = "io.kubernetes.pod.uid";
const CONTAINER_NAME: &str = "io.kubernetes.container.name";

/// The label by which an answer of a CRI runtime is known.
const SANDBOX: &str = "io.kubernetes.sandbox.id";

/// Fills in what `info` lacks from its pod. What a runtime has said stays as it is.
pub(super) fn complete(info: &mut Info, pods: &PodStore) {
    let labelled = || pods.by_uid(info.labels.get(UID)?);
    let Some(pod) = pods.by_container(&info.full_id).or_else(labelled) else { return };
    let by_cri = info.labels.contains_key(SANDBOX);
    let labels = [(NAME, &pod.name), (NAMESPACE, &pod.namespace), (UID, &pod.uid)];
    let container = pod.container(&info.full_id);
    let named = container.map(|it| (CONTAINER_NAME, &it.name));
    for (key, value) in labels.into_iter().chain(named) {
        info.labels.entry(key.to_owned()).or_insert_with(|| value.clone());
    }
    if info.pod_sandbox_labels.is_empty() {
        info.pod_sandbox_labels.clone_from(&pod.labels);
    }
    if info.ip.is_empty() {
        info.ip.clone_from(&pod.ip);
    }
    // Other runtimes say of a container that it shares the namespaces of its sandbox; CRI says whose
    // those are.
    if !by_cri {
        info.host_network |= pod.host_network;
        info.host_pid |= pod.host_pid;
        info.host_ipc |= pod.host_ipc;
    }
    if let Some(container) = container {
        add_probes(info, container);
    }
}

/// The container with this full id, if a pod has it and no runtime could be asked.
pub(super) fn describe(full_id: &str, pods: &PodStore) -> Option<Info> {
    let pod = pods.by_container(full_id)?;
    let container = pod.container(full_id)?;
    let mut info = of_pod(&pod, container);
    complete(&mut info, pods);
    Some(info)
}

fn of_pod(pod: &Pod, container: &PodContainer) -> Info {
    let (repo, tag) = repo_and_tag(&container.image);
    let digest = container.image_id.rfind("sha256:").and_then(|at| container.image_id.get(at..));
    Info {
        name: container.name.clone(),
        image: container.image.clone(),
        image_repo: repo.to_owned(),
        image_tag: tag.to_owned(),
        image_digest: digest.unwrap_or_default().to_owned(),
        user: container.run_as_user.map(|it| it.to_string()).unwrap_or_default(),
        privileged: container.privileged,
        host_network: pod.host_network,
        host_pid: pod.host_pid,
        host_ipc: pod.host_ipc,
        ip: pod.ip.clone(),
        ..Info::bare(container.runtime.unwrap_or(Runtime::Cri), &container.id)
    }
}

fn add_probes(info: &mut Info, container: &PodContainer) {
    let probe = |command: &[String]| {
        let (exe, args) = command.split_first()?;
        Some(Probe { exe: exe.clone(), args: args.to_vec() })
    };
    info.liveness_probe = info.liveness_probe.take().or_else(|| probe(&container.liveness_command));
    info.readiness_probe =
        info.readiness_probe.take().or_else(|| probe(&container.readiness_command));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "aaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn pods() -> PodStore {
        let pods = PodStore::new(4);
        pods.put(Pod {
            uid: "u".to_owned(),
            name: "web".to_owned(),
            namespace: "shop".to_owned(),
            ip: "10.0.0.7".to_owned(),
            host_network: true,
            labels: [("app".to_owned(), "web".to_owned())].into(),
            containers: vec![PodContainer {
                name: "front".to_owned(),
                id: ID.to_owned(),
                runtime: Some(Runtime::Docker),
                image: "registry:5000/box:1".to_owned(),
                image_id: "docker-pullable://box@sha256:77".to_owned(),
                privileged: true,
                run_as_user: Some(7),
                liveness_command: vec!["/bin/true".to_owned(), "-v".to_owned()],
                ..PodContainer::default()
            }],
            ..Pod::default()
        });
        pods
    }

    #[test]
    fn what_the_runtime_does_not_say_comes_from_the_pod() {
        let mut info = Info::bare(Runtime::Docker, ID);
        complete(&mut info, &pods());
        let labels: Vec<_> = info.labels.iter().map(|(key, value)| (&**key, &**value)).collect();
        assert_eq!(
            labels,
            [(CONTAINER_NAME, "front"), (NAME, "web"), (NAMESPACE, "shop"), (UID, "u")]
        );
        assert_eq!((&*info.ip, info.host_network, info.host_pid), ("10.0.0.7", true, false));
        assert_eq!(info.pod_sandbox_labels["app"], "web");
        assert_eq!(info.liveness_probe.unwrap().exe, "/bin/true");
        assert!(!info.privileged, "the runtime has said so");
    }

    #[test]
    fn what_cri_says_stays() {
        let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let said = Info {
            ip: "10.9.9.9".to_owned(),
            labels: [label(SANDBOX, "s"), label(NAME, "other")].into(),
            pod_sandbox_labels: [label("app", "other")].into(),
            ..Info::bare(Runtime::Containerd, ID)
        };
        let mut info = said.clone();
        complete(&mut info, &pods());
        assert_eq!((&info.ip, info.host_network), (&said.ip, false));
        assert_eq!(info.pod_sandbox_labels, said.pod_sandbox_labels);
        assert_eq!((&*info.labels[NAME], &*info.labels[NAMESPACE]), ("other", "shop"));
    }

    #[test]
    fn a_container_of_no_pod_is_left_alone() {
        let mut info = Info::bare(Runtime::Docker, "other");
        complete(&mut info, &pods());
        assert_eq!(info, Info::bare(Runtime::Docker, "other"));
        assert_eq!(describe("other", &pods()), None);
    }

    #[test]
    fn a_pod_alone_describes_its_container() {
        let info = describe(ID, &pods()).unwrap();
        assert_eq!((&*info.name, info.runtime, info.privileged), ("front", Runtime::Docker, true));
        assert_eq!(
            [&*info.image_repo, &info.image_tag, &info.image_digest],
            ["registry:5000/box", "1", "sha256:77"]
        );
        assert_eq!((&*info.user, &*info.labels[NAME]), ("7", "web"));
    }
}
