//! What the filter leaves out in the kernel is what it says of events that are written.

use std::{fs::File, ops::ControlFlow, os::fd::AsRawFd as _, time::Duration};

use ebpf::{Failed, Filter, Probes, Selection};
use event::{Event, EventType};
use nix::{
    fcntl::{AT_FDCWD, FcntlArg, OFlag, fcntl, openat},
    sys::{
        prctl,
        resource::{Resource, getrlimit},
        stat::Mode,
    },
};

use crate::harness::load;

/// What the filters of these tests speak of.
const CALLS: [&str; 6] = ["openat", "close", "fcntl", "prctl", "prlimit64", "chdir"];

/// Paths that do not exist, with lengths around the edges of words and of what is looked at.
fn paths() -> Vec<String> {
    let mut paths: Vec<_> = (1..=20).map(|bytes| "a".repeat(bytes)).collect();
    for bytes in [0, 1, 5, 6, 7, 8, 9, 62, 63, 64, 120, 250, 251, 252, 253, 254, 255, 256] {
        for end in ["..x", "/../x", ".x", "...", ".x."] {
            paths.push(format!("/?/{}{end}", "b/".repeat(bytes / 2) + &"c".repeat(bytes % 2)));
        }
    }
    paths.extend(["", "a.b.c.d.e", "..a", "/proc/self/nowhere"].map(str::to_owned));
    paths
}

fn act() {
    for path in paths() {
        let opened = openat(AT_FDCWD, path.as_str(), OFlag::O_RDONLY, Mode::empty());
        assert!(opened.is_err(), "{path}");
    }
    let file = File::open("/proc/self/comm").unwrap();
    for command in [FcntlArg::F_GETFL, FcntlArg::F_GETFD] {
        fcntl(&file, command).unwrap();
    }
    drop(rustix::io::fcntl_dupfd_cloexec(&file, 300).unwrap());
    assert!(fcntl(&file, FcntlArg::F_SETPIPE_SZ(4096)).is_err());
    assert!(nix::unistd::chdir("/nowhere").is_err());
    assert!(nix::unistd::close(file.as_raw_fd() + 12_345).is_err());
    prctl::get_dumpable().unwrap();
    prctl::get_child_subreaper().unwrap();
    getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    getrlimit(Resource::RLIMIT_CORE).unwrap();
}

/// What the filter looks at, and nothing that differs from one time to another.
fn show(event: &Event<'_>) -> String {
    let result = if event.int(0).unwrap() < 0 { "failed" } else { "done" };
    let number = Filter::number_of(event.kind).and_then(|index| event.uint(index));
    let path = if event.kind == EventType::OpenatV2X { event.param(2) } else { b"" };
    format!("{:?} {result} {number:?} {}", event.kind, path.escape_ascii())
}

/// The events of [`act`] that the probes write, without those that `left_out` leaves out, and how many those are.
fn see(probes: &mut Probes, left_out: &Filter) -> (Vec<String>, usize) {
    let tid = i64::from(nix::unistd::gettid().as_raw());
    let (mut seen, mut count) = (Vec::new(), 0);
    act();
    loop {
        let drained = probes.drain(|event| {
            // What begins is not what the filter is about.
            let is_ours = event.tid == tid && !event.kind.is_enter();
            if is_ours && left_out.leaves_out(event) {
                count += 1;
            } else if is_ours {
                seen.push(show(event));
            }
            ControlFlow::Continue(())
        });
        if drained == 0 {
            return (seen, count);
        }
        probes.wait(Duration::from_millis(1));
    }
}

/// Lets the kernel and the filter itself judge the same events; `least` of them have to be left out.
#[track_caller]
fn check(filter: &Filter, least: usize) {
    let selection = {
        let mut selection = Selection::new();
        for name in CALLS {
            assert!(selection.add(name), "{name}");
        }
        selection
    };
    let Some(mut probes) = load(&selection) else { return };
    // The allocator of some libraries reads a file once.
    see(&mut probes, filter);
    let (expected, count) = see(&mut probes, filter);
    assert!(count >= least && !expected.is_empty(), "{count}");
    assert_eq!(probes.losses().needless, 0);
    probes.filter(filter).unwrap();
    let (seen, _) = see(&mut probes, &Filter::new());
    assert!(seen == expected, "{}", difference(&seen, &expected));
    let needless = usize::try_from(probes.losses().needless).unwrap();
    assert!(needless >= count, "{needless} of all threads, {count} of this one");
    assert_eq!(probes.losses().total(), 0);
    // Needed again from now on.
    probes.filter(&Filter::new()).unwrap();
    let (seen, _) = see(&mut probes, filter);
    assert!(seen == expected, "{}", difference(&seen, &expected));
}

/// Where two lists part.
fn difference(one: &[String], two: &[String]) -> String {
    let place = one.iter().zip(two).position(|(one, two)| one != two);
    let place = place.unwrap_or(one.len().min(two.len()));
    format!("at {place}: {:?}, not {:?}", one.get(place), two.get(place))
}

#[test]
fn failed_calls_are_left_out_by_type() {
    let mut filter = Filter::new();
    filter.leave_out_failed(EventType::OpenatV2X, Failed::Needless);
    filter.leave_out_failed(EventType::CloseX, Failed::Needless);
    check(&filter, paths().len() + 1);
}

#[test]
fn failed_opens_are_left_out_by_their_path() {
    let mut filter = Filter::new();
    filter.leave_out_failed(EventType::OpenatV2X, Failed::NeedlessIfPlain);
    check(&filter, 20);
}

#[test]
fn calls_are_left_out_by_what_they_do() {
    let mut filter = Filter::new();
    // F_DUPFD, F_SETFD, F_DUPFD_CLOEXEC; PR_SET_CHILD_SUBREAPER; RLIMIT_NOFILE.
    filter.leave_out_numbers_but(EventType::FcntlX, &[1, 3, 26]);
    filter.leave_out_numbers_but(EventType::PrctlX, &[36]);
    filter.leave_out_numbers_but(EventType::PrlimitX, &[7]);
    check(&filter, 5);
}

#[test]
fn nothing_is_left_out_unless_it_is_said() {
    check(&Filter::new(), 0);
}
