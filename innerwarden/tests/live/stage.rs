//! The place of the actions; `stage.sh` is what happens in it.

use std::{
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    process::{ChildStdin, ChildStdout, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    action::{Action, Place},
    container::Container,
};

/// What has to be there, beside the coreutils.
const PROGRAMS: [&str; 10] =
    ["busybox", "cc", "find", "grep", "ip", "mount", "runc", "script", "setpriv", "unshare"];

/// Whether actions can be done here. If not, says why, and in CI as root fails.
pub(crate) fn can_run() -> bool {
    let path = env::var("PATH").unwrap_or_default() + ":/usr/sbin:/sbin";
    let there = |program: &&&str| env::split_paths(&path).any(|it| it.join(program).exists());
    let missing: Vec<_> = PROGRAMS.iter().filter(|it| !there(it)).collect();
    let root = nix::unistd::geteuid().is_root();
    if root && missing.is_empty() {
        return true;
    }
    let reason = if root { format!("missing: {missing:?}") } else { "not root".to_owned() };
    eprintln!("skipped: {reason}");
    let in_ci = env::var("CI").is_ok_and(|it| it == "true");
    assert!(!(root && in_ci), "in CI nothing is skipped: {reason}");
    false
}

/// A prepared place and the shell that waits there.
pub(crate) struct Stage {
    folder: TempDir,
    /// Dropped, the shell ends, and its namespaces with it.
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Names of actions that are done in containers.
    containers: Vec<String>,
}

impl Stage {
    /// Prepares one for `actions`, and for `begin` and `end`, which read a file that rules look at.
    pub(crate) fn new(actions: &[Action]) -> Self {
        let folder = tempfile::Builder::new().prefix("iw").tempdir_in("/tmp").unwrap();
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live");
        run(Command::new("cc")
            .args(["-static", "-O1", "-Wall", "-o"])
            .arg(folder.path().join("actor"))
            .arg(format!("{source}/actor.c")));
        let shell = format!("{source}/stage.sh");
        // Forked, so that its ancestors are the first process and nobody that rules know.
        let mut child = Command::new("setsid")
            .args(["--fork", "unshare", "--mount", "--net", "--propagation", "private", "bash"])
            .arg(shell)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        assert!(child.wait().unwrap().success(), "setsid");
        let mut stage = Self { folder, orders, answers, containers: Vec::new() };
        fs::create_dir(stage.folder.path().join("actions")).unwrap();
        for action in actions {
            stage.write(action);
        }
        for name in ["begin", "end"] {
            stage.write_script(name, "cat /etc/shadow");
        }
        assert_eq!(stage.answer(), "ready", "{}", stage.read("log"));
        stage
    }

    /// Does an action and waits for its end.
    pub(crate) fn act(&mut self, name: &str) {
        writeln!(self.orders, "{}", self.mark(name)).unwrap();
        let answer = self.answer();
        let mark = format!("done {} ", self.mark(name));
        let status = answer.strip_prefix(&mark).unwrap_or_else(|| panic!("{name}: {answer}"));
        if status != "0" {
            eprintln!("{name}: status {status}");
        }
    }

    /// A path in its folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// What marks processes of the action `name`, in the environment variable `IW_ACTION`. Other stages have others.
    pub(crate) fn mark(&self, name: &str) -> String {
        format!("{}.{name}", self.folder.path().file_name().unwrap().to_str().unwrap())
    }

    /// The name of the action that has `mark`, if it is one of this stage.
    pub(crate) fn unmark<'a>(&self, mark: &'a str) -> Option<&'a str> {
        mark.strip_prefix(&self.mark(""))
    }

    /// The id of the container in which the action `name` is done.
    pub(crate) fn container(&self, name: &str) -> String {
        // The first 12 digits are all that outputs show.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in self.mark(name).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("{hash:016x}").repeat(4)
    }

    /// A file of its folder; that of actions, who print what they like, is `log`.
    pub(crate) fn read(&self, name: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.path(name)).unwrap_or_default()).into_owned()
    }

    /// The name of the action that is done in the container with the short id `id`.
    pub(crate) fn in_container(&self, id: &str) -> Option<&str> {
        let name = self.containers.iter().find(|it| self.container(it).starts_with(id))?;
        (id.len() == 12).then_some(name)
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn write(&mut self, action: &Action) {
        let (capabilities, has_terminal) = match &action.place {
            Place::Host => {
                return self.write_script(&action.name, &format!("cd\n{}", action.script));
            }
            Place::Container { capabilities, has_terminal } => (capabilities, *has_terminal),
        };
        self.containers.push(action.name.clone());
        let id = self.container(&action.name);
        let container = Container {
            id: &id,
            root: &self.path("root"),
            mark: &self.mark(&action.name),
            // One more command, since a shell becomes the last one.
            script: &format!("{}\n:", action.script.trim_end()),
            capabilities,
            has_terminal,
        };
        let bundle = self.path(&format!("bundle-{}", action.name));
        fs::create_dir(&bundle).unwrap();
        fs::write(format!("{bundle}/config.json"), container.config().to_string()).unwrap();
        let runc = format!("exec runc --root {} run --bundle {bundle} {id}", self.path("runc"));
        let script =
            if has_terminal { format!("exec script -qec '{runc}' /dev/null") } else { runc };
        self.write_script(&action.name, &script);
    }

    fn write_script(&self, name: &str, script: &str) {
        fs::write(self.path(&format!("actions/{}", self.mark(name))), script).unwrap();
    }
}

#[track_caller]
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
}
