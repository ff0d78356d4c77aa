//! Flags, enumerations and modes by name; how an open was meant.

use event::{Event, EventType, NamedValue};

use crate::field::event::{EventField, return_value};

/// Appends the names of the bits in `value`, separated by `|`, in the order of the table. A bit is
/// named once: a composite that comes first takes its bits with it.
pub(super) fn write_flags(value: u32, names: &[NamedValue], out: &mut Vec<u8>) {
    let mut left = value;
    for flag in names {
        let matches =
            if flag.value == 0 { value == 0 } else { left != 0 && left & flag.value == flag.value };
        if matches {
            left &= !flag.value;
            write_name(flag.name, out);
            if flag.value == value {
                return;
            }
        }
    }
}

/// Appends every name of exactly `value`, separated by `|`.
pub(super) fn write_enum(value: u32, names: &[NamedValue], out: &mut Vec<u8>) {
    for name in names.iter().filter(|it| it.value == value) {
        write_name(name.name, out);
    }
}

/// Appends the names of a file mode, up to the one that is the whole mode.
pub(super) fn write_mode(value: u32, names: &[NamedValue], out: &mut Vec<u8>) {
    let mut left = value;
    for mode in names {
        if mode.value == value {
            write_name(mode.name, out);
            return;
        }
        if mode.value != 0 && left != 0 && left & mode.value == mode.value {
            write_name(mode.name, out);
            left &= !mode.value;
        }
    }
}

fn write_name(name: &str, out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b'|');
    }
    out.extend_from_slice(name.as_bytes());
}

/// `PPM_O_*` and mode bits in libscap's portable numbering.
const READ: u32 = 1;
const WRITE: u32 = 1 << 1;
const CREATE: u32 = 1 << 2;
const TMPFILE: u32 = 1 << 13;
const CREATED: u32 = 1 << 14;
const ANY_EXECUTE: u32 = 0o111;

/// `evt.is_open_*`, from what the call was given, also when it failed.
pub(super) fn is_open(event: &Event<'_>, id: EventField) -> bool {
    let (flags_at, mode_at) = match event.kind {
        EventType::OpenX => (2, Some(3)),
        EventType::OpenatV2X | EventType::Openat2X => (3, Some(4)),
        EventType::OpenByHandleAtX => (2, None),
        EventType::CreatX => {
            let mode = event.u32(2).unwrap_or(0);
            return id == EventField::IsOpenExec && mode & ANY_EXECUTE != 0;
        }
        _ => return false,
    };
    let flags = event.u32(flags_at).unwrap_or(0);
    match id {
        EventField::IsOpenRead => flags & READ != 0,
        EventField::IsOpenWrite => flags & WRITE != 0,
        EventField::IsOpenCreate => {
            let tmpfile = flags & TMPFILE != 0 && return_value(event).is_some_and(|it| it >= 0);
            flags & CREATED != 0 || tmpfile
        }
        _ => {
            let mode = mode_at.and_then(|it| event.u32(it)).unwrap_or(0);
            flags & (TMPFILE | CREATE) != 0 && mode & ANY_EXECUTE != 0
        }
    }
}
