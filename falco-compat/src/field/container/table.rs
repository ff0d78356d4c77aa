//! The rows of the container plugin.

use crate::field::definition::{field, fields};
use crate::value::ValueType::{Abstime, Bool, Charbuf, Reltime};

fields! {
    /// A field of the container plugin: `container.*`, `k8s.*` and some of `proc.*`.
    ContainerField in Container {
        Id = field("container.id", Charbuf,
            "First 12 digits of the container id; host outside containers.").suggested();
        FullId = field("container.full_id", Charbuf, "Full container id; host outside containers.");
        Name = field("container.name", Charbuf,
            "Name given by the runtime; host outside containers.").suggested();
        Image = field("container.image", Charbuf, "Image reference (repo:tag).");
        ImageId = field("container.image.id", Charbuf, "Image id.");
        Type = field("container.type", Charbuf,
            "Runtime: docker, podman, cri-o, containerd, lxc, host and so on.");
        Privileged = field("container.privileged", Bool, "The container is privileged.");
        Mounts = field("container.mounts", Charbuf,
            "All mounts, source:dest:mode:rw:propagation joined by commas.");
        Mount = field("container.mount", Charbuf,
            "One mount, by index or source.").required().index().key();
        MountSource = field("container.mount.source", Charbuf,
            "Source of a mount, by index or destination.").required().index().key();
        MountDest = field("container.mount.dest", Charbuf,
            "Destination of a mount, by index or source.").required().index().key();
        MountMode = field("container.mount.mode", Charbuf,
            "Mode of a mount.").required().index().key();
        MountRdwr = field("container.mount.rdwr", Charbuf,
            "Whether a mount is writable: true or false.").required().index().key();
        MountPropagation = field("container.mount.propagation", Charbuf,
            "Propagation of a mount.").required().index().key();
        ImageRepository = field("container.image.repository", Charbuf,
            "Image repository without tag (empty string on host).").suggested();
        ImageTag = field("container.image.tag", Charbuf, "Image tag.").suggested();
        ImageDigest = field("container.image.digest", Charbuf, "Image digest.");
        Healthcheck = field("container.healthcheck", Charbuf, "Deprecated, always missing.");
        LivenessProbe = field("container.liveness_probe", Charbuf, "Deprecated, missing.");
        ReadinessProbe = field("container.readiness_probe", Charbuf, "Deprecated, missing.");
        StartTs = field("container.start_ts", Abstime,
            "Start of the container's init, ns since the epoch.").dec();
        Duration = field("container.duration", Reltime,
            "Nanoseconds since the container's init started.").dec();
        Ip = field("container.ip", Charbuf, "Primary IPv4 address.");
        CniJson = field("container.cni.json", Charbuf, "CNI result JSON text (CRI).");
        HostPid = field("container.host_pid", Bool, "Shares host pid namespace.");
        HostNetwork = field("container.host_network", Bool, "Shares host network.");
        HostIpc = field("container.host_ipc", Bool, "Shares host ipc.");
        Label = field("container.label", Charbuf,
            "Label of the container, by container.label[KEY].").required().key();
        Labels = field("container.labels", Charbuf,
            "k:v, k2:v2 without annotations and io.kubernetes labels.");
        ProcIsContainerHealthcheck = field("proc.is_container_healthcheck", Bool,
            "Deprecated, missing.");
        ProcIsContainerLivenessProbe = field("proc.is_container_liveness_probe", Bool,
            "Deprecated, missing.");
        ProcIsContainerReadinessProbe = field("proc.is_container_readiness_probe", Bool,
            "Deprecated, missing.");
        K8sPodName = field("k8s.pod.name", Charbuf,
            "Label io.kubernetes.pod.name; missing if absent.").suggested();
        K8sNsName = field("k8s.ns.name", Charbuf,
            "Label io.kubernetes.pod.namespace.").suggested();
        K8sPodId = field("k8s.pod.id", Charbuf, "= k8s.pod.uid.");
        K8sPodUid = field("k8s.pod.uid", Charbuf, "Label io.kubernetes.pod.uid.");
        K8sPodSandboxId = field("k8s.pod.sandbox_id", Charbuf, "Sandbox id, 12 digits.");
        K8sPodFullSandboxId = field("k8s.pod.full_sandbox_id", Charbuf, "Full sandbox id.");
        K8sPodLabel = field("k8s.pod.label", Charbuf,
            "K8s.pod.label[KEY] from the sandbox.").required().key();
        K8sPodLabels = field("k8s.pod.labels", Charbuf, "k:v, ….");
        K8sPodIp = field("k8s.pod.ip", Charbuf, "Sandbox IPv4.");
        K8sPodCniJson = field("k8s.pod.cni.json", Charbuf, "Sandbox CNI JSON.");
        K8sRcName = field("k8s.rc.name", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sRcId = field("k8s.rc.id", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sRcLabel = field("k8s.rc.label", Charbuf,
            "Deprecated, always missing (use k8smeta.*).").required().key();
        K8sRcLabels = field("k8s.rc.labels", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
        K8sSvcName = field("k8s.svc.name", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sSvcId = field("k8s.svc.id", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sSvcLabel = field("k8s.svc.label", Charbuf,
            "Deprecated, always missing (use k8smeta.*).").required().key();
        K8sSvcLabels = field("k8s.svc.labels", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
        K8sNsId = field("k8s.ns.id", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sNsLabel = field("k8s.ns.label", Charbuf,
            "Deprecated, always missing (use k8smeta.*).").required().key();
        K8sNsLabels = field("k8s.ns.labels", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
        K8sRsName = field("k8s.rs.name", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sRsId = field("k8s.rs.id", Charbuf, "Deprecated, always missing (use k8smeta.*).");
        K8sRsLabel = field("k8s.rs.label", Charbuf,
            "Deprecated, always missing (use k8smeta.*).").required().key();
        K8sRsLabels = field("k8s.rs.labels", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
        K8sDeploymentName = field("k8s.deployment.name", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
        K8sDeploymentId = field("k8s.deployment.id", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
        K8sDeploymentLabel = field("k8s.deployment.label", Charbuf,
            "Deprecated, always missing (use k8smeta.*).").required().key();
        K8sDeploymentLabels = field("k8s.deployment.labels", Charbuf,
            "Deprecated, always missing (use k8smeta.*).");
    }
}
