//! One event as bytes.

use event::{EventFlags, EventType};

/// Header, lengths and parameters; `None` when a parameter or the whole is too long for its length.
pub(super) fn encode(
    time_ns: u64,
    tid: i64,
    kind: EventType,
    params: &[Vec<u8>],
) -> Option<Vec<u8>> {
    const HEADER_BYTES: usize = 26;
    let is_large = kind.info().flags.intersects(EventFlags::LARGE_PAYLOAD);
    let width = if is_large { 4 } else { 2 };
    let payload: usize = params.iter().map(Vec::len).sum();
    let len = HEADER_BYTES + params.len() * width + payload;
    let mut bytes = Vec::with_capacity(len);
    bytes.extend(time_ns.to_le_bytes());
    bytes.extend(tid.to_le_bytes());
    bytes.extend(u32::try_from(len).ok()?.to_le_bytes());
    bytes.extend(kind.code().to_le_bytes());
    bytes.extend(u32::try_from(params.len()).ok()?.to_le_bytes());
    for param in params {
        if is_large {
            bytes.extend(u32::try_from(param.len()).ok()?.to_le_bytes());
        } else {
            bytes.extend(u16::try_from(param.len()).ok()?.to_le_bytes());
        }
    }
    bytes.extend(params.iter().flatten());
    Some(bytes)
}
