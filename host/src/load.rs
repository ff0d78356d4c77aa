//! What was there when recording began, from the lists of a capture.

#[cfg(test)]
mod tests;

use event::capture::{
    FdDetail, FdEntry, GroupEntry, InterfaceAddress, InterfaceEntry, Record, ThreadEntry, UserEntry,
};

use crate::{
    container::ContainerId,
    fd::{Fd, FdKind, L4Proto, Role},
    flags::thread as flags,
    host::Host,
    interfaces::Ipv4Interface,
    socket::{
        at, mapped_ipv4, render_ipv4_pair, render_ipv4_server, render_ipv6_pair,
        render_ipv6_server, swap_ends,
    },
    text::Text,
    thread::Thread,
    user::{Group, User},
};

impl Host {
    /// Takes what a capture says beside events: a further section empties the host, lists fill it.
    ///
    /// The machine is ignored: Falco forgets it when it replays a capture. Events are for
    /// [`Host::on_event`].
    pub fn load(&mut self, record: &Record<'_>) {
        match record {
            Record::Section => self.begin_section(),
            Record::Machine(_) | Record::Event(_) => {}
            Record::Interface(interface) => self.load_interface(interface),
            Record::User(user) => self.load_user(user),
            Record::Group(group) => self.load_group(group),
            Record::Thread(thread) => self.load_thread(thread),
            Record::Fd(fd) => self.load_fd(fd),
        }
    }

    fn load_interface(&mut self, entry: &InterfaceEntry<'_>) {
        match entry.address {
            InterfaceAddress::V4 { address, netmask, .. } => {
                self.interfaces.add_ipv4(Ipv4Interface { address, netmask });
            }
            InterfaceAddress::V6 { address, .. } => self.interfaces.add_ipv6(address),
        }
    }

    fn load_user(&mut self, entry: &UserEntry<'_>) {
        if self.users.drops_after(self.listed_users.len()) {
            return;
        }
        let [name, home, shell] = [entry.name, entry.home, entry.shell].map(Text::new);
        self.listed_users.push(User { uid: entry.uid, gid: entry.gid, name, home, shell });
    }

    fn load_group(&mut self, entry: &GroupEntry<'_>) {
        if self.users.drops_after(self.listed_groups.len()) {
            return;
        }
        self.listed_groups.push(Group { gid: entry.gid, name: Text::new(entry.name) });
    }

    /// Users and groups of the lists count only once the events before the first ordinary one are done.
    pub(crate) fn add_listed_users(&mut self) {
        for user in std::mem::take(&mut self.listed_users) {
            self.users.add_user(ContainerId::HOST, &user);
        }
        for group in std::mem::take(&mut self.listed_groups) {
            self.users.add_group(ContainerId::HOST, &group);
        }
    }

    pub(crate) fn load_thread(&mut self, entry: &ThreadEntry<'_>) {
        let mut thread = Thread::new(entry.tid, &self.empty);
        set_numbers(&mut thread, entry);
        thread.comm = self.texts.intern(entry.comm);
        thread.exe = self.texts.intern(entry.exe);
        thread.root = self.texts.intern(entry.root);
        self.texts.set_exepath(&mut thread, entry.exepath);
        let nothing = &self.empty.clone();
        self.texts.set_args(&mut thread, entry.args, (nothing, nothing));
        self.texts.set_cgroups(&mut thread, entry.cgroups, nothing);
        let main = thread.is_main();
        if main {
            self.texts.set_env(&mut thread, entry.env);
        }
        thread.flags |= entry.flags | flags::ACTIVE;
        self.users.note_user(ContainerId::HOST, entry.uid, entry.gid);
        self.users.note_group(ContainerId::HOST, entry.gid);
        let Some(id) = self.allocate_thread(thread) else { return };
        self.list_thread(id);
        if main {
            self.update_cwd(id, entry.cwd);
        }
    }

