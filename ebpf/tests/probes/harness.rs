//! Runs an action with the probes attached and shows the events of its thread.

use std::{
    env, fs,
    ops::ControlFlow,
    os::fd::AsFd,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use ebpf::{AttachChoice, AttachMode, ProbeConfig, Probes, Selection};
use event::{Event, EventType, ParamType};
use nix::{
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
};

/// The probes that tests share one after the other: each test looks at the whole machine, and loading them anew takes
/// seconds in an emulated kernel. A test takes them out and puts them back, so those of a test that fails end with it.
static SHARED: Mutex<Option<Probes>> = Mutex::new(None);

/// What reading events makes events of: there would be no end to it.
const ENDLESS: [&str; 5] =
    ["futex", "nanosleep", "page_fault_kernel", "page_fault_user", "sched_switch"];

/// An event, copied out of the ring buffer.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Type.
    pub(crate) kind: EventType,
    /// Thread.
    pub(crate) tid: i64,
    params: Vec<Vec<u8>>,
}

impl Seen {
    /// A copy.
    pub(crate) fn of(event: &Event<'_>) -> Self {
        let count = event.kind.info().params.len();
        let params = (0..count).map(|index| event.param(index).to_vec()).collect();
        Self { kind: event.kind, tid: event.tid, params }
    }

    /// Bytes of a parameter by name.
    #[track_caller]
    pub(crate) fn bytes(&self, name: &str) -> &[u8] {
        let index = self.kind.info().params.iter().position(|param| param.name == name);
        let index = index.unwrap_or_else(|| panic!("{:?} has no parameter {name}", self.kind));
        &self.params[index]
    }

    /// A text parameter without its NUL; the bytes must end with one.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        let bytes = self.bytes(name);
        let text = bytes.strip_suffix(b"\0").unwrap_or_else(|| panic!("{name}: no NUL: {bytes:?}"));
        String::from_utf8_lossy(text).into_owned()
    }

    /// A number parameter, sign-extended or not as its type says.
    #[track_caller]
    pub(crate) fn number(&self, name: &str) -> i64 {
        let bytes = self.bytes(name);
        let kind = self.kind.info().params.iter().find(|it| it.name == name).unwrap().kind;
        assert_eq!(kind.fixed_size(), Some(bytes.len()), "{name} of {:?}", self.kind);
        let negative = kind.is_signed() && bytes.last().is_some_and(|it| it & 0x80 != 0);
        let mut wide = if negative { [0xff; 8] } else { [0; 8] };
        wide[..bytes.len()].copy_from_slice(bytes);
        i64::from_le_bytes(wide)
    }

    /// `name=value` of all parameters, for messages and snapshots: numbers in decimal, texts quoted.
    pub(crate) fn show(&self) -> String {
        let infos = self.kind.info().params;
        let params = infos.iter().map(|info| {
            let bytes = self.bytes(info.name);
            let value = if bytes.is_empty() {
                "-".to_owned()
            } else if info.kind.fixed_size() == Some(bytes.len())
                && info.kind != ParamType::Ipv6addr
            {
                self.number(info.name).to_string()
            } else {
                format!("\"{}\"", bytes.escape_ascii())
            };
            format!("{}={value}", info.name)
        });
        format!("{:?} {}", self.kind, params.collect::<Vec<_>>().join(" "))
    }
}

/// Runs `action` with the probes of `syscalls` attached and returns the events of the thread that ran it.
///
/// Returns `None` after saying why where probes cannot run; under `CI` as root that is a failure.
#[track_caller]
pub(crate) fn record(syscalls: &[&str], action: impl FnOnce()) -> Option<Vec<Seen>> {
    let tid = i64::from(nix::unistd::gettid().as_raw());
    record_all(syscalls, action).map(|seen| seen.into_iter().filter(|it| it.tid == tid).collect())
}

/// As [`record`], with the events of all threads of the machine.
#[track_caller]
pub(crate) fn record_all(syscalls: &[&str], action: impl FnOnce()) -> Option<Vec<Seen>> {
    const ENTERING: [EventType; 5] = [
        EventType::OpenE,
        EventType::OpenatV2E,
        EventType::Openat2E,
        EventType::CreatE,
        EventType::ConnectE,
    ];
    let seen = record_with_enters(syscalls, action)?;
    Some(seen.into_iter().filter(|it| !ENTERING.contains(&it.kind)).collect())
}

