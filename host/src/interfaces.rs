//! Network interfaces: which addresses are local, and what fills in for an unknown one.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{
    fd::{Fd, FdKind},
    socket::at,
};

/// Most addresses kept of a family: each is looked at whenever a rule asks which end of a socket is local.
const MAX_ADDRESSES: usize = 4096;

/// An IPv4 address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4Interface {
    /// Its address.
    pub address: Ipv4Addr,
    /// Its netmask.
    pub netmask: Ipv4Addr,
}

/// Addresses of the host's interfaces, in the order they were listed.
#[derive(Clone, Debug, Default)]
pub struct Interfaces {
    ipv4: Vec<Ipv4Interface>,
    ipv6: Vec<Ipv6Addr>,
    dropped: u64,
}

impl Interfaces {
    /// Adds an IPv4 address.
    pub fn add_ipv4(&mut self, interface: Ipv4Interface) {
        if self.ipv4.len() < MAX_ADDRESSES {
            self.ipv4.push(interface);
        } else {
            self.dropped += 1;
        }
    }

    /// Adds an IPv6 address.
    pub fn add_ipv6(&mut self, address: Ipv6Addr) {
        if self.ipv6.len() < MAX_ADDRESSES {
            self.ipv6.push(address);
        } else {
            self.dropped += 1;
        }
    }

    /// Addresses that did not fit.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The IPv4 addresses.
    pub fn ipv4(&self) -> &[Ipv4Interface] {
        &self.ipv4
    }

    /// The IPv6 addresses.
    pub fn ipv6(&self) -> &[Ipv6Addr] {
        &self.ipv6
    }

    /// Whether an interface has the address `ip`.
    pub fn has_ipv4(&self, ip: Ipv4Addr) -> bool {
        self.ipv4.iter().any(|interface| interface.address == ip)
    }

    /// Whether an interface is in the /64 network of `ip`.
    pub fn has_ipv6(&self, ip: Ipv6Addr) -> bool {
        self.ipv6.iter().any(|&address| same_network(ip, address))
    }

    pub(crate) fn clear(&mut self) {
        self.ipv4.clear();
        self.ipv6.clear();
    }

    /// The own address towards `peer`: `peer` itself, one of its network, the first that is not loopback.
    fn infer_ipv4(&self, peer: Ipv4Addr) -> Ipv4Addr {
        let all = || self.ipv4.iter();
        let same_network = |interface: &&Ipv4Interface| {
            let mask = u32::from(interface.netmask);
            u32::from(interface.address) & mask == u32::from(peer) & mask
        };
        all()
            .find(|interface| interface.address == peer)
            .or_else(|| all().find(same_network))
            .or_else(|| all().find(|interface| interface.address != Ipv4Addr::LOCALHOST))
            .map_or(Ipv4Addr::UNSPECIFIED, |interface| interface.address)
    }

    fn infer_ipv6(&self, peer: Ipv6Addr) -> Ipv6Addr {
        let all = || self.ipv6.iter().copied();
        all()
            .find(|&address| address == peer)
            .or_else(|| all().find(|&address| same_network(address, peer)))
            .or_else(|| all().find(|&address| address != Ipv6Addr::LOCALHOST))
            .unwrap_or(Ipv6Addr::UNSPECIFIED)
    }

    /// Fills in the one unknown address of a socket, unless it would talk to itself on one port.
    pub(crate) fn complete(&self, fd: &mut Fd) {
        match fd.kind {
            FdKind::Ipv4Socket => {
                let pair = fd.socket.ipv4_pair();
                let (offset, peer) = if pair.source.is_unspecified() {
                    (at::V4_SOURCE, pair.destination)
                } else if pair.destination.is_unspecified() {
                    (at::V4_DESTINATION, pair.source)
                } else {
                    return;
                };
                let own = self.infer_ipv4(peer);
                if own != peer || pair.source_port != pair.destination_port {
                    fd.socket.set_ipv4(offset, own);
                }
            }
            FdKind::Ipv6Socket => {
                let pair = fd.socket.ipv6_pair();
                let (offset, peer) = if pair.source.is_unspecified() {
                    (at::V6_SOURCE, pair.destination)
                } else if pair.destination.is_unspecified() {
                    (at::V6_DESTINATION, pair.source)
                } else {
                    return;
                };
                let own = self.infer_ipv6(peer);
                if own != peer || pair.source_port != pair.destination_port {
                    fd.socket.set_ipv6(offset, own);
                }
            }
            _ => {}
        }
    }
}

/// libsinsp takes the first 64 bits as the network.
fn same_network(a: Ipv6Addr, b: Ipv6Addr) -> bool {
    a.octets().first_chunk::<8>() == b.octets().first_chunk::<8>()
}
