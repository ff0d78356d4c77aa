//! With what is left out and without: the same alerts and the same state.

#![expect(clippy::print_stderr, reason = "says what is skipped and how much is left out")]

use std::{
    env, fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use host::{Host, HostConfig};

use super::*;
use crate::{
    config::Settings,
    input::Input,
    replay::{Replay, Seen},
    ruleset::Ruleset,
};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Reference data that may be beside the repository.
fn shared() -> Option<PathBuf> {
    let named = env::var_os("INNERWARDEN_SHARED").map(PathBuf::from);
    let found = named.unwrap_or_else(|| repository().parent().unwrap().join("shared"));
    if found.is_dir() {
        return Some(found);
    }
    eprintln!("skipped: no reference data in {}", found.display());
    None
}

fn files(folder: PathBuf, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|it| it.unwrap().path());
    let mut files: Vec<_> = paths.filter(|it| it.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

/// Official rules, all files at once and the stable ones alone; our own if there are none.
fn rulesets() -> Vec<Ruleset> {
    let settings = Settings::default();
    let folder = shared().map(|it| it.join("falco-rules/5.1.0")).filter(|it| it.is_dir());
    let Some(folder) = folder else { return vec![Ruleset::built_in(&settings).unwrap()] };
    let all = Ruleset::load(std::slice::from_ref(&folder), &settings).unwrap();
    let stable = Ruleset::load(&[folder.join("falco_rules.yaml")], &settings).unwrap();
    vec![all, stable, Ruleset::built_in(&settings).unwrap()]
}

/// Rules and the host that they look at.
struct Side {
    rules: Ruleset,
    host: Host,
    alerts: Vec<(u64, usize, String)>,
}

impl Side {
    fn new(rules: Ruleset) -> Self {
        Self { rules, host: Host::new(&HostConfig::default()), alerts: Vec::new() }
    }

    fn see(&mut self, event: &event::Event<'_>) {
        let verdict = self.host.on_event(event);
        if verdict == host::Verdict::Hide {
            return;
        }
        let Self { rules, host, alerts } = self;
        let seen = rules.on_event(event, host, |rule, alert| {
            alerts.push((
                event.time_ns,
                rule,
                String::from_utf8_lossy(&alert.message).into_owned(),
            ));
            Ok(())
        });
        seen.unwrap();
    }

    /// Threads that something is known of, their fds and directories.
    fn state(&self) -> Vec<String> {
        let host = &self.host;
        let threads = host.threads().filter_map(|id| Some((id, host.thread(id)?)));
        let known = threads.filter(|(_, thread)| thread.pid != -1 && &*thread.comm != b"<NA>");
        let mut all: Vec<_> = known
            .map(|(id, thread)| {
                let fds: Vec<_> = host.fds(id).map(|(number, fd)| (number, host.fd(fd))).collect();
                let tids = (thread.tid, thread.pid, thread.ptid);
                let names = (&thread.comm, &thread.exepath, &thread.cmdline, &thread.root);
                let ids = (thread.uid, thread.gid, thread.cap_effective, thread.fdlimit);
                let cwd = host.cwd(id);
                format!("{tids:?} {names:?} {ids:?} {cwd:?} {fds:?}")
            })
            .collect();
        all.sort();
        all
    }
}

/// Plays `capture` to `rules` with and without push-down. How many events there were, and how many were left out.
#[track_caller]
fn check(capture: &Path, rules: [Ruleset; 2]) -> (usize, usize) {
    let [one, two] = rules;
    let filter = filter(one.rules());
    let (mut whole, mut part) = (Side::new(one), Side::new(two));
    let (mut events, mut left_out) = (0, 0);
    let mut input = Input::open(capture).unwrap();
    // A capture that breaks off is as good as a whole one.
    let _ = Replay::new().capture(&mut input, |seen| {
        match seen {
            Seen::Record(record) => [&mut whole, &mut part].map(|it| it.host.load(record)),
            Seen::Event(step) => {
                let Some(event) = step.event else { return Ok(ControlFlow::Continue(())) };
                events += 1;
                whole.see(event);
                if filter.leaves_out(event) {
                    left_out += 1;
                } else {
                    part.see(event);
                }
                [(), ()]
            }
        };
        Ok(ControlFlow::Continue(()))
    });
    let name = capture.display();
    assert_eq!(whole.alerts, part.alerts, "{name}");
    let (whole, part) = (whole.state(), part.state());
    let place = whole.iter().zip(&part).position(|(one, two)| one != two);
    let place = place.unwrap_or(whole.len().min(part.len()));
    assert_eq!(whole.get(place), part.get(place), "{name}");
    (events, left_out)
}

#[test]
fn alerts_and_state_are_the_same() {
    let mut captures = files(repository().join("tests/data/falco"), ".scap");
    captures.extend(files(repository().join("examples"), ".scap"));
    captures.extend(shared().into_iter().flat_map(|it| {
        let mut captures = files(it.join("conformance/captures"), ".scap");
        captures.extend(files(it.join("conformance/captures"), ".scap.gz"));
        // The large ones have the same kinds of events as the others.
        captures.retain(|it| fs::metadata(it).unwrap().len() < 4 << 20);
        captures
    }));
    assert!(captures.len() >= 4, "{captures:?}");
    let (mut events, mut left_out) = (0, 0);
    for capture in &captures {
        for (one, two) in rulesets().into_iter().zip(rulesets()) {
            let counts = check(capture, [one, two]);
            events += counts.0;
            left_out += counts.1;
        }
    }
    eprintln!("{left_out} of {events} events left out, {} captures", captures.len());
    assert!(left_out * 100 > events, "{left_out} of {events}");
}

fn rules(text: &str) -> Ruleset {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.yaml");
    fs::write(&file, text).unwrap();
    Ruleset::load(&[file], &Settings::default()).unwrap()
}

fn rule(condition: &str, output: &str) -> String {
    format!(
        "- rule: r\n  desc: d\n  condition: {condition}\n  output: \"{output}\"\n  priority: INFO\n"
    )
}

#[test]
fn what_is_left_out_follows_from_the_rules() {
    let open = "evt.type = openat and fd.num >= 0";
    let of = |condition, output| filter(rules(&rule(condition, output)).rules());
    let opens = |filter: &Filter| filter.failed(EventType::OpenatV2X);
    assert_eq!(opens(&of(open, "o")), Failed::Needless);
    let traversal = "evt.type = openat and fd.nameraw contains '../'";
    assert_eq!(opens(&of(traversal, "o")), Failed::NeedlessIfPlain);
    assert_eq!(opens(&of("evt.type = openat and fd.num = -1", "o")), Failed::Needed);
    assert_eq!(opens(&of("proc.name = x", "o")), Failed::Needed);
    assert_eq!(of(open, "%evt.num"), Filter::new());
    let closed = of(open, "o");
    assert_eq!(closed.failed(EventType::CloseX), Failed::Needless);
    assert_eq!(closed.failed(EventType::ConnectX), Failed::Needed);
    assert_ne!(closed, of("evt.type = fcntl", "o"));
}

#[test]
fn opens_are_needed_where_their_beginnings_are_not_seen() {
    let all = filter(rules(&rule("evt.type = openat and fd.num >= 0", "o")).rules());
    assert_eq!(fit(&all, ["process_forked"].into_iter()), all);
    let fitting = fit(&all, ["enter_compat_openat"].into_iter());
    assert_eq!(fitting.failed(EventType::OpenatV2X), Failed::Needed);
    assert_eq!(fitting.failed(EventType::OpenX), Failed::Needless);
}
