//! `run`, from outside: alerts of a capture that happens now, outputs, the end.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::net::UnixDatagram,
    process::Command,
    thread,
};

use expect_test::expect;
use nix::sys::signal::Signal;

use crate::{
    bed::{Bed, repository},
    live::Live,
};

const RULES: &str = "\
- rule: Shadow read
  desc: d
  condition: evt.type=openat and fd.name=/etc/shadow
  output: Read %fd.name by %proc.name
  priority: WARNING
";

/// The alert of [`RULES`] for the bundled capture.
const ALERT: &str = "00:00:06.443000000: Warning Read /etc/shadow by cat";

/// Runs the bundled capture through [`RULES`] to its end; exit code, stdout, stderr.
fn run(bed: &Bed, options: &[&str]) -> (i32, String, String) {
    Live::start(bed, &arguments(options)).end()
}

fn arguments<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let capture = repository("examples/web-shell.scap");
    let capture = format!("engine.replay.capture_file={}", capture.display()).leak();
    let mut all = vec!["-r", "rules.yaml", "-o", "engine.kind=replay", "-o", capture];
    all.extend(["-o", "webserver.enabled=false"]);
    for option in options {
        all.extend(["-o", option]);
    }
    all
}

fn bed() -> Bed {
    Bed::new().file("rules.yaml", RULES)
}

#[test]
fn alerts_are_those_of_a_replay() {
    let rules = repository("rules/innerwarden_rules.yaml");
    let capture = repository("examples/web-shell.scap");
    for options in [&["json_output=true"][..], &["time_format_iso_8601=true", "rule_matching=all"]]
    {
        let bed = Bed::new().file("rules.yaml", fs::read(&rules).unwrap());
        let mut replay = vec!["replay", capture.to_str().unwrap(), "-r", "rules.yaml"];
        for option in options {
            replay.extend(["-o", option]);
        }
        let expected = bed.run_with(&replay).stdout;
        let (code, stdout, _) = run(&bed, options);
        assert!(!expected.is_empty());
        assert_eq!((code, stdout.as_str()), (0, expected.trim_end()));
    }
}

#[test]
fn the_end_is_told_as_falco_does() {
    let (code, stdout, stderr) = run(&bed(), &[]);
    assert_eq!((code, stdout.as_str()), (0, ALERT));
    let report = stderr.split_once("Events detected").unwrap().1;
    expect![[r#"
        : 1
        Rule counts by severity:
           WARNING: 1
        Triggered rules by rule name:
           Shadow read: 1"#]]
    .assert_eq(report);
}

#[test]
fn a_capture_that_is_missing_is_a_failure() {
    let bed = bed();
    let live = Live::start(
        &bed,
        &[
            "-r",
            "rules.yaml",
            "-o",
            "engine.kind=replay",
            "-o",
            "engine.replay.capture_file=none.scap",
            "-o",
            "webserver.enabled=false",
        ],
    );
    let (code, _, stderr) = live.end();
    assert_eq!(code, 4);
    assert!(stderr.contains("error: cannot open capture `none.scap`"), "{stderr}");
}

#[test]
fn files_are_appended_to() {
    let bed = bed().file("alerts", "before\n");
    let file = ["file_output.enabled=true", "file_output.filename=alerts"];
    run(&bed, &[file[0], file[1], "stdout_output.enabled=false"]);
    run(&bed, &[file[0], file[1], "file_output.keep_alive=true"]);
    let content = fs::read_to_string(bed.path("alerts")).unwrap();
    assert_eq!(content, format!("before\n{ALERT}\n{ALERT}\n"));
}

#[test]
fn a_rotated_file_is_opened_anew() {
    let bed = bed();
    let mut live = Live::start(
        &bed,
        &[
            "-r",
            "rules.yaml",
            "-o",
            "engine.kind=nodriver",
            "-o",
            "webserver.enabled=false",
            "-o",
            "file_output.enabled=true",
            "-o",
            "file_output.filename=alerts",
            "-o",
            "file_output.keep_alive=true",
            "-o",
            "syscall_event_drops.simulate_drops=true",
            "-o",
            "syscall_event_drops.rate=10",
        ],
    );
    live.alert();
    live.alert();
    fs::rename(bed.path("alerts"), bed.path("old")).unwrap();
    live.signal(Signal::SIGUSR1);
    live.alert();
    live.alert();
    live.said("events come from: nothing");
    let (code, _, _) = live.stop();
    assert_eq!(code, 0);
    for file in ["alerts", "old"] {
        let content = fs::read_to_string(bed.path(file)).unwrap();
        assert!(content.contains("syscall event drop"), "{file}: {content}");
    }
}

#[test]
fn syslog_gets_the_priority() {
    let bed = bed();
    let socket = UnixDatagram::bind(bed.path("log")).unwrap();
    run(&bed, &["syslog_output.enabled=true", "syslog_output.socket=log"]);
    let mut packet = [0; 512];
    let length = socket.recv(&mut packet).unwrap();
    let packet = String::from_utf8(packet[..length].to_vec()).unwrap();
    assert!(packet.starts_with("<12>"), "facility user, priority warning: {packet}");
    assert!(
        packet.contains(" innerwarden[") && packet.ends_with(&format!("]: {ALERT}")),
        "{packet}"
    );
}

#[test]
fn programs_read_alerts() {
    for keep_alive in ["false", "true"] {
        let bed = bed();
        let keep_alive = format!("program_output.keep_alive={keep_alive}");
        run(
            &bed,
            &[
                "program_output.enabled=true",
                &keep_alive,
                "program_output.program=tr a-z A-Z | cat >> out",
            ],
        );
        let content = fs::read_to_string(bed.path("out")).unwrap();
        assert_eq!(content, format!("{}\n", ALERT.to_uppercase()));
    }
}

/// Takes one request; gives its head and its body.
fn server() -> (String, thread::JoinHandle<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http_output.url=http://{}/hook", listener.local_addr().unwrap());
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let count = stream.read(&mut chunk).unwrap();
            bytes.extend_from_slice(&chunk[..count]);
            let end = bytes.windows(4).position(|it| it == b"\r\n\r\n");
            let Some(end) = end else { continue };
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
            let length = head.split_once("content-length: ").unwrap().1;
            let length: usize = length.lines().next().unwrap().parse().unwrap();
            if bytes.len() >= end + 4 + length {
                stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nthanks").unwrap();
                return (head, bytes[end + 4..].to_vec());
            }
        }
    });
    (url, thread)
}

