//! Users and groups.

use super::{
    cursor::Cursor,
    error::CaptureErrorKind,
    field::{Counted, put_buffer, put_sized},
    reader::Record,
};

/// A user of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserEntry<'a> {
    /// User id.
    pub uid: u32,
    /// Primary group.
    pub gid: u32,
    /// Login name; this and the others at most 255 bytes.
    pub name: &'a [u8],
    /// Home directory.
    pub home: &'a [u8],
    /// Login shell.
    pub shell: &'a [u8],
}

/// A group of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupEntry<'a> {
    /// Group id.
    pub gid: u32,
    /// Name; at most 255 bytes.
    pub name: &'a [u8],
}

const MAX_BYTES: u16 = 255;

/// The user or group at the start of `bytes`, its bytes, and the length that it declares if it is `sized`.
pub(super) fn parse(
    bytes: &[u8],
    sized: bool,
) -> Result<(Record<'_>, usize, Option<u32>), CaptureErrorKind> {
    let mut cursor = Cursor::new("user", bytes);
    let declared = if sized { Some(cursor.u32()?) } else { None };
    let record = if cursor.u8()? == 0 {
        Record::User(UserEntry {
            uid: cursor.u32()?,
            gid: cursor.u32()?,
            name: cursor.text("user name", MAX_BYTES)?,
            home: cursor.text("home directory", MAX_BYTES)?,
            shell: cursor.text("login shell", MAX_BYTES)?,
        })
    } else {
        Record::Group(GroupEntry {
            gid: cursor.u32()?,
            name: cursor.text("group name", MAX_BYTES)?,
        })
    };
    Ok((record, cursor.position(), declared))
}

impl UserEntry<'_> {
    /// Appends the entry of a list of the current version.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_sized(out, Counted::All, |out| {
            out.push(0);
            out.extend_from_slice(&self.uid.to_le_bytes());
            out.extend_from_slice(&self.gid.to_le_bytes());
            put_buffer(out, self.name, MAX_BYTES);
            put_buffer(out, self.home, MAX_BYTES);
            put_buffer(out, self.shell, MAX_BYTES);
        });
    }
}

impl GroupEntry<'_> {
    /// Appends the entry of a list of the current version.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        put_sized(out, Counted::All, |out| {
            out.push(1);
            out.extend_from_slice(&self.gid.to_le_bytes());
            put_buffer(out, self.name, MAX_BYTES);
        });
    }
}
