//! A host for tests: threads put there by hand, events sent one by one.

use event::{
    EventType,
    capture::{Record, ThreadEntry},
    encode::{Encoder, Param},
};

use crate::{Fd, Host, HostConfig, Thread, Verdict};

pub(crate) use event::EventType as E;
pub(crate) use event::encode::Param as P;

/// A host and the time on it.
pub(crate) struct Scene {
    pub(crate) host: Host,
    pub(crate) time_ns: u64,
}

/// A thread of the list.
pub(crate) fn listed(tid: i64, pid: i64, parent: i64) -> ThreadEntry<'static> {
    ThreadEntry {
        tid,
        pid,
        ptid: parent,
        sid: pid,
        vpgid: pid,
        pgid: pid,
        vtid: tid,
        vpid: pid,
        comm: b"bash",
        exe: b"-bash",
        exepath: b"/bin/bash",
        args: b"--login\0",
        env: b"A=1\0",
        cgroups: b"cpuset=/\0",
        cwd: b"/root",
        root: b"/",
        fdlimit: 1024,
        uid: 1000,
        gid: 1000,
        loginuid: 1000,
        ..ThreadEntry::default()
    }
}

impl Scene {
    /// init (1), sshd (50) and a shell (100) of it.
    pub(crate) fn new() -> Self {
        let mut scene = Self::empty();
        scene.list(ThreadEntry { comm: b"systemd", ..listed(1, 1, 0) });
        scene.list(ThreadEntry { comm: b"sshd", ..listed(50, 50, 1) });
        scene.list(listed(100, 100, 50));
        scene
    }

    pub(crate) fn empty() -> Self {
        Self { host: Host::new(&HostConfig::default()), time_ns: 1_000_000_000_000 }
    }

    #[expect(clippy::large_types_passed_by_value, reason = "tests make them in place")]
    pub(crate) fn list(&mut self, thread: ThreadEntry<'_>) {
        self.host.load(&Record::Thread(thread));
    }

