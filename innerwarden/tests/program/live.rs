//! A program that goes on running, for tests: its lines are read one by one, and it ends with the test.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStderr, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::bed::Bed;

/// How long a line may take before the test fails: long, since machines may be busy.
const PATIENCE: Duration = Duration::from_mins(1);

/// `innerwarden run`, running.
pub(crate) struct Live {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    /// Lines of stderr so far.
    pub(crate) log: Vec<String>,
}

impl Live {
    /// Starts `innerwarden run` with `arguments` in the folder of `bed`.
    pub(crate) fn start(bed: &Bed, arguments: &[&str]) -> Self {
        Self::start_under(bed, &[], arguments)
    }

    /// The same, by the command `under`.
    pub(crate) fn start_under(bed: &Bed, under: &[&str], arguments: &[&str]) -> Self {
        let program = [env!("CARGO_BIN_EXE_innerwarden"), "run"];
        let mut words = under.iter().chain(&program).chain(arguments);
        let mut child = Command::new(words.next().unwrap())
            .args(words)
            .current_dir(bed.path(""))
            .env("TZ", "UTC")
            .env("FALCO_HOSTNAME", "host")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        Self { child, stdout, stderr, log: Vec::new() }
    }

    /// Its process, or that of the command it was started by.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line of stderr that contains `text`.
    #[track_caller]
    pub(crate) fn said(&mut self, text: &str) -> String {
        loop {
            let Ok(line) = self.stderr.recv_timeout(PATIENCE) else {
                panic!("`{text}` was not said, but:\n{}", self.log.join("\n"));
            };
            self.log.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// The next line of stdout.
    #[track_caller]
    pub(crate) fn alert(&self) -> String {
        self.stdout.recv_timeout(PATIENCE).unwrap()
    }

    /// The next line of stdout that contains `text`.
    #[track_caller]
    pub(crate) fn alert_with(&self, text: &str) -> String {
        loop {
            let line = self.alert();
            if line.contains(text) {
                return line;
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Where its web server listens.
    #[track_caller]
    pub(crate) fn web(&mut self) -> String {
        const SAID: &str = "web server at ";
        // It is said by another thread than the rest, perhaps before.
        let said = self.log.iter().find(|it| it.contains(SAID)).cloned();
        let line = said.unwrap_or_else(|| self.said(SAID));
        line.split_once("web server at ").unwrap().1.to_owned()
    }

    /// Waits for its end: exit code, and what it still had to say on stdout and stderr.
    pub(crate) fn end(mut self) -> (i32, String, String) {
        let stdout: Vec<_> = self.stdout.iter().collect();
        let mut stderr = std::mem::take(&mut self.log);
        stderr.extend(self.stderr.iter());
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        (code, stdout.join("\n"), stderr.join("\n"))
    }

    /// Asks it to end and waits.
    pub(crate) fn stop(self) -> (i32, String, String) {
        self.signal(Signal::SIGTERM);
        self.end()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A pipe that can be read from `ChildStdout` or `ChildStderr`.
trait Pipe: std::io::Read + Send + 'static {}
impl Pipe for ChildStdout {}
impl Pipe for ChildStderr {}

fn lines(pipe: impl Pipe) -> Receiver<String> {
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// What the server at `address` answers to a GET of `path`: the status line and the body.
pub(crate) fn get(address: &str, path: &str) -> (String, String) {
    use std::io::Write as _;
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}
