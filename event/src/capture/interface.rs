//! Addresses of the network interfaces.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{
    cursor::Cursor,
    error::CaptureErrorKind,
    field::{Counted, put_sized},
};

/// One address of a network interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterfaceEntry<'a> {
    /// Name, for example `eth0`; at most 1,023 bytes.
    pub name: &'a [u8],
    /// Address, netmask and broadcast address.
    pub address: InterfaceAddress,
    /// Bits per second; 0 when unknown.
    pub link_speed: u64,
}

/// Address, netmask and broadcast address.
#[expect(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterfaceAddress {
    V4 { address: Ipv4Addr, netmask: Ipv4Addr, broadcast: Ipv4Addr },
    V6 { address: Ipv6Addr, netmask: Ipv6Addr, broadcast: Ipv6Addr },
}

const MAX_NAME_BYTES: u16 = 1023;

impl<'a> InterfaceEntry<'a> {
    /// The entry at the start of `bytes`, its bytes, and the length that it declares if it is `sized`.
    pub(super) fn parse(
        bytes: &'a [u8],
        sized: bool,
    ) -> Result<(Self, usize, Option<u32>), CaptureErrorKind> {
        let mut cursor = Cursor::new("interface", bytes);
        // The length counts what follows it.
        let declared = if sized { Some(cursor.u32()?.saturating_add(4)) } else { None };
        let kind = cursor.u16()?;
        let name_length = cursor.u16()?;
        if name_length > MAX_NAME_BYTES {
            return Err(CaptureErrorKind::StringTooLong {
                field: "interface name",
                length: name_length,
            });
        }
        let address = match kind {
            1 | 3 => InterfaceAddress::V4 {
                address: cursor.address()?,
                netmask: cursor.address()?,
                broadcast: cursor.address()?,
            },
            2 | 4 => InterfaceAddress::V6 {
                address: cursor.address()?,
                netmask: cursor.address()?,
                broadcast: cursor.address()?,
            },
            _ => return Err(CaptureErrorKind::UnknownInterface(kind)),
        };
        let link_speed = if kind <= 2 { cursor.u64()? } else { 0 };
        let name = cursor.take(usize::from(name_length))?;
        Ok((Self { name, address, link_speed }, cursor.position(), declared))
    }
}

impl InterfaceEntry<'_> {
    /// Appends the entry of a list of the current version.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_sized(out, Counted::Rest, |out| {
            let name = self.name.get(..usize::from(MAX_NAME_BYTES)).unwrap_or(self.name);
            let name_length = u16::try_from(name.len()).unwrap_or(MAX_NAME_BYTES);
            let kind: u16 = match self.address {
                InterfaceAddress::V4 { .. } => 1,
                InterfaceAddress::V6 { .. } => 2,
            };
            out.extend_from_slice(&kind.to_le_bytes());
            out.extend_from_slice(&name_length.to_le_bytes());
            match self.address {
                InterfaceAddress::V4 { address, netmask, broadcast } => {
                    for address in [address, netmask, broadcast] {
                        out.extend_from_slice(&address.octets());
                    }
                }
                InterfaceAddress::V6 { address, netmask, broadcast } => {
                    for address in [address, netmask, broadcast] {
                        out.extend_from_slice(&address.octets());
                    }
                }
            }
            out.extend_from_slice(&self.link_speed.to_le_bytes());
            out.extend_from_slice(name);
        });
    }
}