    /// Sends an event; a millisecond passes.
    #[track_caller]
    pub(crate) fn send(&mut self, kind: EventType, tid: i64, params: &[Param<'_>]) -> Verdict {
        self.time_ns += 1_000_000;
        let mut encoder = Encoder::new();
        let event = encoder.encode(kind, self.time_ns, tid, params).expect("a valid event");
        self.host.on_event(&event)
    }

    /// Sends an event whose parameters, `count` of them, are empty but the given ones.
    #[track_caller]
    pub(crate) fn send_sparse(
        &mut self,
        kind: EventType,
        tid: i64,
        given: &[(usize, Param<'_>)],
    ) -> Verdict {
        let mut params = vec![Param::Empty; kind.info().params.len()];
        for (index, param) in given {
            params[*index] = *param;
        }
        self.send(kind, tid, &params)
    }

    /// A clone event as seen by `tid`; `ids` are pid and ptid, `virtual_ids` vtid and vpid.
    #[track_caller]
    pub(crate) fn clone_event(&mut self, kind: EventType, tid: i64, clone: &Clone) {
        let (pid, parent) = clone.ids;
        self.send_sparse(
            kind,
            tid,
            &[
                (0, P::Int(clone.result)),
                (1, P::Text(b"-bash")),
                (2, P::List(&[b"--login"])),
                (3, P::Int(tid)),
                (4, P::Int(pid)),
                (5, P::Int(parent)),
                (7, P::Int(1024)),
                (13, P::Text(b"bash")),
                (14, P::List(&[b"cpuset=/"])),
                (15, P::Uint(u64::from(clone.flags))),
                (16, P::Uint(1000)),
                (17, P::Uint(1000)),
                (18, P::Int(clone.virtual_ids.0)),
                (19, P::Int(clone.virtual_ids.1)),
                (20, P::Uint(77)),
            ],
        );
    }

    /// Process `parent` forks `child`; the caller's event comes first.
    #[track_caller]
    pub(crate) fn fork(&mut self, parent: i64, child: i64) {
        let grandparent = self.thread(parent).ptid;
        let clone = Clone { result: child, ids: (parent, grandparent), ..Clone::of(parent) };
        self.clone_event(E::CloneV20X, parent, &clone);
        self.clone_event(E::CloneV20X, child, &Clone { ids: (child, parent), ..Clone::of(child) });
    }

    /// Process `pid` starts thread `tid`.
    #[track_caller]
    pub(crate) fn start_thread(&mut self, pid: i64, tid: i64) {
        let parent = self.thread(pid).ptid;
        let flags = crate::flags::thread::CLONE_THREAD;
        let clone = Clone { result: tid, ids: (pid, parent), flags, ..Clone::of(pid) };
        self.clone_event(E::Clone3X, pid, &clone);
    }

    /// `tid` executes `/bin/ls -l`, with more parameters as given.
    #[track_caller]
    pub(crate) fn exec(&mut self, tid: i64, pid: i64, more: &[(usize, Param<'_>)]) {
        let mut given = vec![
            (0, P::Int(0)),
            (1, P::Text(b"ls")),
            (2, P::List(&[b"-l"])),
            (3, P::Int(tid)),
            (4, P::Int(pid)),
            (5, P::Int(1)),
            (7, P::Int(512)),
            (13, P::Text(b"ls")),
            (15, P::List(&[b"B=2"])),
            (27, P::Text(b"/bin/ls")),
        ];
        given.extend_from_slice(more);
        self.send_sparse(E::ExecveV19X, tid, &given);
    }

    /// `tid` exits; `reaper` as the kernel told it.
    #[track_caller]
    pub(crate) fn exit(&mut self, tid: i64, reaper: i64) {
        self.send_sparse(E::ProcexitV1E, tid, &[(0, P::Int(0)), (4, P::Int(reaper))]);
    }

    /// Something that changes nothing, so that what the last event ended is removed.
    #[track_caller]
    pub(crate) fn pass(&mut self) {
        self.send(E::GetuidX, 1, &[P::Uint(0)]);
    }

    /// Opens `name` as `number`.
    #[track_caller]
    pub(crate) fn open(&mut self, tid: i64, number: i64, name: &str, flags: u32) {
        let flags = P::Uint(u64::from(flags));
        self.send(
            E::OpenX,
            tid,
            &[P::Int(number), P::Text(name.as_bytes()), flags, P::Uint(0), P::Uint(8), P::Uint(9)],
        );
    }

    /// A socket of thread `tid`.
    #[track_caller]
    pub(crate) fn socket(&mut self, tid: i64, number: i64, domain: u64, kind: u64) {
        self.send(
            E::SocketX,
            tid,
            &[P::Int(number), P::Uint(domain), P::Uint(kind), P::Uint(0), P::Uint(0)],
        );
    }

    #[track_caller]
    pub(crate) fn thread(&self, tid: i64) -> &Thread {
        let id = self.host.find_thread(tid).expect("the thread is there");
        self.host.thread(id).expect("a found thread is there")
    }

    pub(crate) fn has(&self, tid: i64) -> bool {
        self.host.find_thread(tid).is_some()
    }

    /// Fd `number` of thread `tid`.
    pub(crate) fn fd(&self, tid: i64, number: i64) -> Option<&Fd> {
        let id = self.host.find_thread(tid)?;
        self.host.fd(self.host.find_fd(id, number)?)
    }

    /// Number, name and change of name of the current event's fd.
    pub(crate) fn event_fd(&self) -> (i64, Option<String>, bool) {
        let current = self.host.current();
        let fd = current.fd.and_then(|fd| self.host.fd(fd));
        (current.fd_number, fd.map(|fd| lossy(&fd.name)), current.fd_name_changed)
    }

    pub(crate) fn cwd(&self, tid: i64) -> String {
        let id = self.host.find_thread(tid).expect("the thread is there");
        lossy(self.host.cwd(id))
    }
}

/// What differs between clone events.
pub(crate) struct Clone {
    pub(crate) result: i64,
    /// pid and ptid.
    pub(crate) ids: (i64, i64),
    /// vtid and vpid.
    pub(crate) virtual_ids: (i64, i64),
    pub(crate) flags: u32,
}

impl Clone {
    /// A child's event of process `pid`.
    pub(crate) fn of(pid: i64) -> Self {
        Self { result: 0, ids: (pid, 1), virtual_ids: (pid, pid), flags: 0 }
    }
}

pub(crate) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
