//! Docker.

use std::process::Command;

use ingest::container::{
    Change, ContainerConfig, Engine, EngineConfig, Info, Probe, PublishedPort, Runtime,
};
use serde_json::Value;

use super::{
    daemon::{Sandbox, can_run, output},
    inspected::{inspected, text},
    rootfs::{make_image, make_rootfs},
    watched::Watched,
};

const IMAGE: &str = "registry.example:5000/team/box:1.2";

/// dockerd with an image, and its command line.
struct Docker {
    sandbox: Sandbox,
    host: String,
}

impl Docker {
    async fn start() -> Self {
        let mut sandbox = Sandbox::new();
        let socket = sandbox.path("docker.sock");
        let host = format!("unix://{}", socket.display());
        let (data, exec, pid) = (sandbox.text("data"), sandbox.text("exec"), sandbox.text("pid"));
        let runtime = format!("iw={}", sandbox.text("runc"));
        let arguments = [
            "--host",
            &host,
            "--data-root",
            &data,
            "--exec-root",
            &exec,
            "--pidfile",
            &pid,
            "--storage-driver",
            "vfs",
            "--add-runtime",
            &runtime,
            "--default-runtime",
            "iw",
        ];
        sandbox.start("dockerd", &arguments, &socket).await;
        let root = make_rootfs(&sandbox.path(""));
        let (archive, _) = make_image(&sandbox.path(""), &root, IMAGE);
        let docker = Self { sandbox, host };
        docker.run(&["load", "-i", archive.to_str().unwrap()]);
        docker
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let all = [&["--host", &self.host], arguments].concat();
        output("docker", &all).trim().to_owned()
    }

    /// What Docker says of a container or image.
    fn inspect(&self, id: &str) -> Value {
        let all: Value = serde_json::from_str(&self.run(&["inspect", id])).unwrap();
        all[0].clone()
    }

    fn config(&self) -> ContainerConfig {
        let docker = EngineConfig::at([self.sandbox.path("docker.sock")]);
        ContainerConfig { docker, ..ContainerConfig::off() }
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        let ids = Command::new("docker").args(["--host", &self.host, "ps", "-aq"]).output();
        let ids =
            ids.map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).unwrap_or_default();
        for id in ids.split_whitespace() {
            let _ = Command::new("docker").args(["--host", &self.host, "rm", "-f", id]).output();
        }
    }
}

/// Compares what is passed on with what Docker says, field by field.
#[track_caller]
fn check(info: &Info, docker: &Docker) {
    let said = docker.inspect(&info.full_id);
    let image = docker.inspect(said["Image"].as_str().unwrap());
    let expected = Info {
        name: text(&said["Name"])[1..].to_owned(),
        image: text(&said["Config"]["Image"]),
        image_id: text(&image["Id"]).replace("sha256:", ""),
        image_repo: "registry.example:5000/team/box".to_owned(),
        image_tag: "1.2".to_owned(),
        // An image that was never pushed has no digest.
        image_digest: String::new(),
        cpuset_count: i64::try_from(said["HostConfig"]["CpusetCpus"].as_str().unwrap().len())
            .unwrap(),
        port_mappings: info.port_mappings.clone(),
        healthcheck: info.healthcheck.clone(),
        ..inspected(&said, Runtime::Docker)
    };
    assert_eq!(*info, expected);
}

#[tokio::test]
async fn every_field_is_what_docker_says() {
    if !can_run(&["dockerd", "docker", "runc", "ip", "iptables", "busybox"]) {
        return;
    }
    let docker = Docker::start().await;
    let (long, fits) = ("l".repeat(101), "f".repeat(100));
    let data = format!("{}:/data:ro", docker.sandbox.text("rootfs"));
    let label = [format!("long={long}"), format!("fits={fits}")];
    let early = docker.run(&[
        "run",
        "-d",
        "--name",
        "early",
        "--privileged",
        "-v",
        &data,
        "--pid",
        "host",
        "--ipc",
        "host",
        "-l",
        &label[0],
        "-l",
        &label[1],
        "-l",
        "app=web",
        "-e",
        "KEY=a value",
        "-m",
        "64m",
        "--cpu-shares",
        "512",
        "--cpu-period",
        "50000",
        "--cpu-quota",
        "25000",
        "--cpuset-cpus",
        "0",
        "-p",
        "127.0.0.1:8081:80",
        "-p",
        "8082:90/tcp",
        "-p",
        "8083:91/udp",
        "--health-cmd",
        "true",
        IMAGE,
    ]);
    let mut watched = Watched::start(docker.config());
    let info = watched.described(&early, |_| true).await;
    check(&info, &docker);
    assert!(info.privileged && info.host_pid && info.host_ipc && !info.host_network);
    assert_eq!(info.labels.keys().collect::<Vec<_>>(), ["app", "fits"]);
    let port =
        |host_ip, host_port, container_port| PublishedPort { host_ip, host_port, container_port };
    assert_eq!(info.port_mappings, [port(0x7f00_0001, 8081, 80), port(0, 8082, 90)]);
    let args = vec!["-c".to_owned(), "true".to_owned()];
    assert_eq!(info.healthcheck, Some(Probe { exe: "/bin/sh".to_owned(), args }));

    // One that starts while we listen; one more in its network; one on the host's.
    let late = docker.run(&["run", "-d", "--name", "late", "-u", "0:0", IMAGE]);
    let info = watched.described(&late, |it| !it.ip.is_empty()).await;
    check(&info, &docker);
    assert_eq!((&*info.user, info.privileged), ("0:0", false));
    let beside = docker.run(&["run", "-d", "--network", "container:late", IMAGE]);
    let beside = watched.described(&beside, |it| !it.ip.is_empty()).await;
    assert_eq!(beside.ip, info.ip);
    let on_host = docker.run(&["run", "-d", "--network", "host", IMAGE]);
    let on_host = watched.described(&on_host, |_| true).await;
    check(&on_host, &docker);
    assert!(on_host.host_network);

    docker.run(&["rm", "-f", "late"]);
    let gone = watched.wait(&late, |it| matches!(it, Change::Removed(_))).await;
    assert!(matches!(gone, Change::Removed(info) if info.name == "late"));
    assert!(watched.in_host(&late).is_none());
}

#[tokio::test]
async fn a_process_leads_to_its_docker_container() {
    if !can_run(&["dockerd", "docker", "runc", "ip", "iptables", "busybox"]) {
        return;
    }
    let docker = Docker::start().await;
    let id = docker.run(&["run", "-d", "--name", "web", "--init=false", IMAGE]);
    let mut watched = Watched::start(docker.config());
    let pid = docker.inspect(&id)["State"]["Pid"].as_i64().unwrap();
    let seen = watched.see(pid);
    assert_eq!((&seen.full_id, seen.guess, seen.pid), (&id, Some(Engine::Docker), pid));
    watched.described(&id, |it| !it.ip.is_empty()).await;
    let known = watched.in_host(&id).unwrap();
    assert_eq!((&*known.name, &*known.image, known.kind_name()), ("web", IMAGE, "docker"));
    assert_eq!(known.env, ["PATH=/bin", "IMAGE=own"]);
    assert!(watched.service.counters().engine(Engine::Docker).answered > 0);
}
