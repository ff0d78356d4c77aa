//! The machine that the tests run on, and processes that they start.

use std::{
    net::{TcpListener, TcpStream, UdpSocket},
    os::{
        fd::AsRawFd,
        unix::{fs::MetadataExt, net::UnixListener},
    },
    process::{Child, Command, Stdio},
};

use event::capture::{FdDetail, Record, ThreadEntry};

use super::super::*;

/// What a scan says of one process.
#[derive(Debug, Default)]
struct Found {
    threads: Vec<String>,
    fds: Vec<String>,
}

fn scan(pid: i64) -> (Found, ScanReport) {
    let mut found = Found::default();
    let mut proc = Proc::open(&ProcConfig::default()).expect("/proc");
    let report = proc.scan(&mut |record| found.add(record, pid));
    (found, report)
}

impl Found {
    fn add(&mut self, record: &Record<'_>, pid: i64) {
        match record {
            Record::Thread(thread) if thread.pid == pid => {
                self.threads.push(format!("{:?}", without_numbers(thread)));
            }
            Record::Fd(fd) if fd.tid == pid => self.fds.push(format!("{fd:?}")),
            _ => {}
        }
    }
}

/// `thread` without what changes from moment to moment.
fn without_numbers<'a>(thread: &ThreadEntry<'a>) -> ThreadEntry<'a> {
    ThreadEntry { vm_size_kb: 0, vm_rss_kb: 0, vm_swap_kb: 0, pf_minor: 0, pf_major: 0, ..*thread }
}

/// A process that ends with the test.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(command: &mut Command) -> Started {
    Started(command.stdin(Stdio::piped()).spawn().expect("a command that exists"))
}

fn entry_of(pid: u32, check: &mut dyn FnMut(&ThreadEntry<'_>)) -> ScanReport {
    let mut count = 0;
    let mut proc = Proc::open(&ProcConfig::default()).expect("/proc");
    let report = proc.scan(&mut |record| {
        if let Record::Thread(thread) = record
            && thread.tid == i64::from(pid)
        {
            count += 1;
            check(thread);
        }
    });
    assert_eq!(count, 1);
    report
}

#[test]
fn a_process_is_what_started_it() {
    let child = start(
        Command::new("cat").arg("-").arg("a b").env_clear().env("A", "1").current_dir("/tmp"),
    );
    let report = entry_of(child.0.id(), &mut |thread| {
        assert_eq!(thread.comm, b"cat");
        assert_eq!(thread.exe, b"cat");
        assert_eq!(thread.args, b"-\0a b\0");
        assert_eq!(thread.env, b"A=1\0");
        assert_eq!(thread.cwd, b"/tmp");
        assert_eq!(thread.root, b"/");
        assert_eq!(thread.pid, thread.tid);
        assert_eq!(thread.ptid, i64::from(std::process::id()));
        let file = std::fs::metadata(format!("/proc/{}/exe", child.0.id())).unwrap();
        assert_eq!(thread.exe_ino, file.ino());
        assert_eq!(thread.flags, 0);
    });
    assert!(report.processes > 1, "{report:?}");
}

#[test]
fn a_lookup_says_what_the_scan_says() {
    let child = start(&mut Command::new("cat"));
    let pid = i64::from(child.0.id());
    let (scanned, _) = scan(pid);
    let mut looked_up = Found::default();
    let mut proc = Proc::open(&ProcConfig::default()).unwrap();
    proc.lookup(pid, FdScope::All, &mut |record| looked_up.add(record, pid)).unwrap();
    assert_eq!(format!("{scanned:#?}"), format!("{looked_up:#?}"));
    assert_eq!(scanned.threads.len(), 1);
    assert!(scanned.fds.len() >= 3, "{scanned:?}");
}

#[test]
fn sockets_are_found_by_inode() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(server.local_addr().unwrap()).unwrap();
    let udp = UdpSocket::bind("[::1]:0").ok();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let unix = UnixListener::bind(&path).unwrap();
    let mut details = std::collections::BTreeMap::new();
    let mut proc = Proc::open(&ProcConfig::default()).unwrap();
    proc.lookup(i64::from(std::process::id()), FdScope::All, &mut |record| {
        if let Record::Fd(fd) = record {
            details.insert(fd.fd, (fd.kind, format!("{:?}", fd.detail)));
        }
    })
    .unwrap();
    let of = |fd: i32| details[&i64::from(fd)].clone();
    let server_port = server.local_addr().unwrap().port();
    let expected =
        FdDetail::Ipv4Server { ip: "127.0.0.1".parse().unwrap(), port: server_port, l4proto: 2 };
    assert_eq!(of(server.as_raw_fd()), (5, format!("{expected:?}")));
    let expected = FdDetail::Ipv4 {
        source: "127.0.0.1".parse().unwrap(),
        source_port: client.local_addr().unwrap().port(),
        destination: "127.0.0.1".parse().unwrap(),
        destination_port: server_port,
        l4proto: 2,
    };
    assert_eq!(of(client.as_raw_fd()), (3, format!("{expected:?}")));
    if let Some(udp) = udp {
        let port = udp.local_addr().unwrap().port();
        let expected = FdDetail::Ipv6Server { ip: "::1".parse().unwrap(), port, l4proto: 3 };
        assert_eq!(of(udp.as_raw_fd()), (6, format!("{expected:?}")));
    }
    let (kind, detail) = of(unix.as_raw_fd());
    assert_eq!(kind, 8);
    assert!(detail.contains("path: ["), "{detail}");
}

