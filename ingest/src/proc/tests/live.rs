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
                self.threads.push(format!("{:?}", without_numbers(*thread)));
            }
            Record::Fd(fd) if fd.tid == pid => self.fds.push(format!("{fd:?}")),
            _ => {}
        }
    }
}

/// `thread` without what changes from moment to moment.
fn without_numbers(thread: ThreadEntry<'_>) -> ThreadEntry<'_> {
    ThreadEntry { vm_size_kb: 0, vm_rss_kb: 0, vm_swap_kb: 0, pf_minor: 0, pf_major: 0, ..thread }
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
