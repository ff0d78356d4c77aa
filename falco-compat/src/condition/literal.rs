//! Constants of a check: read once by the type of the left side, with Falco's messages.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::number::NumberKind;
use super::services;
use crate::value::ValueType;

/// Longest text of a constant in bytes, without the terminator.
const MAX_TEXT: usize = 255;

/// A constant of a type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    /// Bits before they are cut to the type.
    Number(u64),
    Double(f64),
    Bool(bool),
    /// Text without NUL, or any bytes.
    Bytes(Box<[u8]>),
    Address(IpAddr),
    Network(Network),
}

/// Addresses with a common prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Network {
    V4 { prefix: u32, mask: u32 },
    V6 { prefix: u128, mask: u128 },
}

impl Network {
    /// `None` when the address is of the other family.
    pub(super) fn contains(self, address: IpAddr) -> Option<bool> {
        match (self, address) {
            (Self::V4 { prefix, mask }, IpAddr::V4(address)) => {
                Some(address.to_bits() & mask == prefix)
            }
            (Self::V6 { prefix, mask }, IpAddr::V6(address)) => {
                Some(address.to_bits() & mask == prefix)
            }
            (Self::V4 { .. }, IpAddr::V6(_)) | (Self::V6 { .. }, IpAddr::V4(_)) => None,
        }
    }

    fn parse_v4(text: &str) -> Result<Self, String> {
        let Some((address, length)) = text.split_once('/') else {
            return Err(format!("unrecognized IP network {text}"));
        };
        let address: Ipv4Addr =
            address.parse().map_err(|_| format!("unrecognized IP address {text}"))?;
        let bits = prefix_length(length)?;
        if bits > 32 {
            return Err(format!("invalid netmask {length}"));
        }
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        Ok(Self::V4 { prefix: address.to_bits() & mask, mask })
    }

    fn parse_v6(text: &str) -> Result<Self, String> {
        let Some((address, length)) = text.split_once('/') else {
            return Err(format!("invalid v6 netmask: {text}"));
        };
        let address: Ipv6Addr =
            address.parse().map_err(|_| format!("unrecognized IPv6 address {text}"))?;
        let bits = prefix_length(length)?;
        if bits == 0 || bits > 128 {
            return Err(format!("invalid v6 netmask {length}"));
        }
        let mask = u128::MAX.checked_shl(128 - bits).unwrap_or(0);
        Ok(Self::V6 { prefix: address.to_bits() & mask, mask })
    }
}

impl Literal {
    /// Reads `text` as a constant to compare with values of `value_type`.
    pub(super) fn parse(text: &str, value_type: ValueType) -> Result<Self, String> {
        // The value ends at the first NUL, as a C string does.
        let text = text.split('\0').next().unwrap_or_default();
        match value_type {
            ValueType::Port => port(text).map(Self::Number),
            ValueType::Charbuf
            | ValueType::Fspath
            | ValueType::Fsrelpath
            | ValueType::Sockaddr
            | ValueType::Socktuple => {
                let used = text.len() + 1;
                if used > MAX_TEXT + 1 {
                    let available = MAX_TEXT + 1;
                    return Err(format!(
                        "filter parameter too long (used={used}, available={available}):{text}"
                    ));
                }
                Ok(Self::Bytes(text.as_bytes().into()))
            }
            ValueType::Bool => match text {
                "true" => Ok(Self::Bool(true)),
                "false" => Ok(Self::Bool(false)),
                _ => Err(format!("filter error: unrecognized boolean value {text}")),
            },
            ValueType::Double => {
                // Only whole numbers of 32 bits can be written, even for a fraction.
                let bits = parse_number(text, ValueType::Int32)?;
                let kind = NumberKind::of(ValueType::Int32);
                let number = kind.map_or(0, |kind| kind.ordered(bits) ^ 1 << 63).cast_signed();
                Ok(Self::Double(i32::try_from(number).map_or(0.0, f64::from)))
            }
            ValueType::Ipaddr | ValueType::Ipv4addr | ValueType::Ipv6addr => {
                address(text, value_type).map(Self::Address)
            }
            ValueType::Ipnet if text.contains('.') => Network::parse_v4(text).map(Self::Network),
            ValueType::Ipnet => Network::parse_v6(text).map(Self::Network),
            ValueType::Sigtype => Err("wrong parameter type 19".to_owned()),
            ValueType::Syscallid => Err("wrong parameter type 18".to_owned()),
            ValueType::Bytebuf => Err("wrong parameter type 10".to_owned()),
            other => parse_number(text, other).map(Self::Number),
        }
    }

    /// Bytes to compare with a buffer.
    pub(super) fn buffer(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > MAX_TEXT {
            return Err("filter parameter too long (byte buf)".to_owned());
        }
        Ok(Self::Bytes(bytes.into()))
    }

