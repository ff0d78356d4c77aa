//! Addresses of the network interfaces of our network namespace.

use std::net::{Ipv4Addr, Ipv6Addr};

use event::capture::{InterfaceAddress, InterfaceEntry};
use nix::{
    ifaddrs::getifaddrs,
    sys::socket::{SockaddrIn, SockaddrIn6, SockaddrStorage},
};

/// Tells `sink` every address, in the kernel's order; how many.
pub(super) fn read(sink: &mut dyn FnMut(&InterfaceEntry<'_>)) -> u64 {
    let Ok(interfaces) = getifaddrs() else { return 0 };
    let mut count = 0;
    for interface in interfaces {
        let broadcast = interface.broadcast.or(interface.destination);
        let Some(address) = address(interface.address, interface.netmask, broadcast) else {
            continue;
        };
        count += 1;
        let name = interface.interface_name.as_bytes();
        sink(&InterfaceEntry { name, address, link_speed: 0 });
    }
    count
}

fn address(
    address: Option<SockaddrStorage>,
    netmask: Option<SockaddrStorage>,
    broadcast: Option<SockaddrStorage>,
) -> Option<InterfaceAddress> {
    let v4 = |it: &Option<SockaddrStorage>| it.as_ref()?.as_sockaddr_in().map(SockaddrIn::ip);
    let v6 = |it: &Option<SockaddrStorage>| it.as_ref()?.as_sockaddr_in6().map(SockaddrIn6::ip);
    if let Some(address) = v4(&address) {
        let [netmask, broadcast] =
            [&netmask, &broadcast].map(|it| v4(it).unwrap_or(Ipv4Addr::UNSPECIFIED));
        return Some(InterfaceAddress::V4 { address, netmask, broadcast });
    }
    let [netmask, broadcast] =
        [&netmask, &broadcast].map(|it| v6(it).unwrap_or(Ipv6Addr::UNSPECIFIED));
    Some(InterfaceAddress::V6 { address: v6(&address)?, netmask, broadcast })
}
