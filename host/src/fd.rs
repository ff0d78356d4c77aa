//! One open file descriptor, as `sinsp-state` section 4 describes it.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Slot of an fd; valid until the fd is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FdId(pub(crate) u32);

/// `scap_fd_type`.
#[expect(missing_docs, reason = "the names are Falco's own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FdKind {
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
}

/// Layer 4 protocol.
#[expect(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum L4Proto {
    Unknown,
    NotApplicable,
    Tcp,
    Udp,
    Icmp,
    Raw,
}

/// Which end of a socket the process owns.
#[expect(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    None,
    Client,
    Server,
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
#[derive(Clone, Debug)]
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
    /// Addresses of a socket.
    pub address: Address,
    /// Protocol of a socket.
    pub l4proto: L4Proto,
    /// Which end it is.
    pub role: Role,
    /// `fd.connected`.
    pub connected: bool,
    /// In an overlay's upper layer.
    pub upper_layer: bool,
    /// In an overlay's lower layer.
    pub lower_layer: bool,
}

impl Fd {
    /// Whether it is a regular file or a file of unknown sort (`FILE`, `FILE_V2`).
    pub fn is_file(&self) -> bool {
        matches!(self.kind, FdKind::File | FdKind::FileV2)
    }
}
