//! Socket addresses as text: `10.0.0.1:80`, `[::1]:80`, `unix:/run/x.sock`.

use std::net::SocketAddr;

use event::encode::Param;

/// A socket address; `None` when `text` is none.
pub(super) fn address(text: &str) -> Option<Param<'_>> {
    if let Some(path) = text.strip_prefix("unix:") {
        return Some(Param::AddressUnix(path.as_bytes()));
    }
    Some(match text.parse().ok()? {
        SocketAddr::V4(address) => Param::AddressV4(address),
        SocketAddr::V6(address) => Param::AddressV6(address),
    })
}

/// A connection, source first; `None` when `text` is none.
pub(super) fn tuple(text: &str) -> Option<Param<'_>> {
    if let Some(path) = text.strip_prefix("unix:") {
        return Some(Param::TupleUnix(0, 0, path.as_bytes()));
    }
    let (source, destination) = text.split_once("->")?;
    match (source.parse().ok()?, destination.parse().ok()?) {
        (SocketAddr::V4(source), SocketAddr::V4(destination)) => {
            Some(Param::TupleV4(source, destination))
        }
        (SocketAddr::V6(source), SocketAddr::V6(destination)) => {
            Some(Param::TupleV6(source, destination))
        }
        _ => None,
    }
}