    /// The constant as it lies in memory, for comparison with parameters of other types.
    pub(super) fn memory(&self, value_type: ValueType) -> Box<[u8]> {
        match self {
            Self::Number(bits) => {
                let width = NumberKind::of(value_type).map_or(8, NumberKind::width);
                bits.to_le_bytes().iter().copied().take(width).collect()
            }
            Self::Double(number) => Box::new(number.to_le_bytes()),
            Self::Bool(truth) => Box::new(u32::from(*truth).to_le_bytes()),
            Self::Bytes(bytes) => bytes.clone(),
            Self::Address(IpAddr::V4(address)) => Box::new(address.octets()),
            Self::Address(IpAddr::V6(address)) => Box::new(address.octets()),
            Self::Network(_) => Box::new([]),
        }
    }
}

/// The bytes that hexadecimal digits stand for.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok()))
        .collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(
        digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

fn parse_number(text: &str, value_type: ValueType) -> Result<u64, String> {
    let kind = NumberKind::of(value_type);
    kind.and_then(|kind| kind.parse(text)).ok_or_else(|| format!("{text} is not a valid number"))
}

/// The length of a prefix, cut to eight bits as Falco does.
fn prefix_length(text: &str) -> Result<u32, String> {
    // What follows a line break is not read.
    let text = text.split('\n').next().unwrap_or_default();
    let [low, ..] = parse_number(text, ValueType::Uint32)?.to_le_bytes();
    Ok(u32::from(low))
}

fn port(text: &str) -> Result<u64, String> {
    if text.is_empty() {
        return Ok(0);
    }
    if !text.bytes().all(|digit| digit.is_ascii_digit()) {
        let port = services::port_of(text).map(u64::from);
        return port.ok_or_else(|| format!("unrecognized protocol {text}"));
    }
    // Beyond 32 bits Falco stops with the name of the function that failed.
    text.parse::<u32>()
        .ok()
        .filter(|port| *port <= i32::MAX.cast_unsigned())
        .map(u64::from)
        .ok_or_else(|| "stoi".to_owned())
}

fn address(text: &str, value_type: ValueType) -> Result<IpAddr, String> {
    let is_v4 = match value_type {
        ValueType::Ipv4addr => true,
        ValueType::Ipv6addr => false,
        _ => text.contains('.'),
    };
    if is_v4 {
        let address = text.parse::<Ipv4Addr>().map(IpAddr::V4);
        address.map_err(|_| format!("unrecognized IPv4 address {text}"))
    } else {
        let address = text.parse::<Ipv6Addr>().map(IpAddr::V6);
        address.map_err(|_| format!("unrecognized IPv6 address {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value_type: ValueType, expected: &str) {
        let actual = match Literal::parse(text, value_type) {
            Ok(literal) => format!("{literal:?}"),
            Err(message) => message,
        };
        assert_eq!(actual, expected, "{text}");
    }

    #[test]
    fn networks_need_a_prefix_length() {
        check(
            "10.1.2.3/8",
            ValueType::Ipnet,
            "Network(V4 { prefix: 167772160, mask: 4278190080 })",
        );
        check("0.0.0.0/0", ValueType::Ipnet, "Network(V4 { prefix: 0, mask: 0 })");
        check("10.0.0.0", ValueType::Ipnet, "unrecognized IP network 10.0.0.0");
        check("10.0.0.0/33", ValueType::Ipnet, "invalid netmask 33");
        check("300.0.0.0/8", ValueType::Ipnet, "unrecognized IP address 300.0.0.0/8");
        check("fe80::", ValueType::Ipnet, "invalid v6 netmask: fe80::");
        check("::/0", ValueType::Ipnet, "invalid v6 netmask 0");
        check("::/", ValueType::Ipnet, " is not a valid number");
    }

    #[test]
    fn ports_may_be_services() {
        check("http", ValueType::Port, "Number(80)");
        check("70000", ValueType::Port, "Number(70000)");
        check("9999999999", ValueType::Port, "stoi");
        check("tcp", ValueType::Port, "unrecognized protocol tcp");
    }

    #[test]
    fn long_texts_are_refused() {
        let text = "a".repeat(256);
        let message = format!("filter parameter too long (used=257, available=256):{text}");
        check(&text, ValueType::Charbuf, &message);
        assert!(Literal::parse(&text[1..], ValueType::Charbuf).is_ok());
    }

    #[test]
    fn hexadecimal_needs_whole_bytes() {
        assert_eq!(unhex("61fF"), Some(vec![0x61, 0xff]));
        assert_eq!(unhex("6"), None);
        assert_eq!(unhex("0x61"), None);
    }
}
