//! One open file descriptor, as `sinsp-state` section 4 describes it.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    flags::open,
    socket::{SocketInfo, at},
};

/// Slot of an fd; valid until the fd is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FdId(pub(crate) u32);

/// `scap_fd_type`.
#[expect(missing_docs, reason = "the names are Falco's own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FdKind {
    #[default]
    Unknown = 0,
    File = 1,
    Directory = 2,
    Ipv4Socket = 3,
    Ipv6Socket = 4,
    Ipv4ServerSocket = 5,
    Ipv6ServerSocket = 6,
    Fifo = 7,
    UnixSocket = 8,
    Event = 9,
    Unsupported = 10,
    SignalFd = 11,
    EventPoll = 12,
    Inotify = 13,
    TimerFd = 14,
    Netlink = 15,
    FileV2 = 16,
    Bpf = 17,
    UserFaultFd = 18,
    IoUring = 19,
    Memfd = 20,
    PidFd = 21,
    /// `SCAP_FD_UNINITIALIZED`: what a failed `memfd_create` leaves behind.
    Uninitialized = 255,
}

impl FdKind {
    /// The kind with this number; `None` for numbers of newer formats.
    pub fn from_code(code: u8) -> Option<Self> {
        const KINDS: [FdKind; 22] = [
            FdKind::Unknown,
            FdKind::File,
            FdKind::Directory,
            FdKind::Ipv4Socket,
            FdKind::Ipv6Socket,
            FdKind::Ipv4ServerSocket,
            FdKind::Ipv6ServerSocket,
            FdKind::Fifo,
            FdKind::UnixSocket,
            FdKind::Event,
            FdKind::Unsupported,
            FdKind::SignalFd,
            FdKind::EventPoll,
            FdKind::Inotify,
            FdKind::TimerFd,
            FdKind::Netlink,
            FdKind::FileV2,
            FdKind::Bpf,
            FdKind::UserFaultFd,
            FdKind::IoUring,
            FdKind::Memfd,
            FdKind::PidFd,
        ];
        KINDS.get(usize::from(code)).copied()
    }
}

/// Layer 4 protocol.
#[expect(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum L4Proto {
    #[default]
    Unknown = 0,
    NotApplicable = 1,
    Tcp = 2,
    Udp = 3,
    Icmp = 4,
    Raw = 5,
}

impl L4Proto {
    /// The protocol with this `scap_l4_proto` number; `NotApplicable` for others, which come from
    /// addresses of another family in the same bytes.
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Unknown,
            2 => Self::Tcp,
            3 => Self::Udp,
            4 => Self::Icmp,
            5 => Self::Raw,
            _ => Self::NotApplicable,
        }
    }
}

/// Which end of a socket the process owns.
#[expect(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    None,
    Client,
    Server,
    /// It connected and was bound afterwards; both marks stay.
    Both,
}

impl Role {
    /// Whether it is marked a client.
    pub fn is_client(self) -> bool {
        matches!(self, Self::Client | Self::Both)
    }

    /// Whether it is marked a server.
    pub fn is_server(self) -> bool {
        matches!(self, Self::Server | Self::Both)
    }

    /// This role and the mark of a client.
    pub(crate) fn with_client(self) -> Self {
        if self.is_server() { Self::Both } else { Self::Client }
    }

    /// This role and the mark of a server.
    pub(crate) fn with_server(self) -> Self {
        if self.is_client() { Self::Both } else { Self::Server }
    }
}

/// Addresses of a socket; which variant applies follows from the fd's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address {
    /// Not a socket, or nothing known.
    None,
    /// Source (client side once the role is known) and destination.
    #[expect(missing_docs, reason = "the names say it")]
    Ipv4 { source: Ipv4Addr, source_port: u16, destination: Ipv4Addr, destination_port: u16 },
    /// As `Ipv4`.
    #[expect(missing_docs, reason = "the names say it")]
    Ipv6 { source: Ipv6Addr, source_port: u16, destination: Ipv6Addr, destination_port: u16 },
    /// Listening or bound.
    #[expect(missing_docs, reason = "the names say it")]
    Ipv4Server { ip: Ipv4Addr, port: u16 },
    /// Listening or bound.
    #[expect(missing_docs, reason = "the names say it")]
    Ipv6Server { ip: Ipv6Addr, port: u16 },
    /// Kernel pointers of both ends.
    #[expect(missing_docs, reason = "the names say it")]
    Unix { source: u64, destination: u64 },
}

