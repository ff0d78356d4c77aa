//! Who watches: `innerwarden run`, or Falco with the same configuration.

use std::{
    env, fs,
    io::BufReader,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use crate::{alert::action, stage::Stage};

/// How long an alert may take until the action that causes it is tried once more.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often.
const TRIES: u32 = 90;

/// Every rule that matches alerts, and says whose action it was. The buffers are large, since a machine that is busy
/// with other things must not make the watcher lose what it is tested for.
const CONFIGURATION: &str = "\
engine: {kind: modern_ebpf, modern_ebpf: {buf_size_preset: 7}}
rule_matching: all
json_output: true
stdout_output: {enabled: true}
syslog_output: {enabled: false}
log_stderr: true
log_syslog: false
output_timeout: 60000
append_output:
  - suggested_output: true
  - match: {source: syscall}
    extra_fields: ['proc.env[IW_ACTION]', container.id, evt.type, proc.name, proc.pname]
";

/// The folder of the official rules; `None`, with a word about it, where they are not: they are not part of the
/// repository.
pub(crate) fn official_rules() -> Option<PathBuf> {
    let shared = env::var_os("INNERWARDEN_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let rules = shared.join("falco-rules/5.1.0");
    if rules.is_dir() {
        return Some(rules);
    }
    eprintln!("skipped: no official rules at {}", rules.display());
    None
}

/// A running watcher.
pub(crate) struct Watcher {
    child: Child,
    lines: Receiver<String>,
    /// Alerts so far.
    alerts: Vec<Value>,
    tries: u32,
}

impl Watcher {
    /// Starts it with the official rules in the folder `rules` and `more` configuration, and with `arguments` if it is innerwarden; its files
    /// are in the folder of `stage`.
    pub(crate) fn start(stage: &Stage, rules: &Path, more: &str, arguments: &[&str]) -> Self {
        let configuration = stage.path("watcher.yaml");
        let rules = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"]
            .map(|it| format!("{}/{it}.yaml", rules.display()))
            .join(", ");
        fs::write(&configuration, format!("rules_files: [{rules}]\n{CONFIGURATION}{more}"))
            .unwrap();
        let mut command = if let Some(watcher) = other() {
            let mut command = Command::new("sh");
            command.args(["-c", &format!("exec {watcher}"), "sh", &configuration]);
            command
        } else {
            let mut command = Command::new(env!("CARGO_BIN_EXE_innerwarden"));
            command.args(["run", "--falco-config", &configuration]);
            command.args(["--record", &stage.path("record.scap")]);
            let more = env::var("INNERWARDEN_LIVE_ARGUMENTS").unwrap_or_default();
            command.args(more.split_whitespace()).args(arguments);
            command
        };
        let log = fs::File::create(stage.path("watcher.log")).unwrap();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        let lines = lines(BufReader::new(child.stdout.take().unwrap()));
        Self { child, lines, alerts: Vec::new(), tries: 0 }
    }

    /// Does the action `name` and tells whether the watcher alerted on it in time.
    #[track_caller]
    pub(crate) fn sees(&mut self, stage: &mut Stage, name: &str) -> bool {
        self.tries += 1;
        let ended = self.child.try_wait().unwrap();
        if self.tries > TRIES || ended.is_some() {
            let (log, acted) = (stage.read("watcher.log"), stage.read("log"));
            panic!("no alert of `{name}`; the watcher: {ended:?} {log}\nactions: {acted}");
        }
        stage.act(name);
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.take(&line);
            let Some(alert) = self.alerts.last() else { continue };
            if action(stage, alert) == Some(name) {
                let container = &alert["output_fields"]["container.id"];
                assert_eq!(
                    container, "host",
                    "the cgroups of this machine look like a container's"
                );
                return true;
            }
        }
        false
    }

    /// Asks it to end and gives all alerts.
    pub(crate) fn end(mut self) -> Vec<Value> {
        self.signal(Signal::SIGTERM);
        while let Ok(line) = self.lines.recv() {
            self.take(&line);
        }
        assert!(self.child.wait().unwrap().success(), "the watcher ends well");
        std::mem::take(&mut self.alerts)
    }

    fn take(&mut self, line: &str) {
        if line.starts_with('{') {
            self.alerts.push(serde_json::from_str(line).unwrap());
        }
    }

    fn signal(&self, signal: Signal) {
        let _ = kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal);
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The alerts of a replay of what the watcher of `stage` has recorded, with the same rules; `None` where that was not
/// innerwarden.
pub(crate) fn replay(stage: &Stage) -> Option<Vec<Value>> {
    if other().is_some() {
        return None;
    }
    let output = Command::new(env!("CARGO_BIN_EXE_innerwarden"))
        .args(["replay", &stage.path("record.scap"), "-c", &stage.path("watcher.yaml")])
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let alerts = String::from_utf8(output.stdout).unwrap();
    Some(alerts.lines().map(|it| serde_json::from_str(it).unwrap()).collect())
}

/// The command that is to watch in the place of innerwarden.
fn other() -> Option<String> {
    env::var("INNERWARDEN_LIVE_WATCHER").ok()
}

fn lines(pipe: impl std::io::BufRead + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in pipe.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}
