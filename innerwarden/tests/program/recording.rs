//! Recording this host, from outside: what a replay says of it.

use std::process::Command;

use nix::sys::signal::Signal;

use crate::{bed::Bed, live::Live};

const RULES: &str = "\
- rule: Spawned
  desc: d
  condition: evt.type in (execve, execveat) and proc.args contains of-this-recording
  output: Spawned %proc.cmdline by %proc.pname in %container.id, %user.name %fd.num
  priority: NOTICE
- rule: Missed
  desc: d
  condition: evt.type in (open, openat, openat2) and fd.name startswith /of-this-recording/
  output: Missed %fd.name by %proc.cmdline %evt.res
  priority: WARNING
";

/// Whether there can be probes here.
fn is_root() -> bool {
    let is_root = nix::unistd::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: probes need root");
    }
    is_root
}

fn act() {
    for name in ["a", "b", "c"] {
        let script =
            format!("true of-this-recording; cat /of-this-recording/{name} 2>/dev/null; :");
        assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
        let words = ["-c", ":", "of-this-recording", name];
        assert!(Command::new("sh").args(words).status().unwrap().success());
    }
}

#[track_caller]
fn replayed(bed: &Bed) -> Vec<String> {
    let run = bed.run("replay x.scap -r rules.yaml");
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn a_run_and_the_replay_of_its_recording_say_the_same() {
    if !is_root() {
        return;
    }
    let bed = Bed::new().file("rules.yaml", RULES);
    let arguments = ["-r", "rules.yaml", "--record", "x.scap", "-o", "webserver.enabled=false"];
    let mut live = Live::start(&bed, &arguments);
    live.said("scan of /proc");
    act();
    live.signal(Signal::SIGINT);
    let (code, alerts, stderr) = live.end();
    assert_eq!(code, 0, "{stderr}");
    // Losses of a busy machine are no events.
    let alerts: Vec<_> = alerts.lines().filter(|it| it.contains("of-this-recording")).collect();
    assert!(alerts.len() >= 9, "{alerts:#?}\n{stderr}");
    assert_eq!(replayed(&bed), alerts);
}

#[test]
fn a_recording_can_be_replayed_with_any_rules() {
    if !is_root() {
        return;
    }
    let bed = Bed::new().file("rules.yaml", RULES);
    let recorder = Command::new(env!("CARGO_BIN_EXE_innerwarden"))
        .args(["capture", "--out", "x.scap", "--duration", "30"])
        .current_dir(bed.path(""))
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut recorder = Recorder::new(recorder);
    recorder.said("recording, ");
    act();
    recorder.interrupt();
    let alerts = replayed(&bed);
    for name in ["a", "b", "c"] {
        let missed = format!("Missed /of-this-recording/{name} by cat");
        assert!(alerts.iter().any(|it| it.contains(&missed)), "{alerts:#?}");
    }
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(bed.path("x.scap")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600, "it is for its owner alone");
}

/// `innerwarden capture`, running.
struct Recorder {
    child: std::process::Child,
    stderr: std::io::BufReader<std::process::ChildStderr>,
}

impl Recorder {
    fn new(mut child: std::process::Child) -> Self {
        let stderr = std::io::BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr }
    }

    /// Waits for a line that contains `text`.
    #[track_caller]
    fn said(&mut self, text: &str) {
        use std::io::BufRead as _;
        let mut all = String::new();
        while self.stderr.read_line(&mut all).unwrap() > 0 {
            if all.lines().last().is_some_and(|it| it.contains(text)) {
                return;
            }
        }
        panic!("`{text}` was not said, but:\n{all}");
    }

    /// Ctrl-C.
    #[track_caller]
    fn interrupt(mut self) {
        let pid = nix::unistd::Pid::from_raw(self.child.id().try_into().unwrap());
        nix::sys::signal::kill(pid, Signal::SIGINT).unwrap();
        self.said("events recorded");
        assert!(self.child.wait().unwrap().success());
    }
}
