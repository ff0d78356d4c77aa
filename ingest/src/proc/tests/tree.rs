//! A `/proc` made by hand, as another kernel or another moment might show it.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use event::capture::{FdDetail, Record};

use super::super::*;

/// A tree in a temporary folder.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        tree.file("stat", "cpu  1\ncpu0 1\nbtime 1000\n");
        fs::create_dir_all(tree.0.path().join("etc")).unwrap();
        fs::write(tree.0.path().join("etc/passwd"), "root:x:0:0::/root:/bin/sh\nbad\n").unwrap();
        fs::write(tree.0.path().join("etc/group"), "root:x:0:\n").unwrap();
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("proc").join(name)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn link(&self, name: &str, target: impl AsRef<Path>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = fs::remove_file(&path);
        symlink(target, path).unwrap();
    }

    /// Process `pid` of `parent`; its files may be replaced.
    fn process(&self, pid: u32, parent: u32) {
        self.thread(&format!("{pid}"), pid, pid, parent);
        self.thread(&format!("{pid}/task/{pid}"), pid, pid, parent);
        self.file(&format!("{pid}/cmdline"), b"prog\0one\0two\0");
        self.file(&format!("{pid}/environ"), b"A=1\0");
        self.file(&format!("{pid}/limits"), "Max open files            10 20 files\n");
        self.link(&format!("{pid}/cwd"), "/work");
        self.link(&format!("{pid}/exe"), "/usr/bin/prog (deleted)");
        fs::create_dir_all(self.path(&format!("{pid}/fd"))).unwrap();
    }

    fn thread(&self, dir: &str, tid: u32, pid: u32, parent: u32) {
        self.file(&format!("{dir}/stat"), stat_of(tid, "prog", 5));
        let status = format!(
            "Name:\tprog\nTgid:\t{pid}\nPid:\t{tid}\nPPid:\t{parent}\nUid:\t1 2 3 4\nGid:\t5 6 7 8\nNSpid:\t{tid}\nNStgid:\t{pid}\nNSpgid:\t{pid}\n"
        );
        self.file(&format!("{dir}/status"), status);
        self.file(&format!("{dir}/loginuid"), "1000");
        self.file(&format!("{dir}/cgroup"), "2:cpu,cpuacct:/a\n1:name=systemd:/b\n0::/c\n");
        self.link(&format!("{dir}/root"), "/");
    }

    fn open(&self, config: ProcConfig) -> Proc {
        Proc::open(&ProcConfig { host_root: self.0.path().to_owned(), ..config }).unwrap()
    }

    /// What a scan says, a line a thread or fd.
    fn scan(&self, config: ProcConfig) -> (Vec<String>, ScanReport) {
        let mut lines = Vec::new();
        let report = self.open(config).scan(&mut |record| match record {
            Record::Thread(it) => lines.push(format!(
                "{} {} {} {} {} {} {}",
                it.tid,
                it.pid,
                it.ptid,
                String::from_utf8_lossy(it.comm),
                String::from_utf8_lossy(it.exe),
                String::from_utf8_lossy(it.args).replace('\0', "|"),
                it.clone_time_ns,
            )),
            Record::Fd(it) => {
                lines.push(format!("fd {} {} {} {:?}", it.tid, it.fd, it.kind, it.detail));
            }
            _ => {}
        });
        (lines, report)
    }
}

fn stat_of(tid: u32, comm: &str, start: u64) -> String {
    format!("{tid} ({comm}) S 1 2 3 4 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 {start} 1\n")
}

#[track_caller]
fn check(tree: &Tree, expected: &[&str]) -> ScanReport {
    let (lines, report) = tree.scan(ProcConfig::default());
    assert_eq!(lines, expected);
    report
}

#[test]
fn a_process_has_its_threads_after_it() {
    let tree = Tree::new();
    tree.process(1, 0);
    tree.process(20, 1);
    tree.thread("20/task/21", 21, 20, 1);
    let report = check(
        &tree,
        &[
            "1 1 0 prog prog one|two| 1000050000000",
            "20 20 1 prog prog one|two| 1000050000000",
            "21 20 1 prog prog one|two| 1000050000000",
        ],
    );
    assert_eq!((report.processes, report.threads, report.users, report.groups), (2, 3, 1, 1));
}

#[test]
fn every_field_comes_from_its_file() {
    let tree = Tree::new();
    tree.process(7, 1);
    let mut seen = false;
    tree.open(ProcConfig::default()).scan(&mut |record| {
        let Record::Thread(it) = record else { return };
        seen = true;
        assert_eq!((it.sid, it.pgid, it.vpgid, it.vtid, it.vpid), (3, 7, 7, 7, 7));
        assert_eq!((it.uid, it.gid, it.loginuid, it.tty, it.fdlimit), (2, 6, 1000, 4, 10));
        assert_eq!((it.pf_minor, it.pf_major, it.flags), (1, 3, 0));
        assert_eq!(it.env, b"A=1\0");
        assert_eq!(
            (it.cwd, it.root, it.exepath),
            (&b"/work"[..], &b"/"[..], &b"/usr/bin/prog (deleted)"[..])
        );
        assert_eq!(it.cgroups, b"cpu=/a\0cpuacct=/a\0name=systemd=/b\0");
        assert_eq!(it.pidns_init_start_time_ns, 1_000_000_000_000);
        assert_eq!((it.exe_ino, it.exe_writable), (0, false));
    });
    assert!(seen);
}

