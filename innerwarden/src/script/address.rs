//! Socket addresses as text: `10.0.0.1:80`, `[::1]:80`, `unix:/run/x.sock`.

use std::net::{IpAddr, SocketAddr};

const UNIX: u8 = 1;
const INET: u8 = 2;
const INET6: u8 = 10;

/// The bytes of a socket address; `None` when `text` is none.
pub(super) fn sockaddr(text: &str) -> Option<Vec<u8>> {
    if let Some(path) = text.strip_prefix("unix:") {
        return Some([&[UNIX], path.as_bytes(), b"\0"].concat());
    }
    let address: SocketAddr = text.parse().ok()?;
    let mut out = vec![family(&address)];
    end(&mut out, &address);
    Some(out)
}

/// The bytes of a connection, source first; `None` when `text` is none.
pub(super) fn socktuple(text: &str) -> Option<Vec<u8>> {
    if let Some(path) = text.strip_prefix("unix:") {
        let pointers = [0; 16];
        return Some([&[UNIX][..], &pointers, path.as_bytes(), b"\0"].concat());
    }
    let (source, destination) = text.split_once("->")?;
    let source: SocketAddr = source.parse().ok()?;
    let destination: SocketAddr = destination.parse().ok()?;
    let mut out = vec![family(&source)];
    end(&mut out, &source);
    end(&mut out, &destination);
    (family(&source) == family(&destination)).then_some(out)
}

fn family(address: &SocketAddr) -> u8 {
    if address.is_ipv4() { INET } else { INET6 }
}

fn end(out: &mut Vec<u8>, address: &SocketAddr) {
    match address.ip() {
        IpAddr::V4(ip) => out.extend(ip.octets()),
        IpAddr::V6(ip) => out.extend(ip.octets()),
    }
    out.extend(address.port().to_le_bytes());
}
