//! `run` while rules and configuration change, and what its web server says of that.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    process::Command,
};

use nix::sys::signal::Signal;

use crate::{
    bed::{Bed, repository},
    live::{Live, get},
};

fn rules(output: &str) -> String {
    format!(
        "- rule: Shadow read\n  desc: d\n  condition: evt.type=openat and fd.name=/etc/shadow\n  \
         output: {output}\n  priority: WARNING\n  tags: [a-b]\n"
    )
}

/// A folder with rules, a capture and a pipe through which it can be played several times.
fn bed() -> Bed {
    let bed = Bed::new().file("rules.yaml", rules("old"));
    let example = repository("examples/web-shell.scap");
    let copied = bed.run_with(&[
        "capture",
        "filter",
        example.to_str().unwrap(),
        "evt.num>0",
        "--plain",
        "-w",
        "all.scap",
    ]);
    copied.success();
    assert!(Command::new("mkfifo").arg(bed.path("pipe")).status().unwrap().success());
    bed
}

const ARGUMENTS: [&str; 8] = [
    "-r",
    "rules.yaml",
    "-o",
    "engine.kind=replay",
    "-o",
    "engine.replay.capture_file=pipe",
    "-o",
    "webserver.listen_port=0",
];

struct Player(fs::File, Vec<u8>);

impl Player {
    fn new(bed: &Bed) -> Self {
        let pipe = OpenOptions::new().write(true).open(bed.path("pipe")).unwrap();
        Self(pipe, fs::read(bed.path("all.scap")).unwrap())
    }

    fn play(&mut self) {
        self.0.write_all(&self.1).unwrap();
    }
}

#[test]
fn no_event_is_lost_while_rules_change() {
    let bed = bed();
    let mut live =
        Live::start(&bed, &[&ARGUMENTS[..], &["-o", "watch_config_files=false"]].concat());
    let mut player = Player::new(&bed);
    player.play();
    assert!(live.alert().ends_with("Warning old"));
    fs::write(bed.path("rules.yaml"), rules("new")).unwrap();
    live.signal(Signal::SIGHUP);
    live.said("reloaded: 1 rules in force");
    player.play();
    assert!(live.alert().ends_with("Warning new"));
    drop(player);
    let (code, stdout, stderr) = live.end();
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(stderr.contains("Shadow read: 2"), "{stderr}");
}

#[test]
fn bad_rules_are_refused_and_the_old_ones_stay() {
    let bed = bed();
    let mut live =
        Live::start(&bed, &[&ARGUMENTS[..], &["-o", "watch_config_files=false"]].concat());
    let address = live.web();
    let mut player = Player::new(&bed);
    player.play();
    assert!(live.alert().ends_with("Warning old"));
    assert_eq!(
        get(&address, "/healthz"),
        ("HTTP/1.1 200 OK".to_owned(), "{\"status\": \"ok\"}".to_owned())
    );

    fs::write(bed.path("rules.yaml"), "- rule: x\n").unwrap();
    live.signal(Signal::SIGHUP);
    live.said("not reloaded, the old rules and configuration stay");
    assert!(live.alert().contains("Critical Falco internal: hot restart failure: "));
    let (_, health) = get(&address, "/healthz");
    assert!(health.contains("degraded") && health.contains("reload refused"), "{health}");
    let (_, metrics) = get(&address, "/metrics");
    assert!(metrics.contains("innerwarden_reloads_total{result=\"refused\"} 1"), "{metrics}");
    player.play();
    live.alert_with("Warning old");

    fs::write(bed.path("rules.yaml"), rules("new")).unwrap();
    live.signal(Signal::SIGHUP);
    live.said("reloaded: 1 rules in force");
    assert_eq!(get(&address, "/healthz").1, "{\"status\": \"ok\"}");
    drop(player);
    assert_eq!(live.end().0, 0);
}

#[test]
fn changed_files_are_noticed() {
    let bed = bed();
    fs::create_dir(bed.path("rules.d")).unwrap();
    fs::rename(bed.path("rules.yaml"), bed.path("rules.d/a.yaml")).unwrap();
    let mut arguments = ARGUMENTS;
    arguments[1] = "rules.d";
    let mut live = Live::start(&bed, &arguments);
    let address = live.web();
    let mut player = Player::new(&bed);
    // As editors do it: a new file takes the place of the old one.
    fs::write(bed.path("rules.d/.a.swp"), rules("new")).unwrap();
    fs::rename(bed.path("rules.d/.a.swp"), bed.path("rules.d/a.yaml")).unwrap();
    live.said("files changed");
    live.said("reloaded: 1 rules in force");
    // A file that did not exist before.
    fs::write(bed.path("rules.d/b.yaml"), rules("newer").replace("Shadow read", "Other")).unwrap();
    live.said("reloaded: 2 rules in force");
    player.play();
    assert!(live.alert().ends_with("Warning new"));
    let _ = get(&address, "/versions");
    drop(player);
    assert_eq!(live.end().0, 0);
}

#[test]
fn configuration_is_loaded_anew() {
    let bed = bed().file("innerwarden.yaml", "json_output: false\n");
    let mut live = Live::start(&bed, &[&ARGUMENTS[..], &["-c", "innerwarden.yaml"]].concat());
    live.web();
    let mut player = Player::new(&bed);
    fs::write(
        bed.path("innerwarden.yaml"),
        "json_output: true\nfile_output: {enabled: true, filename: alerts}\n",
    )
    .unwrap();
    live.said("reloaded");
    player.play();
    let alert = live.alert();
    assert!(alert.starts_with("{\"hostname\":\"host\""), "{alert}");
    fs::write(bed.path("innerwarden.yaml"), "json_outputs: true\n").unwrap();
    let why = live.said("not reloaded");
    assert!(why.ends_with("innerwarden.yaml: line 1: unknown key `json_outputs`"), "{why}");
    drop(player);
    assert_eq!(live.end().0, 0);
    assert_eq!(fs::read_to_string(bed.path("alerts")).unwrap().lines().next(), Some(&*alert));
}

#[test]
fn figures_are_served() {
    let bed = bed();
    let mut live = Live::start(&bed, &ARGUMENTS);
    let address = live.web();
    let mut player = Player::new(&bed);
    player.play();
    live.alert();
    let (status, metrics) = get(&address, "/metrics");
    assert_eq!(status, "HTTP/1.1 200 OK");
    for line in [
        "innerwarden_falco_rules_matches_total{priority=\"4\",rule_name=\"Shadow read\",source=\"syscall\",tag_a_b=\"true\"} 1",
        "innerwarden_outputs_written_total{output=\"stdout\"} 1",
        "innerwarden_scap_engine_name_info{engine_name=\"savefile\",evt_source=\"syscall\"} 1",
        "innerwarden_falco_outputs_queue_num_drops_total 0",
        "innerwarden_rules_in_force 1",
    ] {
        assert!(metrics.contains(line), "{line} in\n{metrics}");
    }
    let (_, versions) = get(&address, "/versions");
    assert!(versions.contains("\"engine_version_semver\":\"0.62.0\""), "{versions}");
    assert_eq!(get(&address, "/other").0, "HTTP/1.1 404 Not Found");
    drop(player);
    assert_eq!(live.end().0, 0);
}
