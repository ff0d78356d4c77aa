//! What parameters of the types `sockaddr` and `socktuple` look like for known addresses.

use std::net::SocketAddr;

use nix::sys::socket::SockaddrStorage;

/// The address as system calls take it.
pub(crate) fn storage(it: SocketAddr) -> SockaddrStorage {
    match it {
        SocketAddr::V4(it) => it.into(),
        SocketAddr::V6(it) => it.into(),
    }
}

/// A `sockaddr`: family, address in network order, port in host order.
pub(crate) fn address(it: SocketAddr) -> Vec<u8> {
    let mut bytes = vec![family(it)];
    bytes.extend(end(it));
    bytes
}

/// A `socktuple` from `source` to `destination`.
pub(crate) fn tuple(source: SocketAddr, destination: SocketAddr) -> Vec<u8> {
    let mut bytes = vec![family(source)];
    bytes.extend(end(source));
    bytes.extend(end(destination));
    bytes
}

/// A `sockaddr` of a Unix socket; an abstract name comes without the NUL before it.
pub(crate) fn unix_address(name: &str) -> Vec<u8> {
    [b"\x01", name.as_bytes(), b"\0"].concat()
}

/// A `socktuple` of a Unix socket.
pub(crate) fn unix_tuple(receiver: u64, sender: u64, name: &str) -> Vec<u8> {
    let ends = [receiver.to_le_bytes(), sender.to_le_bytes()].concat();
    [b"\x01", &ends[..], name.as_bytes(), b"\0"].concat()
}

/// The numbers of the receiving and the sending socket in a `socktuple`.
#[track_caller]
pub(crate) fn unix_ends(tuple: &[u8]) -> (u64, u64) {
    assert_eq!(tuple.first(), Some(&1), "a Unix tuple: {tuple:?}");
    let number = |at: usize| u64::from_le_bytes(tuple[at..at + 8].try_into().unwrap());
    (number(1), number(9))
}

fn family(it: SocketAddr) -> u8 {
    if it.is_ipv4() { 2 } else { 10 }
}

fn end(it: SocketAddr) -> Vec<u8> {
    let mut bytes = match it {
        SocketAddr::V4(it) => it.ip().octets().to_vec(),
        SocketAddr::V6(it) => it.ip().octets().to_vec(),
    };
    bytes.extend(it.port().to_le_bytes());
    bytes
}
