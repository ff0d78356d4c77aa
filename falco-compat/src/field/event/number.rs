//! Numbers in parameters.

use std::io::Write as _;

use event::{ParamFormat, ParamType};

/// The number in `bytes`, extended with zeros; 0 when there is none.
pub(super) fn unsigned(bytes: &[u8]) -> u64 {
    let mut wide = [0; 8];
    for (to, from) in wide.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(wide)
}

/// The number in `bytes`, extended with its sign.
pub(super) fn signed(bytes: &[u8]) -> i64 {
    let width = bytes.len().min(8);
    let shift = u32::try_from(64 - 8 * width).unwrap_or(0);
    match width {
        0 => 0,
        _ => (unsigned(bytes) << shift).cast_signed() >> shift,
    }
}

/// Appends a number of `kind` in `format`. Falco prints unsigned 32- and 64-bit numbers in decimal
/// with a sign, and octal ones with a leading zero.
pub(super) fn write(bytes: &[u8], kind: ParamType, format: ParamFormat, out: &mut Vec<u8>) {
    let narrow_unsigned = matches!(kind, ParamType::Uint8 | ParamType::Uint16);
    let value = if narrow_unsigned { unsigned(bytes).cast_signed() } else { signed(bytes) };
    let wide = matches!(kind, ParamType::Int64 | ParamType::Uint64);
    // Narrower ones are passed as 32-bit numbers.
    let pattern = if wide { value.cast_unsigned() } else { value.cast_unsigned() & 0xFFFF_FFFF };
    // Writing to a Vec cannot fail.
    let _ = match format {
        ParamFormat::Oct if pattern == 0 => write!(out, "0"),
        ParamFormat::Oct => write!(out, "0{pattern:o}"),
        ParamFormat::Hex => write!(out, "{pattern:X}"),
        ParamFormat::Dec | ParamFormat::Na => write!(out, "{value}"),
    };
}

/// Appends a duration in seconds with six significant digits, as `%g` prints it.
pub(super) fn write_seconds(time_ns: u64, out: &mut Vec<u8>) {
    #[expect(clippy::cast_precision_loss, reason = "six digits are shown")]
    let seconds = time_ns as f64 / 1e9;
    write_general(seconds, out);
    out.push(b's');
}

/// `%g`: the shorter of plain and scientific notation, trailing zeros removed.
fn write_general(number: f64, out: &mut Vec<u8>) {
    let scientific = format!("{number:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if number == 0.0 {
        out.push(b'0');
    } else if (-4..6).contains(&exponent) {
        let places = usize::try_from(5 - exponent).unwrap_or(0);
        let plain = format!("{number:.places$}");
        out.extend_from_slice(without_trailing_zeros(&plain).as_bytes());
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ =
            write!(out, "{}e{sign}{:02}", without_trailing_zeros(digits), exponent.unsigned_abs());
    }
}

fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(time_ns: u64, expected: &str) {
        let mut out = Vec::new();
        write_seconds(time_ns, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn durations_have_six_significant_digits() {
        check(0, "0s");
        check(1_000_000_000, "1s");
        check(100_000, "0.0001s");
        check(10_000, "1e-05s");
        check(1_234_567_890, "1.23457s");
        check(123_456_789_000_000_000, "1.23457e+08s");
    }

    #[test]
    fn narrow_numbers_keep_their_sign() {
        let mut out = Vec::new();
        write(&(-1i32).to_le_bytes(), ParamType::Uint32, ParamFormat::Dec, &mut out);
        write(&0o644u32.to_le_bytes(), ParamType::Uint32, ParamFormat::Oct, &mut out);
        write(&(-1i64).to_le_bytes(), ParamType::Int64, ParamFormat::Hex, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "-10644FFFFFFFFFFFFFFFF");
    }
}