#[test]
fn what_is_no_process_is_left_out() {
    let tree = Tree::new();
    tree.process(5, 1);
    tree.process(6, 2);
    tree.file("6/stat", "6 (kworker) S 1 0 0 0 -1 2097152 0 0 0 0 0 0 0 0 20 0 1 0 5 1\n");
    tree.process(7, 1);
    tree.file("7/stat", "7 (dead) Z 1 0 0 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5 1\n");
    tree.process(8, 1);
    fs::remove_file(tree.path("8/status")).unwrap();
    tree.process(9, 1);
    tree.file("9/status", "nothing\n");
    tree.process(10, 1);
    tree.file("10/stat", "");
    tree.file("self/stat", "x");
    fs::create_dir_all(tree.path("4294967296")).unwrap();
    tree.file("11", "not a folder");
    let report = check(&tree, &["5 5 1 prog prog one|two| 1000050000000"]);
    assert_eq!((report.kernel_threads, report.zombies), (1, 1));
    assert_eq!((report.vanished, report.unreadable), (2, 2));
}

#[test]
fn huge_files_are_cut() {
    let tree = Tree::new();
    tree.process(5, 1);
    tree.file("5/cmdline", [b"p\0".to_vec(), vec![b'a'; 1 << 20]].concat());
    tree.file("5/environ", vec![b'e'; 1 << 20]);
    tree.file("5/cgroup", vec![b'c'; 1 << 21]);
    let mut lengths = Vec::new();
    tree.open(ProcConfig::default()).scan(&mut |record| {
        if let Record::Thread(it) = record {
            lengths.push((it.args.len(), it.env.len(), it.cgroups.len(), it.args.last().copied()));
        }
    });
    assert_eq!(lengths, [(4094, 4096, 0, Some(0))]);
}

#[test]
fn fds_are_told_by_what_their_links_say() {
    let tree = Tree::new();
    tree.process(5, 1);
    let file = tree.0.path().join("file");
    fs::write(&file, "").unwrap();
    let folder = tree.0.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for (number, target) in [
        (0, file.to_str().unwrap()),
        (1, folder.to_str().unwrap()),
        (2, "pipe:[77]"),
        (3, "socket:[10]"),
        (4, "socket:[11]"),
        (5, "socket:[12]"),
        (6, "socket:[13]"),
        (7, "socket:[99]"),
        (8, "/gone"),
    ] {
        tree.link(&format!("5/fd/{number}"), target);
    }
    tree.link("5/fd/nonsense", "pipe:[78]");
    tree.file("5/fdinfo/0", "pos:\t0\nflags:\t02\nmnt_id:\t3\n");
    tree.file("5/mountinfo", "3 1 8:1 / / rw - ext4 x rw\n");
    let tail = "01 0:0 0:0 0 0 0";
    tree.file("5/net/tcp", format!("  sl  local\n  0: 0100007F:0016 00000000:0000 {tail} 10 1\n"));
    tree.file("5/net/udp", format!("  sl\n  0: 0100007F:0035 0200007F:1000 {tail} 11 1"));
    tree.file("5/net/unix", "Num\n00000000000000ff: 2 0 0 1 1 12 /run/x\n");
    tree.file("5/net/netlink", "sk\n00000000d1 0   0 0 0 0 0 2 0 13\n");
    let (lines, report) = tree.scan(ProcConfig::default());
    let file =
        FdDetail::File { open_flags: 3, name: file.to_str().unwrap().as_bytes(), device: 0x801 };
    let expected = [
        format!("fd 5 0 16 {file:?}"),
        format!("fd 5 1 2 {:?}", FdDetail::Named(folder.to_str().unwrap().as_bytes())),
        format!("fd 5 2 7 {:?}", FdDetail::Named(b"pipe:[77]")),
        "fd 5 3 5 Ipv4Server { ip: 127.0.0.1, port: 22, l4proto: 2 }".to_owned(),
        // The last line of a table has an end; a kernel cuts none.
        format!("fd 5 5 8 {:?}", FdDetail::Unix { source: 255, destination: 0, path: b"/run/x" }),
        format!("fd 5 6 15 {:?}", FdDetail::Named(b"")),
    ];
    assert_eq!(lines.get(1..).unwrap(), expected);
    assert_eq!(report.sockets_unknown, 2);
}

#[test]
fn bounds_are_kept_and_counted() {
    let tree = Tree::new();
    for pid in 1..=4 {
        tree.process(pid, 0);
    }
    tree.thread("1/task/9", 9, 1, 0);
    for number in 0..5 {
        tree.link(&format!("1/fd/{number}"), "pipe:[1]");
    }
    let config = ProcConfig { max_threads: 3, max_fds: 2, ..ProcConfig::default() };
    let (lines, report) = tree.scan(config);
    assert_eq!(lines.iter().filter(|it| it.starts_with("fd")).count(), 2);
    assert_eq!((report.threads, report.fds, report.fds_left_out), (3, 2, 3));
    assert_eq!(report.threads_left_out, 2);
    assert_eq!(
        report.to_string(),
        "2 processes, 3 threads, 2 fds, 1 users, 1 groups, 2 threads left out, 3 fds left out"
    );
}

#[test]
fn another_process_with_the_same_id_is_not_joined() {
    let tree = Tree::new();
    tree.process(5, 1);
    let mut task = Task::default();
    let dir = open_dir(CWD, tree.path("5").to_str().unwrap().as_bytes()).unwrap();
    let file = task.read(&dir, 5, &mut ScanReport::default()).unwrap();
    assert_eq!(task.check(&file), Ok(()));
    // In place, so that the open file sees it.
    tree.file("5/stat", stat_of(5, "prog", 6));
    assert_eq!(task.check(&file), Err(Skip::Vanished));
}

#[test]
fn without_proc_there_is_an_error() {
    let config = ProcConfig { host_root: PathBuf::from("/nonexistent"), ..ProcConfig::default() };
    let error = Proc::open(&config).unwrap_err();
    assert_eq!(error.to_string(), "no /proc in `/nonexistent`");
}
