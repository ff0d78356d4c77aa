//! Whole numbers: how literals are read and how they compare, by declared type.

use crate::value::{Value, ValueType};

/// Width and sign of a numeric type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NumberKind {
    bits: u32,
    signed: bool,
}

impl NumberKind {
    /// `None` for types that are not whole numbers.
    pub(super) fn of(value_type: ValueType) -> Option<Self> {
        let (bits, signed) = match value_type {
            ValueType::Int8 => (8, true),
            ValueType::Int16 => (16, true),
            ValueType::Int32 => (32, true),
            ValueType::Int64 | ValueType::Errno | ValueType::Fd | ValueType::Pid => (64, true),
            ValueType::Uint8 | ValueType::Flags8 | ValueType::Enumflags8 | ValueType::Sigtype => {
                (8, false)
            }
            ValueType::Uint16
            | ValueType::Flags16
            | ValueType::Enumflags16
            | ValueType::Port
            | ValueType::Syscallid => (16, false),
            ValueType::Uint32
            | ValueType::Flags32
            | ValueType::Enumflags32
            | ValueType::Mode
            | ValueType::Uid
            | ValueType::Gid => (32, false),
            ValueType::Uint64 | ValueType::Reltime | ValueType::Abstime => (64, false),
            ValueType::Double
            | ValueType::Bool
            | ValueType::Charbuf
            | ValueType::Bytebuf
            | ValueType::Fspath
            | ValueType::Fsrelpath
            | ValueType::Ipaddr
            | ValueType::Ipv4addr
            | ValueType::Ipv6addr
            | ValueType::Ipnet
            | ValueType::Sigset
            | ValueType::Sockaddr
            | ValueType::Socktuple
            | ValueType::Fdlist
            | ValueType::Charbufarray
            | ValueType::CharbufPairArray
            | ValueType::Dyn => return None,
        };
        Some(Self { bits, signed })
    }

    /// Bytes of a number of this kind.
    pub(super) fn width(self) -> usize {
        self.bits as usize / 8
    }

    /// `bits` cut to this kind, moved so that unsigned order is the kind's order.
    pub(super) fn ordered(self, bits: u64) -> u64 {
        let unused = 64 - self.bits;
        if self.signed {
            ((bits << unused).cast_signed() >> unused).cast_unsigned() ^ 1 << 63
        } else {
            bits << unused >> unused
        }
    }

    /// A field's value in the same order; `None` when it is no number.
    pub(super) fn of_value(self, value: Value<'_>) -> Option<u64> {
        let bits = match value {
            Value::Int(number) => number.cast_unsigned(),
            Value::Uint(number) => number,
            Value::Bool(truth) => u64::from(truth),
            Value::Double(_) | Value::Str(_) | Value::Bytes(_) | Value::Ip(_) | Value::List(_) => {
                return None;
            }
        };
        Some(self.ordered(bits))
    }

    /// Reads a literal as `sscanf` does: blanks and a sign may precede it, nothing may follow it,
    /// and what does not fit saturates at 64 bits and is then cut silently.
    pub(super) fn parse(self, text: &str) -> Option<u64> {
        let trimmed = text.trim_start_matches(['\t', '\n', '\u{b}', '\u{c}', '\r', ' ']);
        let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let negative = trimmed.starts_with('-');
        let magnitude = digits.parse::<u64>();
        Some(match (magnitude, self.signed, negative) {
            (Ok(number), false, false) => number,
            (Ok(number), false, true) => number.wrapping_neg(),
            (Err(_), false, _) => u64::MAX,
            (Ok(number), true, false) => number.min(i64::MAX.cast_unsigned()),
            (Ok(number), true, true) => number.min(1 << 63).wrapping_neg(),
            (Err(_), true, false) => i64::MAX.cast_unsigned(),
            (Err(_), true, true) => 1 << 63,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value_type: ValueType, text: &str, expected: Option<i64>) {
        let kind = NumberKind::of(value_type).unwrap();
        let ordered = kind.parse(text).map(|bits| kind.ordered(bits));
        assert_eq!(ordered, expected.map(|number| kind.ordered(number.cast_unsigned())));
    }

    #[test]
    fn literals_are_cut_to_the_type() {
        check(ValueType::Uint32, "4294967296", Some(0));
        check(ValueType::Uint32, "-1", Some(0xffff_ffff));
        check(ValueType::Int64, "99999999999999999999", Some(i64::MAX));
        check(ValueType::Int64, "-99999999999999999999", Some(i64::MIN));
        check(ValueType::Int32, "4294967295", Some(-1));
        check(ValueType::Uint64, " +3", Some(3));
    }

    #[test]
    fn other_notations_are_refused() {
        for text in ["", "0x10", "1.5", "1e3", "3 ", "- 3", "--3"] {
            check(ValueType::Int64, text, None);
        }
    }

    #[test]
    fn order_is_that_of_the_type() {
        let signed = NumberKind::of(ValueType::Int16).unwrap();
        assert!(signed.of_value(Value::Int(-1)) < signed.of_value(Value::Int(0)));
        let unsigned = NumberKind::of(ValueType::Uint16).unwrap();
        assert_eq!(unsigned.of_value(Value::Int(-1)), unsigned.of_value(Value::Uint(0xffff)));
    }
}