#[test]
fn threads_share_what_their_process_has() {
    let (send, receive) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::Builder::new().name("a ) thread".to_owned());
    let thread = thread.spawn(move || receive.recv()).unwrap();
    let pid = i64::from(std::process::id());
    let mut threads = Vec::new();
    let mut proc = Proc::open(&ProcConfig::default()).unwrap();
    proc.scan(&mut |record| {
        if let Record::Thread(it) = record
            && it.pid == pid
        {
            let main = it.tid == pid;
            assert_eq!((it.flags != 0, it.env.is_empty()), (!main, !main));
            threads.push((it.comm.to_vec(), it.exepath.to_vec(), it.args.to_vec()));
        }
    });
    send.send(()).unwrap();
    thread.join().unwrap().unwrap();
    let named = threads.iter().find(|(comm, ..)| comm == b"a ) thread").expect("the thread");
    assert_eq!((&named.1, &named.2), (&threads[0].1, &threads[0].2));
}

#[test]
fn a_scan_fills_a_host_and_a_capture_alike() {
    let child = start(Command::new("cat").args(["-", "a b"]).current_dir("/"));
    let pid = i64::from(child.0.id());
    let mut writer = event::capture::Writer::plain(Vec::new());
    let mut live = host::Host::new(&host::HostConfig::default());
    let report = Proc::open(&ProcConfig::default()).unwrap().scan(&mut |record| {
        live.load(record);
        writer.write(record).expect("the order of a capture");
    });
    let mut encoder = event::encode::Encoder::new();
    let params = [event::encode::Param::Uint(0)];
    let event = encoder.encode(event::EventType::GetuidX, 1, pid, &params).unwrap();
    writer.event(&event).unwrap();
    let bytes = writer.finish().unwrap();
    let mut replayed = host::Host::new(&host::HostConfig::default());
    let mut reader = event::capture::Reader::new(&*bytes).unwrap();
    while let Some(record) = reader.next().unwrap() {
        replayed.load(&record);
    }
    let describe = |host: &host::Host| {
        let id = host.find_thread(pid).expect("the process");
        let mut thread = host.thread(id).unwrap().clone();
        // The only thing that a capture does not hold.
        thread.clone_time_ns = 0;
        let fds: Vec<_> = host.fds(id).map(|(number, fd)| (number, host.fd(fd).cloned())).collect();
        format!("{thread:?} {fds:?}")
    };
    assert_eq!(describe(&live), describe(&replayed));
    assert_eq!(live.threads().count() as u64, report.threads);
}

