//! containerd: pods through CRI as a kubelet makes them, and containers of `ctr`.

mod kubelet;

use std::{fs, process::Command};

use ingest::container::{Change, ContainerConfig, Engine, EngineConfig, Info, Runtime, Volume};
use serde_json::Value;

use self::kubelet::{ContainerWish, Kubelet, PodWish};
use super::{
    daemon::{PATIENCE, Sandbox, can_run, output},
    rootfs::{make_image, make_rootfs},
    watched::Watched,
};

const NEEDED: [&str; 6] = ["containerd", "ctr", "runc", "ip", "busybox", "nsenter"];

const IMAGE: &str = "registry.example:5000/team/box:1.2";

const PAUSE: &str = "registry.example/pause:1";

/// containerd with images in the namespaces of Kubernetes and of `ctr`.
struct Containerd {
    sandbox: Sandbox,
    image_digest: String,
}

impl Containerd {
    async fn start() -> Self {
        let mut sandbox = Sandbox::new();
        let path = |name: &str| sandbox.text(name);
        fs::create_dir(sandbox.path("cni")).unwrap();
        let network = format!(
            r#"{{"cniVersion":"0.4.0","name":"pods","plugins":[{{"type":"bridge","bridge":"pods0",
"isGateway":true,"ipMasq":false,
"ipam":{{"type":"host-local","subnet":"10.77.0.0/24","dataDir":"{}"}}}}]}}"#,
            path("leases")
        );
        fs::write(sandbox.path("cni/10-pods.conflist"), network).unwrap();
        let config = format!(
            r#"version = 2
root = "{root}"
state = "{state}"
disabled_plugins = ["io.containerd.internal.v1.restart"]
[grpc]
address = "{socket}"
[plugins."io.containerd.internal.v1.opt"]
path = "{opt}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "{cni}"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "native"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "{runc}"
"#,
            root = path("root"),
            state = path("state"),
            socket = path("c.sock"),
            opt = path("opt"),
            cni = path("cni"),
            runc = path("runc"),
        );
        fs::write(sandbox.path("config.toml"), config).unwrap();
        let (config, socket) = (path("config.toml"), sandbox.path("c.sock"));
        sandbox.start("containerd", &["--config", &config], &socket).await;
        let root = make_rootfs(&sandbox.path(""));
        let mut containerd = Self { sandbox, image_digest: String::new() };
        for name in [PAUSE, IMAGE] {
            let (archive, config) = make_image(&containerd.sandbox.path(""), &root, name);
            for namespace in ["k8s.io", "default"] {
                let archive = archive.to_str().unwrap();
                let import =
                    ["-n", namespace, "images", "import", "--snapshotter", "native", archive];
                containerd.ctr(&import);
            }
            containerd.image_digest = config;
        }
        containerd
    }

    #[track_caller]
    fn ctr(&self, arguments: &[&str]) -> String {
        let (enter, socket) = (self.sandbox.enter(), self.sandbox.text("c.sock"));
        let all = [&[&*enter, "ctr", "-a", &socket], arguments].concat();
        output("nsenter", &all)
    }

    /// What containerd says of a container.
    fn info(&self, namespace: &str, id: &str) -> Value {
        serde_json::from_str(&self.ctr(&["-n", namespace, "containers", "info", id])).unwrap()
    }

    /// The process that a container began with.
    fn pid(&self, namespace: &str, id: &str) -> i64 {
        let tasks = self.ctr(&["-n", namespace, "tasks", "ls"]);
        let line = tasks.lines().find(|it| it.starts_with(id)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    async fn kubelet(&self) -> Kubelet {
        Kubelet::connect(&self.sandbox.path("c.sock")).await
    }

    fn engine(&self) -> EngineConfig {
        EngineConfig::at([self.sandbox.path("c.sock")])
    }
}

impl Drop for Containerd {
    /// Takes the pods down as a kubelet would: their network namespaces and addresses are outside of the
    /// sandbox's folder.
    fn drop(&mut self) {
        let path = self.sandbox.path("c.sock");
        let _ = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let all = async { Kubelet::connect(&path).await.remove_all_pods().await };
            runtime.block_on(tokio::time::timeout(PATIENCE, all))
        })
        .join();
        let socket = self.sandbox.text("c.sock");
        let ctr = |arguments: &[&str]| {
            let output =
                Command::new("ctr").args(["-a", &socket, "-n", "default"]).args(arguments).output();
            output.map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).unwrap_or_default()
        };
        for id in ctr(&["tasks", "ls", "-q"]).split_whitespace() {
            ctr(&["tasks", "rm", "-f", id]);
        }
    }
}

