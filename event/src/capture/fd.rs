//! Open files that were there when recording began.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{
    cursor::Cursor,
    error::CaptureErrorKind,
    field::{Counted, put_buffer, put_sized},
};

/// An open file of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FdEntry<'a> {
    /// Thread that has it open, host numbering.
    pub tid: i64,
    /// Number.
    pub fd: i64,
    /// Inode, or the number in `pipe:[…]` and `socket:[…]`.
    pub ino: u64,
    /// `scap_fd_type` as it stands in the file.
    pub kind: u8,
    /// What else is known, by `kind`.
    pub detail: FdDetail<'a>,
}

/// What is known of an open file. Ports are host order; `l4proto` is 0 unknown, 1 not applicable, 2 TCP,
/// 3 UDP, 4 ICMP, 5 raw. Sources are the local side. Names have at most 1,023 bytes.
#[expect(missing_docs, reason = "the names say it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FdDetail<'a> {
    /// Kind 0: nothing.
    Nothing,
    /// Kind 3.
    Ipv4 {
        source: Ipv4Addr,
        source_port: u16,
        destination: Ipv4Addr,
        destination_port: u16,
        l4proto: u8,
    },
    /// Kind 5: listening or bound.
    Ipv4Server { ip: Ipv4Addr, port: u16, l4proto: u8 },
    /// Kind 4.
    Ipv6 {
        source: Ipv6Addr,
        source_port: u16,
        destination: Ipv6Addr,
        destination_port: u16,
        l4proto: u8,
    },
    /// Kind 6: listening or bound.
    Ipv6Server { ip: Ipv6Addr, port: u16, l4proto: u8 },
    /// Kind 8: kernel pointers of both ends.
    Unix { source: u64, destination: u64, path: &'a [u8] },
    /// Kind 16: `open_flags` are `PPM_O_*`; `device` is 0 when unknown.
    File { open_flags: u32, name: &'a [u8], device: u32 },
    /// Kinds 1, 2, 7, 9 to 15 and 17 to 21.
    Named(&'a [u8]),
    /// A kind that is newer than our table; Falco names it `unknown-type:[KIND]`, kind 10.
    Unrecognized,
}

/// Longest name or path.
const MAX_NAME_BYTES: u16 = 1023;

impl<'a> FdEntry<'a> {
    /// The entry at the start of `bytes`, its bytes, and the length that it declares if it is `sized`.
    pub(super) fn parse(
        bytes: &'a [u8],
        sized: bool,
        tid: i64,
    ) -> Result<(Self, usize, Option<u32>), CaptureErrorKind> {
        let mut cursor = Cursor::new("fd", bytes);
        let declared = if sized { Some(cursor.u32()?) } else { None };
        let fd = cursor.i64()?;
        let ino = cursor.u64()?;
        let kind = cursor.u8()?;
        let detail = FdDetail::parse(&mut cursor, kind, declared)?;
        Ok((Self { tid, fd, ino, kind, detail }, cursor.position(), declared))
    }
}

impl<'a> FdDetail<'a> {
    fn parse(
        cursor: &mut Cursor<'a>,
        kind: u8,
        declared: Option<u32>,
    ) -> Result<Self, CaptureErrorKind> {
        Ok(match kind {
            0 => Self::Nothing,
            3 => {
                let (source, destination) = (cursor.address()?, cursor.address()?);
                let (source_port, destination_port) = (cursor.u16()?, cursor.u16()?);
                let l4proto = cursor.u8()?;
                Self::Ipv4 { source, source_port, destination, destination_port, l4proto }
            }
            4 => {
                let (source, destination) = (cursor.address()?, cursor.address()?);
                let (source_port, destination_port) = (cursor.u16()?, cursor.u16()?);
                let l4proto = cursor.u8()?;
                Self::Ipv6 { source, source_port, destination, destination_port, l4proto }
            }
            5 => Self::Ipv4Server {
                ip: cursor.address()?,
                port: cursor.u16()?,
                l4proto: cursor.u8()?,
            },
            6 => Self::Ipv6Server {
                ip: cursor.address()?,
                port: cursor.u16()?,
                l4proto: cursor.u8()?,
            },
            8 => Self::Unix {
                source: cursor.u64()?,
                destination: cursor.u64()?,
                path: cursor.text("fd name", MAX_NAME_BYTES)?,
            },
            16 => {
                let open_flags = cursor.u32()?;
                let name = cursor.text("fd name", MAX_NAME_BYTES)?;
                let has_device = declared.is_some_and(|it| it as usize >= cursor.position() + 4);
                Self::File { open_flags, name, device: if has_device { cursor.u32()? } else { 0 } }
            }
            kind if is_named(kind) => Self::Named(cursor.text("fd name", MAX_NAME_BYTES)?),
            _ => Self::Unrecognized,
        })
    }
}

impl FdEntry<'_> {
    /// Appends the entry of a list of the current version.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_sized(out, Counted::All, |out| {
            out.extend_from_slice(&self.fd.to_le_bytes());
            out.extend_from_slice(&self.ino.to_le_bytes());
            out.push(self.detail.code(self.kind));
            if self.detail == FdDetail::Unrecognized {
                // As libs name what they cannot read.
                let name = format!("unknown-type:[{}]", self.kind);
                put_buffer(out, name.as_bytes(), MAX_NAME_BYTES);
            } else {
                self.detail.encode(out);
            }
        });
    }
}

