//! Which bytes of a text print: Falco replaces the others by U+FFFD.

#[cfg(test)]
mod tests;

/// What stands in for a sequence that does not print.
pub const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// The sequence that `bytes` begin with: its length and whether it is valid, printable UTF-8.
///
/// Broken sequences end where the first byte is out of place (Unicode 3.9, maximal subparts);
/// control characters and non-characters count as invalid. Empty input is one invalid byte.
pub fn sequence(bytes: &[u8]) -> (usize, bool) {
    let Some(&lead) = bytes.first() else { return (1, false) };
    let byte = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let continues = |index: usize| byte(index) & 0xC0 == 0x80;
    match lead {
        0..0x80 => (1, (0x20..0x7F).contains(&lead)),
        0xC2..0xE0 => {
            if !continues(1) {
                return (1, false);
            }
            // U+0080..U+009F are control characters.
            (2, lead > 0xC2 || byte(1) > 0x9F)
        }
        0xE0..0xF0 => {
            let (low, high) = match lead {
                0xE0 => (0xA0, 0xBF),
                0xED => (0x80, 0x9F),
                _ => (0x80, 0xBF),
            };
            if !(low..=high).contains(&byte(1)) {
                return (1, false);
            }
            if !continues(2) {
                return (2, false);
            }
            let point = code_point(lead & 0x0F, &[byte(1), byte(2)]);
            (3, !(0xFDD0..=0xFDEF).contains(&point) && point < 0xFFFE)
        }
        0xF0..=0xF4 => {
            let (low, high) = match lead {
                0xF0 => (0x90, 0xBF),
                0xF4 => (0x80, 0x8F),
                _ => (0x80, 0xBF),
            };
            if !(low..=high).contains(&byte(1)) {
                return (1, false);
            }
            if !continues(2) {
                return (2, false);
            }
            if !continues(3) {
                return (3, false);
            }
            let point = code_point(lead & 0x07, &[byte(1), byte(2), byte(3)]);
            (4, point & 0xFFFF < 0xFFFE)
        }
        _ => (1, false),
    }
}

fn code_point(lead: u8, rest: &[u8]) -> u32 {
    rest.iter().fold(u32::from(lead), |point, byte| (point << 6) | u32::from(byte & 0x3F))
}

/// Appends `bytes` to `out` with everything that does not print replaced.
pub fn sanitize_into(bytes: &[u8], out: &mut Vec<u8>) {
    let mut rest = bytes;
    while !rest.is_empty() {
        let plain = rest.iter().position(|byte| !(0x20..0x7F).contains(byte)).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(plain);
        out.extend_from_slice(head);
        if tail.is_empty() {
            return;
        }
        let (length, valid) = sequence(tail);
        let (seen, next) = tail.split_at(length.min(tail.len()));
        out.extend_from_slice(if valid { seen } else { REPLACEMENT });
        rest = next;
    }
}