    pub(crate) fn load_fd(&mut self, entry: &FdEntry<'_>) {
        let Some(thread) = self.threads.find(entry.tid) else { return };
        let kind = match entry.detail {
            FdDetail::Nothing => return,
            FdDetail::Unrecognized => FdKind::Unsupported,
            _ => FdKind::from_code(entry.kind).unwrap_or(FdKind::Unsupported),
        };
        let Some(tracking) = self.threads.tracking_mut(thread) else { return };
        let table = &mut tracking.fds;
        let full =
            table.len() >= self.config.max_fds || self.fds.references() >= self.config.max_all_fds;
        if full && table.get(entry.fd).is_none() {
            self.counters.fds_dropped += 1;
            return;
        }
        let id = self.fds.insert();
        table.insert(entry.fd, id, &mut self.fds);
        let Some(fd) = self.fds.get_mut(id) else { return };
        fd.kind = kind;
        fd.ino = entry.ino;
        fill(fd, entry);
        let port = match fd.kind {
            FdKind::Ipv4ServerSocket => fd.socket.port(at::V4_SERVER_PORT),
            FdKind::Ipv6ServerSocket => fd.socket.port(at::V6_SERVER_PORT),
            _ => return,
        };
        if let Some(listened) = self.server_ports.get_mut(usize::from(port)) {
            *listened = true;
        }
    }

    /// Turns the listed IPv4 sockets of servers round: the lists have the local side first.
    pub(crate) fn fix_socket_directions(&mut self) {
        let sockets: Vec<_> = self
            .threads
            .ids()
            .filter_map(|id| self.threads.tracking(id))
            .flat_map(|tracking| tracking.fds.iter())
            .map(|(_, id)| id)
            .collect();
        for id in sockets {
            let Some(fd) = self.fds.get_mut(id).filter(|fd| fd.kind == FdKind::Ipv4Socket) else {
                continue;
            };
            let port = usize::from(fd.socket.port(at::V4_SOURCE_PORT));
            if self.server_ports.get(port) == Some(&true) {
                swap_ends(fd);
                name_ipv4_socket(fd);
                fd.role = fd.role.with_server();
            } else {
                fd.role = fd.role.with_client();
            }
        }
    }
}

fn set_numbers(thread: &mut Thread, entry: &ThreadEntry<'_>) {
    thread.pid = entry.pid;
    thread.ptid = entry.ptid;
    thread.sid = entry.sid;
    thread.vpgid = entry.vpgid;
    thread.pgid = entry.pgid;
    thread.vtid = entry.vtid;
    thread.vpid = entry.vpid;
    thread.fdlimit = entry.fdlimit.cast_signed();
    thread.uid = entry.uid;
    thread.gid = entry.gid;
    thread.loginuid = entry.loginuid;
    thread.tty = entry.tty;
    thread.vm_size_kb = entry.vm_size_kb;
    thread.vm_rss_kb = entry.vm_rss_kb;
    thread.vm_swap_kb = entry.vm_swap_kb;
    thread.pf_major = entry.pf_major;
    thread.pf_minor = entry.pf_minor;
    thread.pidns_init_start_time_ns = entry.pidns_init_start_time_ns;
    thread.clone_time_ns = entry.clone_time_ns;
    thread.cap_inheritable = entry.cap_inheritable;
    thread.cap_permitted = entry.cap_permitted;
    thread.cap_effective = entry.cap_effective;
    thread.exe_ino = entry.exe_ino;
    thread.exe_ino_ctime_ns = entry.exe_ino_ctime_ns;
    thread.exe_ino_mtime_ns = entry.exe_ino_mtime_ns;
    thread.exe_writable = entry.exe_writable;
    thread.exe_upper_layer = entry.exe_upper_layer;
    thread.exe_lower_layer = entry.exe_lower_layer;
    thread.exe_from_memfd = entry.exe_from_memfd;
}

