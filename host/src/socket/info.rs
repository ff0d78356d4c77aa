//! The addresses that an fd keeps: one block of bytes read in several ways, like libsinsp's union.
//!
//! libsinsp reads a member other than the one written in a few places (the protocol of a mapped
//! IPv6 socket, the ports that decide the role of one); rules see the outcome, so it is the same here.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::fd::L4Proto;

/// Bytes of the largest member, an IPv6 pair, rounded up.
const BYTES: usize = 40;

/// Offsets within the block, one set a member.
pub(crate) mod at {
    pub(crate) const V4_SOURCE: usize = 0;
    pub(crate) const V4_DESTINATION: usize = 4;
    pub(crate) const V4_SOURCE_PORT: usize = 8;
    pub(crate) const V4_DESTINATION_PORT: usize = 10;
    pub(crate) const V4_PROTO: usize = 12;
    pub(crate) const V6_SOURCE: usize = 0;
    pub(crate) const V6_DESTINATION: usize = 16;
    pub(crate) const V6_SOURCE_PORT: usize = 32;
    pub(crate) const V6_DESTINATION_PORT: usize = 34;
    pub(crate) const V6_PROTO: usize = 36;
    pub(crate) const V4_SERVER_PORT: usize = 4;
    pub(crate) const V4_SERVER_PROTO: usize = 6;
    pub(crate) const V6_SERVER_PORT: usize = 16;
    pub(crate) const V6_SERVER_PROTO: usize = 18;
    pub(crate) const UNIX_SOURCE: usize = 0;
    pub(crate) const UNIX_DESTINATION: usize = 8;
}

/// Addresses, ports and protocol of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SocketInfo([u8; BYTES]);

impl Default for SocketInfo {
    fn default() -> Self {
        Self([0; BYTES])
    }
}

/// Both ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair<A> {
    pub(crate) source: A,
    pub(crate) source_port: u16,
    pub(crate) destination: A,
    pub(crate) destination_port: u16,
}

impl<A> Pair<A> {
    /// The same connection seen from the other end.
    pub(crate) fn reversed(self) -> Self {
        Self {
            source: self.destination,
            source_port: self.destination_port,
            destination: self.source,
            destination_port: self.source_port,
        }
    }
}

impl SocketInfo {
    fn get<const N: usize>(&self, offset: usize) -> [u8; N] {
        self.0.get(offset..).and_then(|rest| rest.first_chunk()).copied().unwrap_or([0; N])
    }

    fn set(&mut self, offset: usize, bytes: &[u8]) {
        if let Some(target) = self.0.get_mut(offset..offset + bytes.len()) {
            target.copy_from_slice(bytes);
        }
    }

    pub(crate) fn port(&self, offset: usize) -> u16 {
        u16::from_le_bytes(self.get(offset))
    }

    pub(crate) fn set_port(&mut self, offset: usize, port: u16) {
        self.set(offset, &port.to_le_bytes());
    }

    pub(crate) fn ipv4(&self, offset: usize) -> Ipv4Addr {
        Ipv4Addr::from(self.get::<4>(offset))
    }

    pub(crate) fn set_ipv4(&mut self, offset: usize, ip: Ipv4Addr) {
        self.set(offset, &ip.octets());
    }

    pub(crate) fn ipv6(&self, offset: usize) -> Ipv6Addr {
        Ipv6Addr::from(self.get::<16>(offset))
    }

    pub(crate) fn set_ipv6(&mut self, offset: usize, ip: Ipv6Addr) {
        self.set(offset, &ip.octets());
    }

    pub(crate) fn pointer(&self, offset: usize) -> u64 {
        u64::from_le_bytes(self.get(offset))
    }

    pub(crate) fn set_pointer(&mut self, offset: usize, pointer: u64) {
        self.set(offset, &pointer.to_le_bytes());
    }

    pub(crate) fn proto(&self, offset: usize) -> L4Proto {
        L4Proto::from_code(self.get::<1>(offset)[0])
    }

    pub(crate) fn set_proto(&mut self, offset: usize, proto: L4Proto) {
        self.set(offset, &[proto as u8]);
    }

    pub(crate) fn copy_proto(&mut self, from: usize, to: usize) {
        let byte: [u8; 1] = self.get(from);
        self.set(to, &byte);
    }

    pub(crate) fn ipv4_pair(&self) -> Pair<Ipv4Addr> {
        Pair {
            source: self.ipv4(at::V4_SOURCE),
            source_port: self.port(at::V4_SOURCE_PORT),
            destination: self.ipv4(at::V4_DESTINATION),
            destination_port: self.port(at::V4_DESTINATION_PORT),
        }
    }

    pub(crate) fn set_ipv4_pair(&mut self, pair: Pair<Ipv4Addr>) {
        self.set_ipv4(at::V4_SOURCE, pair.source);
        self.set_port(at::V4_SOURCE_PORT, pair.source_port);
        self.set_ipv4(at::V4_DESTINATION, pair.destination);
        self.set_port(at::V4_DESTINATION_PORT, pair.destination_port);
    }

    pub(crate) fn ipv6_pair(&self) -> Pair<Ipv6Addr> {
        Pair {
            source: self.ipv6(at::V6_SOURCE),
            source_port: self.port(at::V6_SOURCE_PORT),
            destination: self.ipv6(at::V6_DESTINATION),
            destination_port: self.port(at::V6_DESTINATION_PORT),
        }
    }

    pub(crate) fn set_ipv6_pair(&mut self, pair: Pair<Ipv6Addr>) {
        self.set_ipv6(at::V6_SOURCE, pair.source);
        self.set_port(at::V6_SOURCE_PORT, pair.source_port);
        self.set_ipv6(at::V6_DESTINATION, pair.destination);
        self.set_port(at::V6_DESTINATION_PORT, pair.destination_port);
    }
}
