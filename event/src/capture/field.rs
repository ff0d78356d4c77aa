//! Little-endian fields appended one after the other.

/// Appends `u16` length and the bytes, cut to `limit`.
pub(super) fn put_buffer(out: &mut Vec<u8>, bytes: &[u8], limit: u16) {
    let length = u16::try_from(bytes.len()).map_or(limit, |length| length.min(limit));
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(bytes.get(..usize::from(length)).unwrap_or_default());
}

/// Appends an entry that begins with its length; `counted` says how much of the length field it counts.
pub(super) fn put_sized(out: &mut Vec<u8>, counted: Counted, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    let length = out.len() - start - if counted == Counted::Rest { 4 } else { 0 };
    // An entry has a few ten thousand bytes at most.
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    if let Some(slot) = out.get_mut(start..start + 4) {
        slot.copy_from_slice(&length.to_le_bytes());
    }
}

/// What the length of an entry counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// The entry with its length.
    All,
    /// What follows the length.
    Rest,
}
