//! The scene: in a container, a web server starts a shell that reads `/etc/shadow` and calls home.

use std::net::{Ipv4Addr, SocketAddrV4};

use event::{
    EventType,
    capture::{
        FdDetail, FdEntry, GroupEntry, InterfaceAddress, InterfaceEntry, MachineInfo, Record,
        ThreadEntry, UserEntry, Writer,
    },
    encode::{Encoder, Param},
};

const START_NS: u64 = 1_700_000_000_000_000_000;
const CONTAINER: &str = "4f1c2b7a9d3e4f1c2b7a9d3e4f1c2b7a9d3e4f1c2b7a9d3e4f1c2b7a9d3e4f1c";
const SERVER: i64 = 4_100;
const SHELL: i64 = 4_242;

/// The capture, plain.
pub(crate) fn capture() -> Vec<u8> {
    let mut scene =
        Scene { writer: Writer::plain(Vec::new()), encoder: Encoder::new(), time_ns: START_NS };
    scene.host();
    scene.container();
    scene.shell_starts();
    scene.shell_reads_shadow();
    scene.shell_calls_home();
    scene.writer.finish().unwrap()
}

struct Scene {
    writer: Writer<Vec<u8>>,
    encoder: Encoder,
    time_ns: u64,
}

impl Scene {
    fn record(&mut self, record: &Record<'_>) {
        self.writer.write(record).unwrap();
    }

