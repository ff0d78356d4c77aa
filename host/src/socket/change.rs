//! Changing the ends of a socket, and telling whether that changed anything.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::info::Pair;
use crate::fd::{Fd, FdKind};

/// Sets both ends; false when they were these already, whichever way round.
pub(crate) fn set_ipv4(fd: &mut Fd, pair: Pair<Ipv4Addr>) -> bool {
    let before = fd.socket.ipv4_pair();
    if fd.kind == FdKind::Ipv4Socket && (before == pair || before == pair.reversed()) {
        return false;
    }
    fd.socket.set_ipv4_pair(pair);
    before != pair || before.destination.is_unspecified() || before.destination_port == 0
}

/// As [`set_ipv4`].
pub(crate) fn set_ipv6(fd: &mut Fd, pair: Pair<Ipv6Addr>) -> bool {
    let before = fd.socket.ipv6_pair();
    if fd.kind == FdKind::Ipv6Socket && (before == pair || before == pair.reversed()) {
        return false;
    }
    fd.socket.set_ipv6_pair(pair);
    before != pair || before.destination.is_unspecified() || before.destination_port == 0
}

/// Exchanges both ends.
pub(crate) fn swap_ends(fd: &mut Fd) {
    if fd.kind == FdKind::Ipv4Socket {
        fd.socket.set_ipv4_pair(fd.socket.ipv4_pair().reversed());
    } else {
        fd.socket.set_ipv6_pair(fd.socket.ipv6_pair().reversed());
    }
}
