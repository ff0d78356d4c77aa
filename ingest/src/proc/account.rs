//! `passwd` and `group`: users and groups, read as glibc's `fgetpwent` and `fgetgrent` do.

use event::capture::{GroupEntry, UserEntry};

use super::cursor::Cursor;

/// The user in a line of `passwd`; `None` for comments and malformed lines.
pub(super) fn parse_user(line: &[u8]) -> Option<UserEntry<'_>> {
    let mut fields = fields(line)?;
    let name = fields.next()?;
    fields.next(); // password
    let uid = id(fields.next(), name)?;
    let gid = id(fields.next(), name)?;
    fields.next(); // comment
    let home = fields.next().unwrap_or_default();
    let shell = fields.next().unwrap_or_default();
    Some(UserEntry { uid, gid, name, home, shell })
}

/// The group in a line of `group`; `None` for comments and malformed lines.
pub(super) fn parse_group(line: &[u8]) -> Option<GroupEntry<'_>> {
    let mut fields = fields(line)?;
    let name = fields.next()?;
    fields.next(); // password
    Some(GroupEntry { gid: id(fields.next(), name)?, name })
}

fn fields(line: &[u8]) -> Option<impl Iterator<Item = &[u8]>> {
    let line = line.trim_ascii_start();
    (!line.is_empty() && line.first() != Some(&b'#')).then(|| line.split(|&it| it == b':'))
}

/// An id; NIS entries (`+`, `-`) may leave it out.
fn id(field: Option<&[u8]>, name: &[u8]) -> Option<u32> {
    let nis = matches!(name.first(), Some(b'+' | b'-'));
    match field {
        None | Some(b"") if nis => Some(0),
        None => None,
        Some(field) => {
            let mut cursor = Cursor::new(field);
            let id = cursor.decimal()?;
            cursor.rest().is_empty().then_some(id)
        }
    }
}