fn text(said: &Value) -> String {
    said.as_str().unwrap_or_default().to_owned()
}

/// Seconds since the epoch of containerd's time.
fn seconds(said: &Value) -> i64 {
    said.as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
}

fn pod(name: &str) -> PodWish {
    PodWish {
        name: name.to_owned(),
        uid: format!("uid-of-{name}"),
        namespace: "shop".to_owned(),
        labels: vec![("app".to_owned(), name.to_owned()), ("long".to_owned(), "l".repeat(101))],
        ..PodWish::default()
    }
}

#[tokio::test]
async fn every_field_of_a_pod_is_what_its_runtime_says() {
    if !can_run(&NEEDED) {
        return;
    }
    let containerd = Containerd::start().await;
    let mut kubelet = containerd.kubelet().await;
    let web = pod("web");
    let sandbox = kubelet.run_pod(&web).await;
    let data = containerd.sandbox.text("rootfs");
    let wish = ContainerWish {
        name: "front".to_owned(),
        image: IMAGE.to_owned(),
        command: ["/bin/sleep", "3600"].map(str::to_owned).to_vec(),
        env: vec![("KEY".to_owned(), "a value".to_owned())],
        labels: vec![("tier".to_owned(), "front".to_owned()), ("long".to_owned(), "l".repeat(101))],
        mounts: vec![(data.clone(), "/data".to_owned(), true)],
        uid: Some(1000),
        cpu_shares: 512,
        memory_bytes: 64 << 20,
        ..ContainerWish::default()
    };
    let id = kubelet.run_container(&sandbox, &web, &wish).await;
    let mut watched =
        Watched::start(ContainerConfig { cri: containerd.engine(), ..ContainerConfig::off() });
    let info = watched.described(&id, |_| true).await;
    let said = containerd.info("k8s.io", &id);
    let pid = containerd.pid("k8s.io", &sandbox).to_string();
    let addresses =
        output("nsenter", &["-t", &pid, "-n", "ip", "-4", "-o", "addr", "show", "eth0"]);
    let ip = addresses.split_whitespace().nth(3).unwrap().split('/').next().unwrap().to_owned();
    let label = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let expected = Info {
        name: "front".to_owned(),
        image: IMAGE.to_owned(),
        image_id: info.image_id.clone(),
        image_digest: format!("sha256:{}", containerd.image_digest),
        image_repo: "registry.example:5000/team/box".to_owned(),
        image_tag: "1.2".to_owned(),
        user: said["Spec"]["process"]["user"]["uid"].to_string(),
        cni_json: info.cni_json.clone(),
        cpu_shares: 512,
        created_time_s: seconds(&said["CreatedAt"]),
        env: vec!["KEY=a value".to_owned()],
        ip,
        labels: [
            label("tier", "front"),
            label("io.kubernetes.sandbox.id", &sandbox),
            label("io.kubernetes.pod.name", "web"),
            label("io.kubernetes.pod.namespace", "shop"),
            label("io.kubernetes.pod.uid", "uid-of-web"),
        ]
        .into(),
        cpu_period: info.cpu_period,
        memory_limit_bytes: 64 << 20,
        swap_limit_bytes: info.swap_limit_bytes,
        pod_sandbox_id: sandbox.clone(),
        pod_sandbox_labels: [label("app", "web")].into(),
        mounts: vec![Volume {
            source: data,
            destination: "/data".to_owned(),
            mode: String::new(),
            rw: false,
            propagation: "private".to_owned(),
        }],
        ..Info::bare(Runtime::Containerd, &text(&said["ID"]))
    };
    assert_eq!(info, expected);
    assert_eq!(said["Image"], IMAGE);
    assert!(info.cni_json.contains("\"eth0\"") && !info.cni_json.contains("\"lo\""));

    // The sandbox itself is known too: it is where `k8s.pod.labels` come from.
    let pause = watched.described(&sandbox, |_| true).await;
    assert!(pause.is_pod_sandbox && !pause.privileged);
    assert_eq!((&*pause.image, &pause.ip), (PAUSE, &info.ip));
    assert_eq!(pause.pod_sandbox_labels, info.pod_sandbox_labels);

    kubelet.remove_pod(&sandbox).await;
    watched.wait(&id, |it| matches!(it, Change::Removed(_))).await;
    assert!(watched.in_host(&id).is_none());
}

