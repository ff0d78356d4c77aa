//! The facts of an event, as Falco prints them.

use event::{Event, EventFlags, EventType};
use host::{Address, Fd, FdId, FdKind, Host, Role, Thread, ThreadId};
use serde_json::{Value, json};

fn text(bytes: &[u8]) -> Value {
    let mut out = Vec::new();
    host::utf8::sanitize_into(bytes, &mut out);
    Value::String(String::from_utf8(out).expect("sanitised text is UTF-8"))
}

fn joined(list: &[u8]) -> Value {
    let line: Vec<u8> = list.iter().map(|&byte| if byte == 0 { b' ' } else { byte }).collect();
    text(&line)
}

/// The command line as it was put together, or from the current name if that was not known then.
fn cmdline(thread: &Thread) -> Value {
    match (&*thread.cmdline, thread.arg_count) {
        (b"", 0) => text(&thread.comm),
        (b"", _) => joined(&[&thread.comm, &b" "[..], &thread.args].concat()),
        (line, _) => text(line),
    }
}

/// Every fact of the current event that the state engine alone decides.
///
/// `after_abspath`: Falco printed `evt.abspath` before the fields of fds, and working that out makes it
/// take the directory of a relative path for the event's fd.
pub(crate) fn of(
    host: &Host,
    event: &Event<'_>,
    after_abspath: bool,
) -> Vec<(&'static str, Value)> {
    let mut facts = vec![("evt.rawtime", json!(event.time_ns))];
    let Some(id) = host.current().thread else { return facts };
    let Some(thread) = host.thread(id) else { return facts };
    thread_facts(host, thread, &mut facts);
    lineage_facts(host, id, thread, &mut facts);
    let fd_flags = EventFlags::CREATES_FD.union(EventFlags::USES_FD).union(EventFlags::DESTROYS_FD);
    if event.kind.info().flags.intersects(fd_flags) {
        facts.push(("fd.num", json!(host.current().fd_number)));
        let directory = directory_fd(host, id, event).filter(|_| after_abspath);
        let fd = directory.or(host.current().fd);
        if let Some(fd) = fd.and_then(|fd| host.fd(fd)) {
            facts.push(("fd.name_changed", json!(host.current().fd_name_changed)));
            fd_facts(host, id, fd, &mut facts);
        }
    }
    facts
}

/// The directory that the event's path is relative to.
fn directory_fd(host: &Host, id: ThreadId, event: &Event<'_>) -> Option<FdId> {
    use EventType as E;
    let (dirfd, path) = match event.kind {
        E::OpenatV2X | E::Openat2X | E::MkdiratX | E::UnlinkatV2X | E::FchmodatX | E::FchownatX => {
            (1, 2)
        }
        E::SymlinkatX => (2, 3),
        _ => return None,
    };
    if event.text(path)?.starts_with(b"/") {
        return None;
    }
    host.find_fd(id, event.int(dirfd)?)
}

