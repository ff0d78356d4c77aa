//! What `run` may do, from outside: with all rights, with few, with none, and where pids are others.

use std::{fs, process::Command};

use nix::sys::signal::Signal;

use crate::{
    bed::Bed,
    live::{Live, get},
};

/// `CAP_BPF`, `CAP_PERFMON`, `CAP_SYS_PTRACE`, `CAP_SYS_RESOURCE`
const FEW: [(&str, u32); 4] =
    [("bpf", 39), ("perfmon", 38), ("sys_ptrace", 19), ("sys_resource", 24)];

const DAC_READ_SEARCH: u32 = 2;

/// A folder with a rule for whoever goes there, and the folder.
fn bed() -> (Bed, String) {
    let bed = Bed::new();
    let folder = bed.path("").to_str().unwrap().trim_end_matches('/').to_owned();
    let rules = format!(
        "- rule: Seen\n  desc: d\n  condition: evt.type=chdir and evt.arg.path={folder}\n  \
         output: Seen %proc.name\n  priority: NOTICE\n\
         - rule: Own\n  desc: d\n  condition: evt.type=openat and fd.name={folder}/rules.yaml and evt.is_open_read=true\n  \
         output: Own event\n  priority: NOTICE\n"
    );
    (bed.file("rules.yaml", rules), folder)
}

/// Whether this test can have probes. Where it could and has not, it must not go unseen.
fn is_root() -> bool {
    let is_root = nix::unistd::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: probes need root");
    }
    is_root
}

fn visit(folder: &str) {
    assert!(Command::new("sh").args(["-c", &format!("cd {folder}")]).status().unwrap().success());
}

/// A line of `/proc/PID/status`, in hexadecimal.
fn status(pid: impl std::fmt::Display, key: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|it| it.strip_prefix(key)).unwrap();
    u64::from_str_radix(line.trim_start_matches(':').trim(), 16).unwrap()
}

/// Bits of [`FEW`] that this test has.
fn few() -> Vec<(&'static str, u32)> {
    let own = status("self", "CapPrm");
    FEW.into_iter().filter(|(_, bit)| own >> bit & 1 == 1).collect()
}

#[test]
fn rights_that_are_not_needed_are_given_up() {
    if !is_root() {
        return;
    }
    let (bed, folder) = bed();
    let mut live = Live::start(&bed, &["-r", "rules.yaml", "-o", "webserver.enabled=false"]);
    live.said("scan of /proc");
    let needed = [39, 38, 19, DAC_READ_SEARCH].iter().fold(0, |set, bit| set | 1 << bit);
    for key in ["CapEff", "CapPrm", "CapBnd"] {
        assert_eq!(status(live.pid(), key), needed & status("self", key), "{key}");
    }
    for key in ["CapInh", "CapAmb"] {
        assert_eq!(status(live.pid(), key), 0, "{key}");
    }
    assert_eq!(status(live.pid(), "NoNewPrivs"), 1);
    visit(&folder);
    live.alert_with("Notice Seen sh");
    // What was given up is not missed when rules come anew.
    live.signal(Signal::SIGHUP);
    live.said("reloaded");
    visit(&folder);
    live.alert_with("Notice Seen sh");
    assert_eq!(live.stop().0, 0);
}

#[test]
fn four_capabilities_are_enough() {
    if !is_root() {
        return;
    }
    let few = few();
    let (bed, folder) = bed();
    let names: Vec<_> = few.iter().map(|(name, _)| format!("+{name}")).collect();
    let bounding = format!("--bounding-set=-all,{}", names.join(","));
    let under = ["setpriv", &bounding, "--inh-caps=-all"];
    let arguments = ["-r", "rules.yaml", "-o", "webserver.enabled=false"];
    let mut live = Live::start_under(&bed, &under, &arguments);
    let said = live.said("CAP_DAC_READ_SEARCH");
    assert!(said.contains("cannot be read"), "{said}");
    live.said("scan of /proc");
    let left = few.iter().filter(|it| it.1 != 24).fold(0, |set, (_, bit)| set | 1 << bit);
    assert_eq!(status(live.pid(), "CapEff"), left);
    assert_eq!(status(live.pid(), "NoNewPrivs"), 1);
    visit(&folder);
    live.alert_with("Notice Seen sh");
    let (code, _, stderr) = live.stop();
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stderr.matches("CAP_DAC_READ_SEARCH").count(), 1, "once:\n{stderr}");
}

#[test]
fn without_rights_the_rest_is_served() {
    let (bed, _) = bed();
    let under: &[&str] = if nix::unistd::geteuid().is_root() {
        &["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    } else {
        &[]
    };
    let arguments = ["-r", "rules.yaml", "-o", "webserver.listen_port=0"];
    let mut live = Live::start_under(&bed, under, &arguments);
    live.said("events come from: nothing");
    let address = live.web();
    let (head, health) = get(&address, "/healthz");
    assert!(head.contains("200"), "{head}");
    assert!(health.contains("degraded") && health.contains("no events: "), "{health}");
    let (_, metrics) = get(&address, "/metrics");
    assert!(metrics.contains("innerwarden_rules_in_force 2"), "{metrics}");
    let (code, stdout, stderr) = live.stop();
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert_eq!(stderr.matches("error: no events").count(), 1, "once:\n{stderr}");
}

#[test]
fn its_own_events_are_left_out_where_its_pid_is_another() {
    if !is_root() {
        return;
    }
    let (bed, folder) = bed();
    let under = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
    // As a whole path: where pids are others, its folder is not known.
    let path = format!("{folder}/rules.yaml");
    let arguments = ["-r", &path, "-o", "webserver.enabled=false"];
    let mut live = Live::start_under(&bed, &under, &arguments);
    live.said("scan of /proc");
    // Reading the rules is seen, as long as it is another process that does it.
    let rules = fs::read(bed.path("rules.yaml")).unwrap();
    live.alert_with("Notice Own event");
    fs::write(bed.path("rules.yaml"), rules).unwrap();
    live.said("reloaded");
    visit(&folder);
    let next = live.alert_with("Notice ");
    assert!(next.contains("Notice Seen"), "{next}");
}