#[tokio::test]
async fn privileges_and_namespaces_of_a_pod_are_seen() {
    if !can_run(&NEEDED) {
        return;
    }
    let containerd = Containerd::start().await;
    let mut watched =
        Watched::start(ContainerConfig { cri: containerd.engine(), ..ContainerConfig::off() });
    let mut kubelet = containerd.kubelet().await;
    let wish = PodWish { privileged: true, host_namespaces: true, ..pod("agent") };
    let sandbox = kubelet.run_pod(&wish).await;
    let container = ContainerWish {
        name: "root".to_owned(),
        image: IMAGE.to_owned(),
        privileged: true,
        host_namespaces: true,
        ..ContainerWish::default()
    };
    let id = kubelet.run_container(&sandbox, &wish, &container).await;
    let pid = containerd.pid("k8s.io", &id);
    let seen = watched.see(pid);
    assert_eq!((&seen.full_id, seen.guess), (&id, Some(Engine::Cri)));
    let info = watched.described(&id, |_| true).await;
    assert!(info.privileged && info.host_pid && info.host_network && info.host_ipc);
    let known = watched.in_host(&id).unwrap();
    assert!(known.privileged && known.host_pid && known.host_network && known.host_ipc);
    assert_eq!(known.label("io.kubernetes.pod.name"), Some("agent"));
    assert_eq!((&*known.image, known.kind_name()), (IMAGE, "containerd"));
}

#[tokio::test]
async fn containers_of_ctr_are_known_to_containerd_itself() {
    if !can_run(&NEEDED) {
        return;
    }
    let containerd = Containerd::start().await;
    let run = |id: &str, more: &[&str]| {
        let runc = containerd.sandbox.text("runc");
        let first = ["run", "-d", "--snapshotter", "native", "--runc-binary", &runc];
        containerd.ctr(&[&first, more, &[IMAGE, id, "/bin/sleep", "3600"]].concat());
    };
    run("plain", &["--label", "app=plain", "--env", "KEY=a value"]);
    let both = ContainerConfig {
        cri: containerd.engine(),
        containerd: containerd.engine(),
        ..ContainerConfig::off()
    };
    let mut watched = Watched::start(both);
    let info = watched.described("plain", |_| true).await;
    let said = containerd.info("default", "plain");
    assert_eq!((&*info.id, &*info.full_id, info.runtime), ("plain", "plain", Runtime::Containerd));
    assert_eq!((&*info.image, &*info.image_tag), (IMAGE, "1.2"));
    assert!(info.image_digest.starts_with("sha256:"));
    assert_eq!(info.created_time_s, seconds(&said["CreatedAt"]));
    assert_eq!(info.labels["app"], "plain");
    let env = said["Spec"]["process"]["env"].as_array().unwrap();
    assert_eq!(info.env, env.iter().map(text).collect::<Vec<_>>());
    let mounts = said["Spec"]["mounts"].as_array().unwrap();
    let targets: Vec<_> = mounts.iter().map(|it| text(&it["destination"])).collect();
    assert_eq!(info.mounts.iter().map(|it| it.destination.clone()).collect::<Vec<_>>(), targets);
    assert!(!info.privileged && !info.host_network && !info.host_pid);

    run("strong", &["--privileged", "--net-host"]);
    let seen = watched.see(containerd.pid("default", "strong"));
    assert_eq!((&*seen.full_id, seen.guess), ("strong", Some(Engine::Containerd)));
    let strong = watched.described("strong", |_| true).await;
    assert!(strong.privileged && strong.host_network && !strong.host_pid);

    containerd.ctr(&["tasks", "rm", "-f", "plain"]);
    containerd.ctr(&["containers", "rm", "plain"]);
    watched.wait("plain", |it| matches!(it, Change::Removed(_))).await;
}