#[test]
fn http_servers_get_json() {
    let (url, server) = server();
    let (_, stdout, _) = run(
        &bed(),
        &[
            "http_output.enabled=true",
            &url,
            "json_output=true",
            "http_output.user_agent=me",
            "http_output.echo=true",
            "stdout_output.enabled=false",
        ],
    );
    let (head, body) = server.join().unwrap();
    assert!(head.starts_with("post /hook http/1.1"), "{head}");
    assert!(head.contains("content-type: application/json") && head.contains("user-agent: me"));
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body["rule"], "Shadow read");
    assert_eq!(stdout, "thanks");
}

#[test]
fn http_bodies_are_compressed_on_demand() {
    let (url, server) = server();
    run(&bed(), &["http_output.enabled=true", &url, "http_output.compress_uploads=true"]);
    let (head, body) = server.join().unwrap();
    assert!(head.contains("content-encoding: gzip") && head.contains("content-type: text/plain"));
    assert_eq!(&body[..2], [0x1f, 0x8b]);
}

#[test]
fn a_server_that_is_not_there_is_said_once() {
    let (_, _, stderr) =
        run(&bed(), &["http_output.enabled=true", "http_output.url=http://127.0.0.1:1/"]);
    assert_eq!(
        stderr.matches("error: output `http`: cannot post to `http://127.0.0.1:1/`").count(),
        1
    );
}

#[test]
fn a_blocked_output_stalls_nobody() {
    // Opening a pipe that nobody reads blocks for ever.
    let bed = bed();
    assert!(Command::new("mkfifo").arg(bed.path("pipe")).status().unwrap().success());
    let (code, stdout, stderr) =
        run(&bed, &["file_output.enabled=true", "file_output.filename=pipe", "output_timeout=200"]);
    assert_eq!((code, stdout.as_str()), (0, ALERT));
    assert!(stderr.contains("output `file` is still blocked after 200 ms"), "{stderr}");
}

#[test]
fn a_reader_that_leaves_ends_the_run() {
    let bed = bed();
    let live = format!(
        "exec {} run -r rules.yaml -o engine.kind=nodriver -o webserver.enabled=false \
         -o syscall_event_drops.simulate_drops=true -o syscall_event_drops.rate=10 | head -n 1",
        env!("CARGO_BIN_EXE_innerwarden")
    );
    let output = Command::new("sh").args(["-c", &live]).current_dir(bed.path("")).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(stdout.lines().count(), 1, "{stdout}");
}

#[test]
fn lost_events_are_told_as_falco_does() {
    let bed = bed();
    let live = Live::start(
        &bed,
        &[
            "-r",
            "rules.yaml",
            "-o",
            "engine.kind=nodriver",
            "-o",
            "webserver.enabled=false",
            "-o",
            "json_output=true",
            "-o",
            "syscall_event_drops.simulate_drops=true",
        ],
    );
    let alert: serde_json::Value = serde_json::from_str(&live.alert()).unwrap();
    assert_eq!(alert["rule"], "Falco internal: syscall event drop");
    assert_eq!(
        alert["output"],
        "Falco internal: syscall event drop. 1 system calls dropped in last second."
    );
    assert_eq!((&alert["priority"], &alert["source"]), (&"Debug".into(), &"internal".into()));
    assert_eq!(alert["output_fields"]["n_drops"], "1");
    let (code, _, _) = live.stop();
    assert_eq!(code, 0);
}

#[test]
fn losing_events_may_end_the_run() {
    let bed = bed();
    let live = Live::start(
        &bed,
        &[
            "-r",
            "rules.yaml",
            "-o",
            "engine.kind=nodriver",
            "-o",
            "webserver.enabled=false",
            "-o",
            "syscall_event_drops.actions[]=exit",
            "-o",
            "syscall_event_drops.simulate_drops=true",
        ],
    );
    let (code, _, stderr) = live.end();
    assert_eq!(code, 9, "{stderr}");
}

#[test]
fn the_kernel_is_seen() {
    if !nix::unistd::geteuid().is_root() {
        eprintln!("skipped: probes need root");
        return;
    }
    let folder = Bed::new();
    let folder = folder.path("");
    let folder = folder.to_str().unwrap().trim_end_matches('/');
    let rules = format!(
        "- rule: Seen\n  desc: d\n  condition: evt.type=chdir and evt.arg.path={folder}\n  \
         output: Seen %evt.arg.path\n  priority: NOTICE\n"
    );
    let bed = Bed::new().file("rules.yaml", rules);
    let mut live = Live::start(&bed, &["-r", "rules.yaml", "-o", "webserver.enabled=false"]);
    live.said("scan of /proc");
    assert!(Command::new("sh").args(["-c", &format!("cd {folder}")]).status().unwrap().success());
    assert!(live.alert().ends_with(&format!("Notice Seen {folder}")));
    let (code, stdout, _) = live.stop();
    assert_eq!((code, stdout.as_str()), (0, ""));
}