/// Whether the tests may make namespaces; in CI they have to.
fn may_unshare(flags: &[&str]) -> bool {
    let status = Command::new("unshare").args(flags).arg("true").stderr(Stdio::null()).status();
    let may = status.is_ok_and(|it| it.success());
    if !may {
        assert!(std::env::var_os("CI").is_none() || !is_root(), "root in CI can unshare");
        #[expect(clippy::print_stderr, reason = "says why it was skipped")]
        {
            eprintln!("skipped: may not unshare {flags:?}");
        }
    }
    may
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

/// Waits until `unshare`'s child, of which `child` is the parent, runs `cat`; its pid.
fn inner_cat(child: &Started) -> u32 {
    let path = format!("/proc/{0}/task/{0}/children", child.0.id());
    loop {
        let children = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some(pid) = children.split_whitespace().next() {
            let comm = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            if comm == "cat\n" {
                return pid.parse().unwrap();
            }
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_process_in_namespaces_has_its_own_ids_and_sockets() {
    let flags = ["--pid", "--net", "--fork", "--kill-child"];
    if !may_unshare(&flags) {
        return;
    }
    let child = start(Command::new("unshare").args(flags).arg("cat"));
    let pid = inner_cat(&child);
    entry_of(pid, &mut |thread| {
        assert_eq!((thread.vpid, thread.vtid), (1, 1));
        assert_eq!(thread.tid, i64::from(pid));
        // Of its namespace it is the first.
        assert_eq!(thread.pidns_init_start_time_ns, thread.clone_time_ns);
        assert_ne!(thread.clone_time_ns, 0);
    });
}

#[test]
fn anonymous_files_have_their_kinds() {
    use rustix::{
        event::{EventfdFlags, epoll, eventfd},
        fs::{MemfdFlags, memfd_create},
    };
    let event = eventfd(0, EventfdFlags::CLOEXEC).unwrap();
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let memory = memfd_create("x", MemfdFlags::CLOEXEC).unwrap();
    let (pipe, _writer) = std::io::pipe().unwrap();
    let folder = std::fs::File::open("/proc").unwrap();
    let file = std::fs::File::open("/dev/null").unwrap();
    let mut found = std::collections::BTreeMap::new();
    let mut proc = Proc::open(&ProcConfig::default()).unwrap();
    let pid = i64::from(std::process::id());
    proc.lookup(pid, FdScope::NoSockets, &mut |record| {
        if let Record::Fd(fd) = record {
            let name = match fd.detail {
                FdDetail::Named(name) | FdDetail::File { name, .. } => name,
                _ => b"?",
            };
            found.insert(fd.fd, (fd.kind, String::from_utf8_lossy(name).into_owned()));
        }
    })
    .unwrap();
    let of = |fd: i32| {
        let (kind, name) = &found[&i64::from(fd)];
        (*kind, name.as_str())
    };
    assert_eq!(of(event.as_raw_fd()), (9, ""));
    assert_eq!(of(poll.as_raw_fd()), (12, ""));
    assert_eq!(of(memory.as_raw_fd()), (20, "/memfd:x (deleted)"));
    assert_eq!(of(pipe.as_raw_fd()).0, 7);
    assert_eq!(of(folder.as_raw_fd()), (2, "/proc"));
    assert_eq!(of(file.as_raw_fd()), (16, "/dev/null"));
}

#[test]
fn a_storm_of_processes_is_scanned_without_joining_two() {
    let mut proc = Proc::open(&ProcConfig::default()).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for name in ["first", "other"] {
            let stop = &stop;
            scope.spawn(move || {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    // Name of the directory, argument and variable agree, or two were joined.
                    let mut command = Command::new("sh");
                    command.args(["-c", "exit", name]).env_clear().env("STORM", name);
                    let _ = command.stdin(Stdio::null()).status();
                }
            });
        }
        for _ in 0..20 {
            let report = proc.scan(&mut |record| {
                let Record::Thread(thread) = record else { return };
                assert!(thread.tid > 0 && thread.pid > 0, "{thread:?}");
                for name in ["first", "other"] {
                    let args = format!("-c\0exit\0{name}\0");
                    let env = format!("STORM={name}\0");
                    if thread.args == args.as_bytes() && thread.env.starts_with(b"STORM=") {
                        assert_eq!(thread.env, env.as_bytes());
                    }
                }
            });
            assert_eq!(report.unreadable, 0, "{report:?}");
            assert!(report.processes > 0);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