/// An open file descriptor.
#[derive(Clone, Debug, Default)]
pub struct Fd {
    /// What it is.
    pub kind: FdKind,
    /// `fd.name`.
    pub name: Vec<u8>,
    /// `fd.nameraw`: the path as passed.
    pub name_raw: Vec<u8>,
    /// `PPM_O_*`.
    pub open_flags: u32,
    /// Device number, kernel encoding as in the event.
    pub device: u32,
    /// Inode.
    pub ino: u64,
    /// Process that a pidfd refers to.
    pub pid: i64,
    /// Which end it is.
    pub role: Role,
    /// `fd.connected`.
    pub connected: bool,
    /// In an overlay's upper layer.
    pub upper_layer: bool,
    /// In an overlay's lower layer.
    pub lower_layer: bool,
    /// Addresses and protocol of a socket.
    pub(crate) socket: SocketInfo,
}

impl Fd {
    /// Whether it is a regular file or a file of unknown sort (`FILE`, `FILE_V2`).
    pub fn is_file(&self) -> bool {
        matches!(self.kind, FdKind::File | FdKind::FileV2)
    }

    /// Whether exec closes it.
    pub fn is_close_on_exec(&self) -> bool {
        self.open_flags & open::CLOEXEC != 0
            || (matches!(self.kind, FdKind::EventPoll | FdKind::Memfd)
                && self.open_flags & open::OWN_CLOEXEC != 0)
    }

    /// Addresses of a socket.
    pub fn address(&self) -> Address {
        match self.kind {
            FdKind::Ipv4Socket => {
                let pair = self.socket.ipv4_pair();
                Address::Ipv4 {
                    source: pair.source,
                    source_port: pair.source_port,
                    destination: pair.destination,
                    destination_port: pair.destination_port,
                }
            }
            FdKind::Ipv6Socket => {
                let pair = self.socket.ipv6_pair();
                Address::Ipv6 {
                    source: pair.source,
                    source_port: pair.source_port,
                    destination: pair.destination,
                    destination_port: pair.destination_port,
                }
            }
            FdKind::Ipv4ServerSocket => Address::Ipv4Server {
                ip: self.socket.ipv4(at::V4_SOURCE),
                port: self.socket.port(at::V4_SERVER_PORT),
            },
            FdKind::Ipv6ServerSocket => Address::Ipv6Server {
                ip: self.socket.ipv6(at::V6_SOURCE),
                port: self.socket.port(at::V6_SERVER_PORT),
            },
            FdKind::UnixSocket => Address::Unix {
                source: self.socket.pointer(at::UNIX_SOURCE),
                destination: self.socket.pointer(at::UNIX_DESTINATION),
            },
            _ => Address::None,
        }
    }

    /// Protocol as `fd.l4proto` knows it: a socket without a role has none, unless it is raw.
    pub fn l4proto(&self) -> L4Proto {
        let (offset, needs_role) = match self.kind {
            FdKind::Ipv4Socket => (at::V4_PROTO, true),
            FdKind::Ipv6Socket => (at::V6_PROTO, true),
            FdKind::Ipv4ServerSocket => (at::V4_SERVER_PROTO, false),
            FdKind::Ipv6ServerSocket => (at::V6_SERVER_PROTO, false),
            _ => return L4Proto::NotApplicable,
        };
        let proto = self.socket.proto(offset);
        if needs_role && proto != L4Proto::Raw && self.role == Role::None {
            return L4Proto::NotApplicable;
        }
        proto
    }

    /// Whether it is an IPv4 socket of protocol `proto`.
    pub(crate) fn is_ipv4_socket_of(&self, proto: L4Proto) -> bool {
        self.kind == FdKind::Ipv4Socket && self.socket.proto(at::V4_PROTO) == proto
    }

    /// Empties it, keeping its buffers.
    pub(crate) fn clear(&mut self) {
        let Self { name, name_raw, .. } = self;
        name.clear();
        name_raw.clear();
        let (name, name_raw) = (std::mem::take(name), std::mem::take(name_raw));
        *self = Self { kind: FdKind::Uninitialized, name, name_raw, ..Self::default() };
    }

    /// Becomes a copy of `other`, reusing its own buffers.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.name.clear();
        self.name.extend_from_slice(&other.name);
        self.name_raw.clear();
        self.name_raw.extend_from_slice(&other.name_raw);
        let (name, name_raw) = (std::mem::take(&mut self.name), std::mem::take(&mut self.name_raw));
        *self = Self {
            name,
            name_raw,
            kind: other.kind,
            open_flags: other.open_flags,
            device: other.device,
            ino: other.ino,
            pid: other.pid,
            role: other.role,
            connected: other.connected,
            upper_layer: other.upper_layer,
            lower_layer: other.lower_layer,
            socket: other.socket,
        };
    }

    /// Removes every close-on-exec mark, whichever kind uses the bit.
    pub(crate) fn clear_close_on_exec(&mut self) {
        self.open_flags &= !(open::CLOEXEC | open::OWN_CLOEXEC);
    }
}