    fn event(&mut self, kind: EventType, tid: i64, params: &[Param<'_>]) {
        self.time_ns += 1_000_000;
        let event = self.encoder.encode(kind, self.time_ns, tid, params).unwrap();
        self.writer.event(&event).unwrap();
    }

    /// An event of an old table, with fewer parameters.
    fn old_event(&mut self, kind: EventType, tid: i64, params: &[&[u8]]) {
        self.time_ns += 1_000_000;
        let event = self.encoder.encode_bytes(kind, self.time_ns, tid, params).unwrap();
        self.writer.event(&event).unwrap();
    }

    fn host(&mut self) {
        self.record(&Record::Section);
        self.record(&Record::Machine(MachineInfo {
            cpus: 2,
            memory_bytes: 8 << 30,
            max_pid: 4_194_304,
            hostname: b"node-1",
            boot_time_ns: START_NS - 3_600_000_000_000,
            flags: 0,
        }));
        self.record(&Record::Interface(InterfaceEntry {
            name: b"eth0",
            address: InterfaceAddress::V4 {
                address: Ipv4Addr::new(10, 0, 0, 5),
                netmask: Ipv4Addr::new(255, 255, 255, 0),
                broadcast: Ipv4Addr::new(10, 0, 0, 255),
            },
            link_speed: 0,
        }));
        let (home, shell) = (&b"/root"[..], &b"/bin/bash"[..]);
        self.record(&Record::User(UserEntry { uid: 0, gid: 0, name: b"root", home, shell }));
        self.record(&Record::Group(GroupEntry { gid: 0, name: b"root" }));
        let init = ThreadEntry {
            tid: 1,
            pid: 1,
            vtid: 1,
            vpid: 1,
            comm: b"systemd",
            exe: b"/sbin/init",
            exepath: b"/usr/lib/systemd/systemd",
            cwd: b"/",
            root: b"/",
            ..ThreadEntry::default()
        };
        self.record(&Record::Thread(init));
        let cgroups = cgroups();
        let server = ThreadEntry {
            tid: SERVER,
            pid: SERVER,
            ptid: 1,
            vtid: 1,
            vpid: 1,
            comm: b"nginx",
            exe: b"nginx",
            exepath: b"/usr/sbin/nginx",
            args: b"-g\0daemon off;\0",
            cgroups: cgroups.as_bytes(),
            cwd: b"/",
            root: b"/",
            ..init
        };
        self.record(&Record::Thread(server));
        let detail = FdDetail::Ipv4Server { ip: Ipv4Addr::UNSPECIFIED, port: 80, l4proto: 2 };
        self.record(&Record::Fd(FdEntry { tid: SERVER, fd: 6, ino: 77, kind: 5, detail }));
    }

    fn container(&mut self) {
        let id = CONTAINER.get(..12).unwrap();
        let json = format!(
            r#"{{"container":{{"id":"{id}","full_id":"{CONTAINER}","type":0,"name":"web","image":"nginx:1.27","imagerepo":"nginx","imagetag":"1.27"}}}}"#
        );
        let data = [json.as_bytes(), b"\0"].concat();
        let params = [Param::Uint(0), Param::Text(b"container"), Param::Raw(&data)];
        self.event(EventType::AsynceventE, 1, &params);
    }

    fn shell_starts(&mut self) {
        let cgroups = cgroups();
        let cgroups = [cgroups.trim_end_matches('\0').as_bytes()];
        let mut clone = [Param::Empty; 21];
        clone[0] = Param::Int(0);
        clone[1] = Param::Text(b"nginx");
        clone[2] = Param::List(&[b"-g", b"daemon off;"]);
        for (index, id) in [(3, SHELL), (4, SHELL), (5, SERVER), (18, 7), (19, 7)] {
            clone[index] = Param::Int(id);
        }
        clone[6] = Param::Text(b"");
        clone[13] = Param::Text(b"nginx");
        clone[14] = Param::List(&cgroups);
        for index in (7..=12).chain(15..=17) {
            clone[index] = Param::Uint(0);
        }
        self.event(EventType::CloneV20X, SHELL, &clone);
        let mut exec = [Param::Empty; 31];
        exec[0] = Param::Int(0);
        exec[1] = Param::Text(b"sh");
        exec[2] = Param::List(&[b"-c", b"cat /etc/shadow"]);
        for (index, id) in [(3, SHELL), (4, SHELL), (5, SERVER), (17, 1), (28, SERVER)] {
            exec[index] = Param::Int(id);
        }
        exec[6] = Param::Text(b"/");
        exec[7] = Param::Uint(1_024);
        exec[13] = Param::Text(b"sh");
        exec[14] = Param::List(&cgroups);
        exec[15] = Param::List(&[b"PATH=/usr/bin", b"HOME=/root"]);
        for index in (8..=12).chain([16, 19]).chain(20..=26).chain([29]) {
            exec[index] = Param::Uint(0);
        }
        exec[18] = Param::Uint(u32::MAX.into());
        exec[27] = Param::Text(b"/usr/bin/dash");
        exec[30] = Param::Text(b"/bin/sh");
        self.event(EventType::ExecveV19X, SHELL, &exec);
    }

    fn shell_reads_shadow(&mut self) {
        let path = Param::Text(b"/etc/shadow");
        let (read_only, mode) = (Param::Uint(1), Param::Uint(0));
        let (cwd, device, ino) = (Param::Int(-100), Param::Uint(41), Param::Uint(1_234));
        self.event(EventType::OpenatV2E, SHELL, &[cwd, path, read_only, mode]);
        let params = [Param::Int(3), cwd, path, read_only, mode, device, ino];
        self.event(EventType::OpenatV2X, SHELL, &params);
        let data = Param::Text(b"root:*:19000:0:99999:7:::\n");
        let params = [Param::Int(26), data, Param::Int(3), Param::Uint(4_096)];
        self.event(EventType::ReadX, SHELL, &params);
        // As older recorders wrote it: what the exit event lacks stands in the enter event.
        self.old_event(EventType::CloseE, SHELL, &[&3i64.to_le_bytes()]);
        self.old_event(EventType::CloseX, SHELL, &[&0i64.to_le_bytes()]);
    }

    fn shell_calls_home(&mut self) {
        let here = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 5), 40_000);
        let there = SocketAddrV4::new(Ipv4Addr::new(203, 0, 113, 9), 4_444);
        let params = [Param::Int(3), Param::Uint(2), Param::Uint(1), Param::Uint(0)];
        self.event(EventType::SocketX, SHELL, &params);
        let params =
            [Param::Int(0), Param::TupleV4(here, there), Param::Int(3), Param::AddressV4(there)];
        self.event(EventType::ConnectX, SHELL, &params);
        let params = [Param::Int(0), Param::Int(0), Param::Uint(0), Param::Uint(0), Param::Int(0)];
        self.event(EventType::ProcexitV1E, SHELL, &params);
    }
}

fn cgroups() -> String {
    format!("memory=/docker/{CONTAINER}\0")
}
