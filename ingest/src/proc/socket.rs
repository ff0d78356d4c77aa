//! `/proc/PID/net`: the sockets of a network namespace, found by inode.

mod line;

use std::{
    collections::HashMap,
    net::{Ipv4Addr, Ipv6Addr},
};

use event::capture::FdDetail;
use rustix::{
    fd::AsFd,
    fs::StatxFlags,
    io::{Errno, read},
};

use super::{executable::stat, reader::open_file};

pub(super) use line::{Address, parse_ip, parse_netlink, parse_unix};

/// Most sockets kept of all namespaces.
const MAX_SOCKETS: usize = 1 << 20;
/// Bytes of a table that are read at once. No line is longer.
const CHUNK: usize = 64 * 1024;

mod kind {
    pub(super) const IPV4: u8 = 3;
    pub(super) const IPV6: u8 = 4;
    pub(super) const IPV4_SERVER: u8 = 5;
    pub(super) const IPV6_SERVER: u8 = 6;
    pub(super) const UNIX: u8 = 8;
    pub(super) const NETLINK: u8 = 15;
}

const TCP: u8 = 2;
const UDP: u8 = 3;
const RAW: u8 = 5;

/// Tables in the order in which libs read them: of two sockets with the same inode the later one counts.
const TABLES: [(&[u8], Table); 8] = [
    (b"net/tcp", Table::Ip(TCP)),
    (b"net/udp", Table::Ip(UDP)),
    (b"net/raw", Table::Ip(RAW)),
    (b"net/unix", Table::Unix),
    (b"net/netlink", Table::Netlink),
    (b"net/tcp6", Table::Ip(TCP)),
    (b"net/udp6", Table::Ip(UDP)),
    (b"net/raw6", Table::Ip(RAW)),
];

#[derive(Clone, Copy, Debug)]
enum Table {
    Ip(u8),
    Unix,
    Netlink,
}

/// The sockets of every network namespace that was asked for.
#[derive(Debug, Default)]
pub(super) struct Sockets {
    /// By inode of the namespace.
    namespaces: HashMap<u64, HashMap<u64, Socket>>,
    count: usize,
    /// Paths of unix sockets, one after the other.
    paths: Vec<u8>,
    text: Vec<u8>,
    dropped: u64,
}

#[derive(Clone, Copy, Debug)]
enum Socket {
    Ip { local: Address, remote: Address, l4proto: u8 },
    Unix { source: u64, start: usize, end: usize },
    Netlink,
}

impl Sockets {
    /// Forgets everything: sockets come and go.
    pub(super) fn clear(&mut self) {
        let Self { text, dropped, .. } = std::mem::take(self);
        *self = Self { text, dropped, ..Self::default() };
    }

    /// Gives memory back that only a scan needs.
    pub(super) fn shrink(&mut self) {
        self.clear();
        self.text = Vec::new();
    }

    /// Kind and addresses of socket `ino` of the process in `dir`; `None` when no table mentions it.
    pub(super) fn find(&mut self, dir: impl AsFd, ino: u64) -> Option<(u8, FdDetail<'_>)> {
        let namespace = stat(&dir, b"ns/net", StatxFlags::INO).map_or(0, |it| it.stx_ino);
        if !self.namespaces.contains_key(&namespace) {
            let mut sockets = HashMap::new();
            let mut found = false;
            for (name, table) in TABLES {
                found |= self.read(&dir, name, table, &mut sockets).is_ok();
            }
            // A process that is gone says nothing about its namespace.
            if found {
                self.count += sockets.len();
                self.namespaces.insert(namespace, sockets);
            }
        }
        let socket = *self.namespaces.get(&namespace)?.get(&ino)?;
        Some(match socket {
            Socket::Ip { local, remote, l4proto } => describe(local, remote, l4proto),
            Socket::Unix { source, start, end } => {
                let path = self.paths.get(start..end).unwrap_or_default();
                (kind::UNIX, FdDetail::Unix { source, destination: 0, path })
            }
            Socket::Netlink => (kind::NETLINK, FdDetail::Named(b"")),
        })
    }

    fn read(
        &mut self,
        dir: impl AsFd,
        name: &[u8],
        table: Table,
        sockets: &mut HashMap<u64, Socket>,
    ) -> Result<(), Errno> {
        let file = open_file(dir, name)?;
        let mut text = std::mem::take(&mut self.text);
        text.resize(CHUNK, 0);
        let mut held = 0;
        loop {
            let free = text.get_mut(held..).unwrap_or_default();
            let length = match read(&file, free) {
                Ok(0) => break,
                Ok(length) => length,
                Err(Errno::INTR) => continue,
                Err(error) => {
                    self.text = text;
                    return Err(error);
                }
            };
            let end = held + length;
            let filled = text.get(..end).unwrap_or_default();
            let Some(last) = filled.iter().rposition(|&it| it == b'\n') else {
                // A line without an end fills the buffer: no table has one.
                if end == text.len() {
                    break;
                }
                held = end;
                continue;
            };
            for line in filled.get(..last).unwrap_or_default().split(|&it| it == b'\n') {
                self.add(line, table, sockets);
            }
            text.copy_within(last + 1..end, 0);
            held = end - last - 1;
        }
        self.text = text;
        Ok(())
    }

    fn add(&mut self, line: &[u8], table: Table, sockets: &mut HashMap<u64, Socket>) {
        let found = match table {
            Table::Ip(l4proto) => parse_ip(line)
                .map(|(local, remote, ino)| (ino, Socket::Ip { local, remote, l4proto })),
            Table::Netlink => parse_netlink(line).map(|ino| (ino, Socket::Netlink)),
            Table::Unix => parse_unix(line).map(|(source, ino, path)| {
                let start = self.paths.len();
                self.paths.extend_from_slice(path);
                (ino, Socket::Unix { source, start, end: self.paths.len() })
            }),
        };
        let Some((ino, socket)) = found.filter(|(ino, _)| *ino != 0) else { return };
        if self.count + sockets.len() < MAX_SOCKETS {
            sockets.insert(ino, socket);
        } else {
            self.dropped += 1;
        }
    }
}

/// A socket without a peer is one of a server.
fn describe(local: Address, remote: Address, l4proto: u8) -> (u8, FdDetail<'static>) {
    match (local, remote) {
        // A remote address of the other family is in no table.
        (Address::V4(ip, port), Address::V4(Ipv4Addr::UNSPECIFIED, _) | Address::V6(..)) => {
            (kind::IPV4_SERVER, FdDetail::Ipv4Server { ip, port, l4proto })
        }
        (Address::V4(source, source_port), Address::V4(destination, destination_port)) => (
            kind::IPV4,
            FdDetail::Ipv4 { source, source_port, destination, destination_port, l4proto },
        ),
        (Address::V6(ip, port), Address::V6(Ipv6Addr::UNSPECIFIED, _) | Address::V4(..)) => {
            (kind::IPV6_SERVER, FdDetail::Ipv6Server { ip, port, l4proto })
        }
        (Address::V6(source, source_port), Address::V6(destination, destination_port)) => (
            kind::IPV6,
            FdDetail::Ipv6 { source, source_port, destination, destination_port, l4proto },
        ),
    }
}
