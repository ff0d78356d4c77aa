//! Podman.

use std::process::Command;

use ingest::container::{
    Change, ContainerConfig, Engine, EngineConfig, Info, PublishedPort, Runtime,
};
use serde_json::Value;

use super::{
    daemon::{Sandbox, can_run, output},
    inspected::{inspected, text},
    rootfs::{make_image, make_rootfs},
    watched::Watched,
};

const NEEDED: [&str; 7] = ["podman", "conmon", "runc", "ip", "busybox", "tar", "nsenter"];

const IMAGE: &str = "registry.example/team/box:1.2";

/// `podman system service` with an image, and its command line.
struct Podman {
    sandbox: Sandbox,
    options: Vec<String>,
}

impl Podman {
    async fn start() -> Self {
        let mut sandbox = Sandbox::new();
        let options = [
            "--root".to_owned(),
            sandbox.text("storage"),
            "--runroot".to_owned(),
            sandbox.text("run"),
            "--storage-driver=vfs".to_owned(),
            "--cgroup-manager=cgroupfs".to_owned(),
            "--events-backend=file".to_owned(),
            format!("--tmpdir={}", sandbox.text("tmp")),
            format!("--runtime={}", sandbox.text("runc")),
        ];
        let socket = sandbox.path("podman.sock");
        let url = format!("unix://{}", socket.display());
        let mut arguments: Vec<&str> = options.iter().map(String::as_str).collect();
        arguments.extend(["system", "service", "--time=0", &url]);
        sandbox.start("podman", &arguments, &socket).await;
        let root = make_rootfs(&sandbox.path(""));
        let (archive, _) = make_image(&sandbox.path(""), &root, IMAGE);
        let podman = Self { sandbox, options: options.to_vec() };
        podman.run(&["load", "-q", "-i", archive.to_str().unwrap()]);
        podman
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let options = self.options.iter().map(String::as_str);
        let enter = self.sandbox.enter();
        let inside = [&*enter, "podman"];
        let all: Vec<&str> =
            inside.into_iter().chain(options).chain(arguments.iter().copied()).collect();
        output("nsenter", &all).trim().to_owned()
    }

    /// What Podman says of a container.
    fn inspect(&self, id: &str) -> Value {
        let all: Value = serde_json::from_str(&self.run(&["container", "inspect", id])).unwrap();
        all[0].clone()
    }

    fn config(&self) -> ContainerConfig {
        let podman = EngineConfig::at([self.sandbox.path("podman.sock")]);
        ContainerConfig { podman, ..ContainerConfig::off() }
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        let options = self.options.iter().map(String::as_str);
        let all = options.chain(["rm", "-a", "-f", "-t", "0"]);
        let mut command = Command::new("nsenter");
        let _ = command.arg(self.sandbox.enter()).arg("podman").args(all).output();
    }
}

/// Compares what is passed on with what Podman says, field by field.
#[track_caller]
fn check(info: &Info, podman: &Podman) {
    let said = podman.inspect(&info.full_id);
    let expected = Info {
        name: text(&said["Name"]),
        image: text(&said["ImageName"]),
        image_id: text(&said["Image"]),
        image_repo: "registry.example/team/box".to_owned(),
        image_tag: "1.2".to_owned(),
        image_digest: text(&said["ImageDigest"]),
        port_mappings: info.port_mappings.clone(),
        ..inspected(&said, Runtime::Podman)
    };
    assert_eq!(*info, expected);
    assert!(info.image_digest.starts_with("sha256:"));
}

#[tokio::test]
async fn every_field_is_what_podman_says() {
    if !can_run(&NEEDED) {
        return;
    }
    let podman = Podman::start().await;
    let data = format!("{}:/data:ro", podman.sandbox.text("rootfs"));
    let long = format!("long={}", "l".repeat(101));
    let early = podman.run(&[
        "run",
        "-d",
        "--name",
        "early",
        "--privileged",
        "--network",
        "none",
        "--pid",
        "host",
        "-v",
        &data,
        "-l",
        "app=web",
        "-l",
        &long,
        "-e",
        "KEY=a value",
        "-m",
        "64m",
        "--cpu-shares",
        "512",
        IMAGE,
    ]);
    let mut watched = Watched::start(podman.config());
    let info = watched.described(&early, |_| true).await;
    check(&info, &podman);
    assert!(info.privileged && info.host_pid && !info.host_network);
    assert_eq!(info.labels.keys().collect::<Vec<_>>(), ["app"]);

    let late = podman.run(&["run", "-d", "--name", "late", "--network", "host", "-u", "0", IMAGE]);
    let info = watched.described(&late, |_| true).await;
    check(&info, &podman);
    assert!(info.host_network && !info.privileged);
    podman.run(&["rm", "-f", "-t", "0", "late"]);
    watched.wait(&late, |it| matches!(it, Change::Removed(_))).await;
    assert!(watched.in_host(&late).is_none());
}

#[tokio::test]
async fn ports_and_address_of_a_network_of_its_own() {
    if !can_run(&NEEDED) {
        return;
    }
    let podman = Podman::start().await;
    let id = podman.run(&["run", "-d", "-p", "127.0.0.1:8081:80", "-p", "8082:90/udp", IMAGE]);
    let mut watched = Watched::start(podman.config());
    let info = watched.described(&id, |it| !it.ip.is_empty()).await;
    check(&info, &podman);
    let port = PublishedPort { host_ip: 0x7f00_0001, host_port: 8081, container_port: 80 };
    assert_eq!(info.port_mappings, [port]);
}

#[tokio::test]
async fn a_process_leads_to_its_podman_container() {
    if !can_run(&NEEDED) {
        return;
    }
    let podman = Podman::start().await;
    let id = podman.run(&["run", "-d", "--name", "web", "--network", "none", IMAGE]);
    let mut watched = Watched::start(podman.config());
    let pid = podman.inspect(&id)["State"]["Pid"].as_i64().unwrap();
    let seen = watched.see(pid);
    assert_eq!((&seen.full_id, seen.guess), (&id, Some(Engine::Podman)));
    watched.described(&id, |_| true).await;
    let known = watched.in_host(&id).unwrap();
    assert_eq!((&*known.name, &*known.image, known.kind_name()), ("web", IMAGE, "podman"));
}
