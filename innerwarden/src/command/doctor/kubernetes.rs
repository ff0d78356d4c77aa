//! Whether this is a node of Kubernetes, and how its API would be reached.

use std::{
    env,
    path::{Path, PathBuf},
};

use super::{finding::Finding, place::Place};

/// What the environment says.
#[derive(Debug, Default)]
struct Surroundings {
    /// `KUBERNETES_SERVICE_HOST`: set in every pod.
    service_host: Option<String>,
    /// The service account's token, where it is mounted.
    token: Option<PathBuf>,
    /// `KUBECONFIG`, or the usual file of this user, if it is there.
    kubeconfig: Option<PathBuf>,
    /// `NODE_NAME`.
    node: Option<String>,
    /// Whether the host has a kubelet.
    kubelet: bool,
}

const TOKEN: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// Looks at the environment and at the usual places.
pub(super) fn look(place: &Place) -> Vec<Finding> {
    let text = |name| env::var(name).ok().filter(|it| !it.is_empty());
    let usual = env::home_dir().map(|it| it.join(".kube/config"));
    let kubeconfig = text("KUBECONFIG").map(PathBuf::from).or(usual);
    judge(&Surroundings {
        service_host: text("KUBERNETES_SERVICE_HOST"),
        token: Some(PathBuf::from(TOKEN)).filter(|it| it.exists()),
        kubeconfig: kubeconfig.filter(|it| it.exists()),
        node: text("NODE_NAME"),
        kubelet: Path::new(&place.on_host("/var/lib/kubelet")).exists(),
    })
}

fn judge(here: &Surroundings) -> Vec<Finding> {
    let cost = "labels and namespaces of pods are those that the container runtime tells";
    let api = match (&here.service_host, &here.token, &here.kubeconfig) {
        (Some(host), Some(_), _) => Finding::ok(format!("in a cluster, API at {host}")),
        (Some(_), None, _) => Finding::limited(
            "in a cluster, without a token of a service account",
            cost,
            "automountServiceAccountToken: true",
        ),
        (None, _, Some(file)) => Finding::ok(format!("kubeconfig {}", file.display())),
        (None, _, None) if here.kubelet => Finding::limited(
            "a node, but neither in a pod nor with a kubeconfig",
            cost,
            "set KUBECONFIG, or run as a DaemonSet",
        ),
        (None, _, None) => return vec![Finding::ok("none")],
    };
    let node = match &here.node {
        Some(node) => Finding::ok(format!("NODE_NAME is {node}")),
        None => Finding::limited(
            "NODE_NAME is not set",
            "the node's pods cannot be told from those of others",
            "set it from spec.nodeName (fieldRef), or to the node's name",
        ),
    };
    vec![api, node]
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::command::doctor::finding::lines;

    #[test]
    fn a_cluster_needs_a_token_and_the_nodes_name() {
        let some = |it: &str| Some(it.to_owned());
        let none = Surroundings::default;
        let cases = [
            none(),
            Surroundings { kubelet: true, ..none() },
            Surroundings { service_host: some("10.0.0.1"), node: some("n1"), ..none() },
            Surroundings {
                service_host: some("10.0.0.1"),
                token: Some(PathBuf::from("t")),
                ..none()
            },
            Surroundings { kubeconfig: Some(PathBuf::from("c")), node: some("n1"), ..none() },
        ];
        let found: Vec<_> = cases.iter().map(|it| lines(&judge(it))).collect();
        expect![[r"
            ok | none

            limited | a node, but neither in a pod nor with a kubeconfig | labels and namespaces of pods are those that the container runtime tells | set KUBECONFIG, or run as a DaemonSet
            limited | NODE_NAME is not set | the node's pods cannot be told from those of others | set it from spec.nodeName (fieldRef), or to the node's name

            limited | in a cluster, without a token of a service account | labels and namespaces of pods are those that the container runtime tells | automountServiceAccountToken: true
            ok | NODE_NAME is n1

            ok | in a cluster, API at 10.0.0.1
            limited | NODE_NAME is not set | the node's pods cannot be told from those of others | set it from spec.nodeName (fieldRef), or to the node's name

            ok | kubeconfig c
            ok | NODE_NAME is n1"]]
        .assert_eq(&found.join("\n\n"));
    }
}
