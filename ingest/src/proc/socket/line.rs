//! Lines of the socket tables in `/proc/PID/net`.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::cursor::Cursor;

/// An address and its port, in host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Address {
    V4(Ipv4Addr, u16),
    V6(Ipv6Addr, u16),
}

/// Local address, remote address and inode in a line of `tcp`, `udp`, `raw`, `tcp6`, `udp6` or `raw6`.
pub(in super::super) fn parse_ip(line: &[u8]) -> Option<(Address, Address, u64)> {
    let mut cursor = Cursor::new(line);
    cursor.decimal::<u64>()?;
    cursor.byte(b':').then_some(())?;
    let (local, remote) = (address(cursor.field())?, address(cursor.field())?);
    // State, queues, timer, retransmissions, user, timeout.
    cursor.skip_fields(6).then_some(())?;
    Some((local, remote, cursor.decimal()?))
}

/// The address in `0100007F:0016`: words as the kernel holds them, in the machine's order.
fn address(field: &[u8]) -> Option<Address> {
    let colon = field.iter().position(|&it| it == b':')?;
    let (words, port) = field.split_at_checked(colon)?;
    let port = Cursor::new(port.get(1..)?).hex()?;
    match words.len() {
        8 => Some(Address::V4(Ipv4Addr::from(word(words)?), port)),
        32 => {
            let mut octets = [0; 16];
            for (to, from) in octets.chunks_exact_mut(4).zip(words.chunks_exact(8)) {
                to.copy_from_slice(&word(from)?);
            }
            Some(Address::V6(Ipv6Addr::from(octets), port))
        }
        _ => None,
    }
}

fn word(digits: &[u8]) -> Option<[u8; 4]> {
    let mut cursor = Cursor::new(digits);
    let word: u32 = cursor.hex()?;
    cursor.rest().is_empty().then_some(word.to_ne_bytes())
}

/// Kernel pointer, inode and path in a line of `unix`. The path may be empty.
pub(in super::super) fn parse_unix(line: &[u8]) -> Option<(u64, u64, &[u8])> {
    let mut cursor = Cursor::new(line);
    let source = cursor.hex()?;
    cursor.byte(b':').then_some(())?;
    // References, protocol, flags, type, state.
    cursor.skip_fields(5).then_some(())?;
    let ino = cursor.decimal()?;
    cursor.skip_blanks();
    Some((source, ino, cursor.rest()))
}

/// Inode in a line of `netlink`.
pub(in super::super) fn parse_netlink(line: &[u8]) -> Option<u64> {
    let mut cursor = Cursor::new(line);
    // Pointer, protocol, port, groups, memory, dump, locks, drops.
    (line.first() != Some(&b's') && cursor.skip_fields(9)).then_some(())?;
    cursor.decimal()
}
