//! A runtime that lives as long as a test: its folder, its network, its processes.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long anything may take until the test fails. Never reached on a machine that works.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// An OCI runtime that leaves out what this machine's root may not have: a container with a capability
/// or a limit that its creator lacks does not start.
const RUNC: &str = r#"#!/bin/sh
bundle=; previous=; begins=
for argument in "$@"; do
  case $previous in --bundle | -b) bundle=$argument ;; esac
  case $argument in --bundle=*) bundle=${argument#--bundle=} ;; create | run) begins=1 ;; esac
  previous=$argument
done
if [ -n "$begins" ] && [ -n "$bundle" ]; then
  sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g; s/"rlimits":\[[^]]*\]/"rlimits":[]/g' \
    "$bundle/config.json"
fi
exec runc "$@"
"#;

/// Whether `programs` can be run as root here. If not, says why, and in CI as root fails.
pub(crate) fn can_run(programs: &[&str]) -> bool {
    let root = output("id", &["-u"]).trim() == "0";
    let path = env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let there = |program: &&&str| env::split_paths(&path).any(|it| it.join(program).exists());
    let missing: Vec<_> = programs.iter().filter(|it| !there(it)).collect();
    if root && missing.is_empty() {
        return true;
    }
    let reason = if root { format!("missing: {missing:?}") } else { "not root".to_owned() };
    eprintln!("skipped: {reason}");
    assert!(
        !(root && env::var("CI").is_ok_and(|it| it == "true")),
        "in CI nothing is skipped: {reason}"
    );
    false
}

/// What `program` prints; panics with its errors when it fails.
#[track_caller]
pub(crate) fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect(program);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A folder with a network namespace and daemons of its own. Dropping it ends and removes all of it.
#[derive(Debug)]
pub(crate) struct Sandbox {
    folder: TempDir,
    namespace: String,
    children: Vec<Child>,
}

impl Sandbox {
    /// An empty one.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let namespace = format!("iw{}x{number}", std::process::id());
        output("ip", &["netns", "add", &namespace]);
        // Runtimes make sockets in it: a short path, below what a socket's address can hold.
        let folder = tempfile::Builder::new().prefix("iw").tempdir_in("/tmp").unwrap();
        let sandbox = Self { folder, namespace, children: Vec::new() };
        output("ip", &["-n", &sandbox.namespace, "link", "set", "lo", "up"]);
        let runc = sandbox.path("runc");
        fs::write(&runc, RUNC).unwrap();
        output("chmod", &["+x", runc.to_str().unwrap()]);
        sandbox
    }

    /// A path below its folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The same as text.
    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The argument of `nsenter` that leads into the network namespace. (`ip netns exec` would hide the
    /// cgroups: it mounts a `/sys` of its own.)
    pub(crate) fn enter(&self) -> String {
        format!("--net=/run/netns/{}", self.namespace)
    }

    /// Starts a daemon in the network namespace and waits until `socket` can be connected.
    pub(crate) async fn start(&mut self, program: &str, arguments: &[&str], socket: &Path) {
        let log = fs::File::create(self.path(&format!("{program}.log"))).unwrap();
        let mut command = Command::new("nsenter");
        command.arg(self.enter()).arg(program).args(arguments);
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.children.push(command.spawn().unwrap());
        let begin = Instant::now();
        while tokio::net::UnixStream::connect(socket).await.is_err() {
            let ended = self.children.last_mut().unwrap().try_wait().unwrap();
            if ended.is_some() || begin.elapsed() > PATIENCE {
                let log = fs::read_to_string(self.path(&format!("{program}.log")));
                panic!("{program} does not serve {}: {}", socket.display(), log.unwrap());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends the daemons.
    pub(crate) fn stop(&mut self) {
        for mut child in self.children.drain(..).rev() {
            let pid = child.id().to_string();
            let _ = Command::new("kill").arg(&pid).status();
            let begin = Instant::now();
            while child.try_wait().is_ok_and(|it| it.is_none()) {
                if begin.elapsed() > Duration::from_secs(20) {
                    let _ = child.kill();
                }
                let _ = Command::new("sleep").arg("0.05").status();
            }
        }
    }

    /// Processes that were started with a path of this folder among their arguments: shims, and what
    /// they keep running.
    fn leftovers(&self) -> Vec<String> {
        let mark = self.folder.path().to_str().unwrap_or_default().as_bytes().to_vec();
        let all = fs::read_dir("/proc").into_iter().flatten().flatten();
        all.filter(|it| {
            let arguments = fs::read(it.path().join("cmdline")).unwrap_or_default();
            arguments.windows(mark.len()).any(|it| it == mark)
        })
        .filter_map(|it| it.file_name().into_string().ok())
        .filter(|it| it.parse().is_ok_and(|it: u32| it != std::process::id()))
        .collect()
    }

    fn unmount(&self) {
        let mounts = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
        let folder = self.folder.path().to_str().unwrap_or_default();
        let points = mounts.lines().filter_map(|it| it.split(' ').nth(1));
        let mut points: Vec<_> = points.filter(|it| it.starts_with(folder)).collect();
        points.sort_unstable();
        for point in points.into_iter().rev() {
            let _ = Command::new("umount").args(["-l", point]).status();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
        for pid in self.leftovers() {
            let _ = Command::new("kill").args(["-9", &pid]).status();
        }
        self.unmount();
        let _ = Command::new("ip").args(["netns", "del", &self.namespace]).status();
    }
}