fn thread_facts(host: &Host, thread: &Thread, facts: &mut Vec<(&'static str, Value)>) {
    let or_null = |id: i64| if id == -1 { Value::Null } else { json!(id) };
    facts.extend([
        ("proc.name", text(&thread.comm)),
        ("proc.exe", text(&thread.exe)),
        ("proc.exepath", text(&thread.exepath)),
        ("proc.args", joined(&thread.args)),
        ("proc.cmdnargs", json!(thread.arg_count)),
        ("proc.cmdline", cmdline(thread)),
        ("proc.pid", json!(thread.pid)),
        ("proc.vpid", or_null(thread.vpid)),
        ("proc.sid", json!(thread.sid)),
        ("proc.vpgid", json!(thread.vpgid)),
        ("proc.pgid", json!(thread.pgid)),
        ("proc.tty", json!(thread.tty)),
        ("proc.is_exe_writable", json!(thread.exe_writable)),
        ("proc.is_exe_upper_layer", json!(thread.exe_upper_layer)),
        ("proc.is_exe_lower_layer", json!(thread.exe_lower_layer)),
        ("proc.is_exe_from_memfd", json!(thread.exe_from_memfd)),
        ("proc.vmsize", json!(thread.vm_size_kb)),
        ("proc.vmrss", json!(thread.vm_rss_kb)),
        ("proc.vmswap", json!(thread.vm_swap_kb)),
        ("thread.pfmajor", json!(thread.pf_major)),
        ("thread.pfminor", json!(thread.pf_minor)),
        ("thread.tid", json!(thread.tid)),
        ("thread.vtid", or_null(thread.vtid)),
        ("thread.ismain", json!(thread.is_main())),
        ("user.uid", json!(thread.uid)),
        ("group.gid", json!(thread.gid)),
    ]);
    let containers = host.containers();
    let container = match containers.of_event(host.current().number) {
        Some(container) => text(container.id.as_bytes()),
        None => text(containers.short_id(thread.container)),
    };
    facts.push(("container.id", container));
    let loginuid = if thread.loginuid == u32::MAX { -1 } else { i64::from(thread.loginuid) };
    facts.push(("user.loginuid", json!(loginuid)));
    if !thread.cgroups.is_empty() {
        facts.push(("thread.cgroups", joined(&thread.cgroups)));
    }
    if thread.exe_ino != 0 {
        facts.push(("proc.exe_ino", json!(thread.exe_ino)));
        facts.push(("proc.exe_ino.ctime", json!(thread.exe_ino_ctime_ns)));
        facts.push(("proc.exe_ino.mtime", json!(thread.exe_ino_mtime_ns)));
    }
    if thread.clone_time_ns != 0 {
        facts.push(("proc.pid.ts", json!(thread.clone_time_ns)));
    }
    let user = host.users().user(thread.container, thread.uid);
    facts.push((
        "user.name",
        match user {
            Some(user) => text(&user.name),
            None if thread.uid == 0 => json!("root"),
            None => json!("<NA>"),
        },
    ));
}

fn lineage_facts(
    host: &Host,
    id: ThreadId,
    thread: &Thread,
    facts: &mut Vec<(&'static str, Value)>,
) {
    let main = host.main_thread(id).and_then(|main| host.thread(main));
    facts.extend([
        ("proc.cwd", text(host.cwd(id))),
        ("proc.env", joined(main.map_or(&thread.env, |main| &main.env))),
        ("proc.nthreads", json!(host.live_threads(id))),
        ("proc.nchilds", json!(host.other_live_threads(id))),
        ("proc.fdopencount", json!(host.fd_open_count(id))),
    ]);
    let names = [
        (1, "proc.pname", "proc.apid[1]"),
        (2, "proc.aname[2]", "proc.apid[2]"),
        (3, "proc.aname[3]", ""),
        (4, "proc.aname[4]", ""),
        (5, "proc.aname[5]", ""),
    ];
    for (level, name, pid) in names {
        let ancestor = host.ancestor(id, level).and_then(|ancestor| host.thread(ancestor));
        facts.push((name, ancestor.map_or(Value::Null, |ancestor| text(&ancestor.comm))));
        if !pid.is_empty() {
            facts.push((pid, ancestor.map_or(Value::Null, |ancestor| json!(ancestor.pid))));
        }
    }
    let leader = |get: fn(&Thread) -> i64, namespaced| {
        let leader = host.oldest_with(id, get, namespaced).and_then(|leader| host.thread(leader));
        leader.map_or(json!(""), |leader| text(&leader.comm))
    };
    facts.push(("proc.sname", leader(|thread| thread.sid, true)));
    facts.push(("proc.vpgid.name", leader(|thread| thread.vpgid, true)));
    facts.push(("proc.pgid.name", leader(|thread| thread.pgid, false)));
    for (number, name) in [(0, "proc.stdin.name"), (1, "proc.stdout.name"), (2, "proc.stderr.name")]
    {
        let fd = host.find_fd(id, number).and_then(|fd| host.fd(fd));
        facts.push((name, fd.map_or(Value::Null, |fd| text(&fd.name))));
    }
}

fn fd_facts(host: &Host, id: ThreadId, fd: &Fd, facts: &mut Vec<(&'static str, Value)>) {
    facts.extend([
        ("fd.name", text(&fd.name)),
        ("fd.typechar", json!(typechar(fd.kind).to_string())),
        ("fd.connected", json!(fd.connected)),
        ("fd.ino", json!(fd.ino)),
        ("fd.dev", json!(format!("{:X}", fd.device))),
        ("fd.is_upper_layer", json!(fd.upper_layer)),
        ("fd.is_lower_layer", json!(fd.lower_layer)),
    ]);
    let ends = match fd.address() {
        Address::Ipv4 { source, source_port, destination, destination_port } => {
            let source_is_local = host.is_local_ipv4(id, source);
            let ends = [(source.into(), source_port), (destination.into(), destination_port)];
            Some((ends, source_is_local, true))
        }
        Address::Ipv6 { source, source_port, destination, destination_port } => {
            let source_is_local = host.is_local_ipv6(id, source);
            let ends = [(source.into(), source_port), (destination.into(), destination_port)];
            Some((ends, source_is_local, true))
        }
        Address::Ipv4Server { ip, port } => Some(([(ip.into(), port); 2], false, false)),
        Address::Ipv6Server { ip, port } => Some(([(ip.into(), port); 2], false, false)),
        Address::None | Address::Unix { .. } => None,
    };
    let Some(([source, destination], source_is_local, both)) = ends else { return };
    let address = |(ip, _): (std::net::IpAddr, u16)| json!(ip.to_string());
    if both && fd.role == Role::None {
        return;
    }
    facts.extend([("fd.sip", address(destination)), ("fd.sport", json!(destination.1))]);
    if both {
        let (local, remote) =
            if source_is_local { (source, destination) } else { (destination, source) };
        facts.extend([
            ("fd.cip", address(source)),
            ("fd.cport", json!(source.1)),
            ("fd.lip", address(local)),
            ("fd.lport", json!(local.1)),
            ("fd.rip", address(remote)),
            ("fd.rport", json!(remote.1)),
        ]);
    }
}

fn typechar(kind: FdKind) -> char {
    match kind {
        FdKind::File | FdKind::FileV2 => 'f',
        FdKind::Directory => 'd',
        FdKind::Ipv4Socket | FdKind::Ipv4ServerSocket => '4',
        FdKind::Ipv6Socket | FdKind::Ipv6ServerSocket => '6',
        FdKind::Fifo => 'p',
        FdKind::UnixSocket | FdKind::UserFaultFd => 'u',
        FdKind::Event => 'e',
        FdKind::Unknown | FdKind::Unsupported => 'o',
        FdKind::SignalFd => 's',
        FdKind::EventPoll => 'l',
        FdKind::Inotify => 'i',
        FdKind::TimerFd => 't',
        FdKind::Netlink => 'n',
        FdKind::Bpf => 'b',
        FdKind::IoUring => 'r',
        FdKind::Memfd => 'm',
        FdKind::PidFd => 'P',
        FdKind::Uninitialized => '?',
    }
}