impl FdDetail<'_> {
    /// The kind to write; `kind` is what the entry says, which counts only where the detail leaves it open.
    const fn code(&self, kind: u8) -> u8 {
        const UNSUPPORTED: u8 = 10;
        match self {
            Self::Nothing => 0,
            Self::Ipv4 { .. } => 3,
            Self::Ipv6 { .. } => 4,
            Self::Ipv4Server { .. } => 5,
            Self::Ipv6Server { .. } => 6,
            Self::Unix { .. } => 8,
            Self::File { .. } => 16,
            Self::Named(_) if is_named(kind) => kind,
            Self::Named(_) | Self::Unrecognized => UNSUPPORTED,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Nothing | Self::Unrecognized => {}
            Self::Ipv4 { source, source_port, destination, destination_port, l4proto } => {
                out.extend_from_slice(&source.octets());
                out.extend_from_slice(&destination.octets());
                put_ports(out, [source_port, destination_port], l4proto);
            }
            Self::Ipv6 { source, source_port, destination, destination_port, l4proto } => {
                out.extend_from_slice(&source.octets());
                out.extend_from_slice(&destination.octets());
                put_ports(out, [source_port, destination_port], l4proto);
            }
            Self::Ipv4Server { ip, port, l4proto } => {
                out.extend_from_slice(&ip.octets());
                put_ports(out, [port], l4proto);
            }
            Self::Ipv6Server { ip, port, l4proto } => {
                out.extend_from_slice(&ip.octets());
                put_ports(out, [port], l4proto);
            }
            Self::Unix { source, destination, path } => {
                out.extend_from_slice(&source.to_le_bytes());
                out.extend_from_slice(&destination.to_le_bytes());
                put_buffer(out, path, MAX_NAME_BYTES);
            }
            Self::File { open_flags, name, device } => {
                out.extend_from_slice(&open_flags.to_le_bytes());
                put_buffer(out, name, MAX_NAME_BYTES);
                out.extend_from_slice(&device.to_le_bytes());
            }
            Self::Named(name) => put_buffer(out, name, MAX_NAME_BYTES),
        }
    }
}

/// Whether an fd of this kind has a name and nothing else.
const fn is_named(kind: u8) -> bool {
    matches!(kind, 1 | 2 | 7 | 9..=15 | 17..=21)
}

fn put_ports<const N: usize>(out: &mut Vec<u8>, ports: [u16; N], l4proto: u8) {
    for port in ports {
        out.extend_from_slice(&port.to_le_bytes());
    }
    out.push(l4proto);
}