/// As [`record_all`], with the events of calls that begin, where the kernel offers those.
#[track_caller]
pub(crate) fn record_with_enters(syscalls: &[&str], action: impl FnOnce()) -> Option<Vec<Seen>> {
    let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut selection = Selection::new();
    for name in syscalls {
        assert!(selection.add(name), "no system call {name}");
    }
    let mut probes = match shared.take() {
        Some(probes) => select(probes, &selection),
        None => load(&selection)?,
    };
    // What was lost or happened since the last test is nobody's. Reading the counters opens a file, so that comes first.
    let lost = probes.losses().total();
    probes.drain(|_| ControlFlow::Continue(()));
    action();
    if syscalls.iter().any(|name| ENDLESS.contains(name)) {
        probes.select(&Selection::new()).unwrap_or_else(|error| panic!("{}", chain(&error)));
    }
    let mut seen = Vec::new();
    // An event that another CPU is still writing hides those behind it.
    let mut quiet = 0;
    while quiet < 5 {
        let count = probes.drain(|event| {
            seen.push(Seen::of(event));
            ControlFlow::Continue(())
        });
        quiet = if count == 0 { quiet + 1 } else { 0 };
        probes.wait(Duration::from_millis(1));
    }
    assert_eq!(probes.losses().total(), lost, "{:?}", probes.losses());
    assert_eq!(probes.undecodable(), 0);
    *shared = Some(probes);
    Some(seen)
}

/// Makes the probes of `selection` the active ones.
#[track_caller]
fn select(mut probes: Probes, selection: &Selection) -> Probes {
    mount_tracing();
    probes.select(selection).unwrap_or_else(|error| panic!("{}", chain(&error)));
    report_missing(&probes);
    probes
}

/// Keeps the other tests from making events until it is dropped, and their probes from being loaded.
pub(crate) fn alone() -> MutexGuard<'static, Option<Probes>> {
    let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    *shared = None;
    shared
}

/// Loads the probes of `selection`, or says why that cannot be done here; under `CI` as root that is a failure.
#[track_caller]
pub(crate) fn load(selection: &Selection) -> Option<Probes> {
    load_as(&ProbeConfig::default(), selection)
}

/// As [`load`], of this process too, with the sizes of `config`.
#[track_caller]
pub(crate) fn load_as(config: &ProbeConfig, selection: &Selection) -> Option<Probes> {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: probes need root");
        return None;
    }
    mount_tracing();
    let config = ProbeConfig { attach: attach(), include_self: true, ..config.clone() };
    let probes = match Probes::load(&config, selection) {
        Ok(probes) => probes,
        Err(error) => {
            let chain = chain(&error);
            assert!(env::var_os("CI").is_none(), "probes cannot be loaded: {chain}");
            println!("skipped: probes cannot be loaded: {chain}");
            return None;
        }
    };
    report_missing(&probes);
    Some(probes)
}

fn report_missing(probes: &Probes) {
    for (name, reason) in probes.missing() {
        println!("missing: {name}: {reason}");
    }
}

/// Lets this thread alone see tracefs where nobody has mounted it.
fn mount_tracing() {
    const PATH: &str = "/sys/kernel/tracing";
    let is_empty = fs::read_dir(PATH).is_ok_and(|mut it| it.next().is_none());
    if is_empty && unshare(CloneFlags::CLONE_NEWNS).is_ok() {
        let (none, flags) = (None::<&str>, MsFlags::MS_PRIVATE | MsFlags::MS_REC);
        let mounted = mount(none, "/", none, flags, none)
            .and_then(|()| mount(Some("tracefs"), PATH, Some("tracefs"), MsFlags::empty(), none));
        if let Err(error) = mounted {
            println!("tracefs cannot be mounted: {error}");
        }
    }
}

fn attach() -> AttachChoice {
    match env::var("INNERWARDEN_ATTACH").as_deref() {
        Ok("fexit") => AttachChoice::Force(AttachMode::Fexit),
        Ok("dispatcher") => AttachChoice::Force(AttachMode::Dispatcher),
        Ok(other) => panic!("INNERWARDEN_ATTACH={other}: neither fexit nor dispatcher"),
        Err(_) => AttachChoice::Auto,
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |it| it.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[test]
fn a_test_that_fails_leaves_the_next_one_fresh_probes() {
    let fail = || record(&["close"], || panic!("as a test does that fails"));
    if let Ok(seen) = std::panic::catch_unwind(fail) {
        assert!(seen.is_none(), "the action has run");
        return;
    }
    let seen = record(&["dup"], || drop(std::io::stdin().as_fd().try_clone_to_owned().unwrap()));
    assert!(seen.is_some());
}
