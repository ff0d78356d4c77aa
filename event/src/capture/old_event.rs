//! Events in the layout of before 2019, whose header lacks the number of parameters.

use super::error::CaptureErrorKind;
use crate::table::EventType;

/// Bytes of the old header: `u64 ts, u64 tid, u32 len, u16 type`.
pub(super) const HEADER_BYTES: usize = 22;
/// Bytes that today's header has more.
const GROWTH: u32 = 4;

/// Rewrites the event at the start of `old` into today's layout in `scratch`.
///
/// The number of parameters is the largest one, not above today's, with which the lengths add up to the end of the event.
pub(super) fn upgrade(
    old: &[u8],
    kind: EventType,
    scratch: &mut Vec<u8>,
) -> Result<(), CaptureErrorKind> {
    let corrupt = || CaptureErrorKind::ParamCount(kind.code());
    let (header, rest) = old.split_first_chunk::<HEADER_BYTES>().ok_or_else(corrupt)?;
    let [time_and_tid @ .., l0, l1, l2, l3, k0, k1] = *header;
    let mut len = u32::from_le_bytes([l0, l1, l2, l3]).wrapping_add(GROWTH);
    if matches!(kind, EventType::NotificationE | EventType::InfrastructureEventE) {
        // Their writers counted three bytes too many.
        len = len.wrapping_sub(3);
    }
    let body_len = (len as usize)
        .checked_sub(HEADER_BYTES + GROWTH as usize)
        .filter(|&it| it <= rest.len())
        .ok_or_else(corrupt)?;
    let count = param_count(rest, body_len, kind.info().params.len()).ok_or_else(corrupt)?;
    scratch.clear();
    scratch.extend_from_slice(&time_and_tid);
    scratch.extend_from_slice(&len.to_le_bytes());
    scratch.extend_from_slice(&[k0, k1]);
    scratch.extend_from_slice(&u32::try_from(count).unwrap_or(0).to_le_bytes());
    scratch.extend_from_slice(rest.get(..body_len).unwrap_or_default());
    Ok(())
}

fn param_count(body: &[u8], body_len: usize, most: usize) -> Option<usize> {
    let body = body.get(..body_len)?;
    let (lengths, _) = body.as_chunks::<2>();
    for count in (0..=most.min(lengths.len())).rev() {
        let params: usize =
            lengths.iter().take(count).map(|&it| usize::from(u16::from_le_bytes(it))).sum();
        match (2 * count + params).cmp(&body_len) {
            std::cmp::Ordering::Equal => return Some(count),
            std::cmp::Ordering::Less => return None,
            std::cmp::Ordering::Greater => {}
        }
    }
    None
}
