//! One parameter: text, a number, names of flags, an address or a list.

use event::{EventType, ParamInfo, ParamType, encode::Param};

use super::address;
use crate::document::{Content, Entry, EntryError};

/// `AT_FDCWD` as captures have it.
const AT_FDCWD: i64 = -100;

/// A parameter as written.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    /// Borrowed from the document.
    Param(Param<'a>),
    /// Put together from a list or from hexadecimal digits.
    Bytes(Vec<u8>),
}

impl Value<'_> {
    /// The parameter for the encoder.
    pub(super) fn param(&self) -> Param<'_> {
        match self {
            Self::Param(param) => *param,
            Self::Bytes(bytes) => Param::Raw(bytes),
        }
    }
}

/// The parameters of `kind` in order, from the names and values under `args`.
pub(super) fn read_all<'a>(
    entry: &Entry<'a>,
    kind: EventType,
) -> Result<Vec<Value<'a>>, EntryError> {
    let params = kind.info().params;
    let Some(given) = entry.optional("args") else { return Ok(Vec::new()) };
    let names: Vec<_> = params.iter().map(|param| param.name).collect();
    given.only(&names)?;
    params
        .iter()
        .map(|param| match given.optional(param.name) {
            Some(value) => read(&value, param),
            None => Ok(Value::Param(Param::Empty)),
        })
        .collect()
}

fn read<'a>(entry: &Entry<'a>, param: &ParamInfo) -> Result<Value<'a>, EntryError> {
    if let Some(hex) = entry.optional("hex") {
        let bytes = from_hex(hex.text()?);
        return bytes.map(Value::Bytes).ok_or_else(|| hex.expected("pairs of hexadecimal digits"));
    }
    if let Content::Sequence(_) = entry.node().content {
        return list(entry);
    }
    let text = entry.text()?;
    let (value, wanted) = match param.kind {
        ParamType::Charbuf
        | ParamType::Fspath
        | ParamType::Fsrelpath
        | ParamType::Bytebuf
        | ParamType::Charbufarray
        | ParamType::CharbufPairArray => (Some(Param::Text(text.as_bytes())), "text"),
        ParamType::Sockaddr => (address::address(text), "`ADDRESS:PORT` or `unix:PATH`"),
        ParamType::Socktuple => {
            (address::tuple(text), "`ADDRESS:PORT->ADDRESS:PORT` or `unix:PATH`")
        }
        _ if param.values.is_empty() => (number(text, param), "a number"),
        _ => (number(text, param), "a number, or names of the parameter joined by `|`"),
    };
    value.map(Value::Param).ok_or_else(|| entry.expected(wanted))
}

/// Texts, each ended by NUL.
fn list(entry: &Entry<'_>) -> Result<Value<'static>, EntryError> {
    let mut bytes = Vec::new();
    for item in entry.list()? {
        bytes.extend_from_slice(item.text()?.as_bytes());
        bytes.push(0);
    }
    Ok(Value::Bytes(bytes))
}

/// Decimal, hexadecimal after `0x`, octal after `0o`, or names joined by `|`.
fn number(text: &str, param: &ParamInfo) -> Option<Param<'static>> {
    if text == "AT_FDCWD" {
        return Some(Param::Int(AT_FDCWD));
    }
    if let Ok(value) = text.parse() {
        return Some(Param::Int(value));
    }
    let unsigned = match (text.strip_prefix("0x"), text.strip_prefix("0o")) {
        (Some(digits), _) => u64::from_str_radix(digits, 16).ok(),
        (None, Some(digits)) => u64::from_str_radix(digits, 8).ok(),
        (None, None) => text.parse().ok(),
    };
    let named = || {
        text.split('|').try_fold(0, |flags, name| {
            let named = param.values.iter().find(|it| it.name == name.trim())?;
            Some(flags | u64::from(named.value))
        })
    };
    unsigned.or_else(named).map(Param::Uint)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}