/// Sets name and addresses of a listed fd.
fn fill(fd: &mut Fd, entry: &FdEntry<'_>) {
    match entry.detail {
        FdDetail::Nothing => {}
        FdDetail::Unrecognized => {
            fd.name.extend_from_slice(format!("unknown-type:[{}]", entry.kind).as_bytes());
        }
        FdDetail::Ipv4 { source, source_port, destination, destination_port, l4proto } => {
            fd.socket.set_ipv4(at::V4_SOURCE, source);
            fd.socket.set_ipv4(at::V4_DESTINATION, destination);
            set_ipv4_rest(fd, (source_port, destination_port), l4proto);
        }
        FdDetail::Ipv6 { source, source_port, destination, destination_port, l4proto } => {
            if let (Some(source), Some(destination)) =
                (mapped_ipv4(source), mapped_ipv4(destination))
            {
                fd.kind = FdKind::Ipv4Socket;
                fd.socket.set_ipv4(at::V4_SOURCE, source);
                fd.socket.set_ipv4(at::V4_DESTINATION, destination);
                set_ipv4_rest(fd, (source_port, destination_port), l4proto);
                return;
            }
            fd.socket.set_ipv6(at::V6_SOURCE, source);
            fd.socket.set_ipv6(at::V6_DESTINATION, destination);
            fd.socket.set_port(at::V6_SOURCE_PORT, source_port);
            fd.socket.set_port(at::V6_DESTINATION_PORT, destination_port);
            let proto = L4Proto::from_code(l4proto);
            fd.socket.set_proto(at::V6_PROTO, proto);
            fd.connected = proto == L4Proto::Tcp;
            render_ipv6_pair((source, source_port), (destination, destination_port), &mut fd.name);
        }
        FdDetail::Ipv4Server { ip, port, l4proto } => {
            fd.socket.set_ipv4(at::V4_SOURCE, ip);
            fd.socket.set_port(at::V4_SERVER_PORT, port);
            fd.socket.set_proto(at::V4_SERVER_PROTO, L4Proto::from_code(l4proto));
            render_ipv4_server(ip, port, &mut fd.name);
        }
        FdDetail::Ipv6Server { ip, port, l4proto } => {
            fd.socket.set_ipv6(at::V6_SOURCE, ip);
            fd.socket.set_port(at::V6_SERVER_PORT, port);
            fd.socket.set_proto(at::V6_SERVER_PROTO, L4Proto::from_code(l4proto));
            render_ipv6_server(ip, port, &mut fd.name);
        }
        FdDetail::Unix { source, destination, path } => {
            fd.socket.set_pointer(at::UNIX_SOURCE, source);
            fd.socket.set_pointer(at::UNIX_DESTINATION, destination);
            fd.name.extend_from_slice(path);
            fd.role = if path.is_empty() { Role::Client } else { Role::Server };
        }
        FdDetail::File { open_flags, name, device } => {
            fd.open_flags = open_flags;
            fd.name.extend_from_slice(name);
            fd.device = device;
        }
        FdDetail::Named(name) => fd.name.extend_from_slice(name),
    }
}

fn set_ipv4_rest(fd: &mut Fd, ports: (u16, u16), l4proto: u8) {
    fd.socket.set_port(at::V4_SOURCE_PORT, ports.0);
    fd.socket.set_port(at::V4_DESTINATION_PORT, ports.1);
    let proto = L4Proto::from_code(l4proto);
    fd.socket.set_proto(at::V4_PROTO, proto);
    fd.connected = proto == L4Proto::Tcp;
    name_ipv4_socket(fd);
}

/// Names a listed socket: with ports, whatever its protocol.
fn name_ipv4_socket(fd: &mut Fd) {
    let pair = fd.socket.ipv4_pair();
    fd.name.clear();
    render_ipv4_pair(
        (pair.source, pair.source_port),
        (pair.destination, pair.destination_port),
        &mut fd.name,
    );
}
