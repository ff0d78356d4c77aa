//! One parameter: text, a number, names of flags, an address or a list, as bytes.

use event::{EventType, ParamInfo, ParamType};

use super::address;
use crate::document::{Content, Entry, EntryError};

/// `AT_FDCWD` as captures have it.
const AT_FDCWD: i64 = -100;

/// The parameters of `kind` in order, from the names and values under `args`.
pub(super) fn read_all(entry: &Entry<'_>, kind: EventType) -> Result<Vec<Vec<u8>>, EntryError> {
    let params = kind.info().params;
    let Some(given) = entry.optional("args") else { return Ok(vec![Vec::new(); params.len()]) };
    let names: Vec<_> = params.iter().map(|param| param.name).collect();
    given.only(&names)?;
    params
        .iter()
        .map(|param| given.optional(param.name).map_or(Ok(Vec::new()), |it| read(&it, param)))
        .collect()
}

fn read(entry: &Entry<'_>, param: &ParamInfo) -> Result<Vec<u8>, EntryError> {
    if let Some(hex) = entry.optional("hex") {
        return from_hex(hex.text()?).ok_or_else(|| hex.expected("pairs of hexadecimal digits"));
    }
    match param.kind {
        ParamType::Charbuf | ParamType::Fspath | ParamType::Fsrelpath => {
            Ok([entry.text()?.as_bytes(), b"\0"].concat())
        }
        ParamType::Bytebuf | ParamType::Charbufarray | ParamType::CharbufPairArray => bytes(entry),
        ParamType::Sockaddr => address::sockaddr(entry.text()?)
            .ok_or_else(|| entry.expected("`ADDRESS:PORT` or `unix:PATH`")),
        ParamType::Socktuple => address::socktuple(entry.text()?)
            .ok_or_else(|| entry.expected("`ADDRESS:PORT->ADDRESS:PORT` or `unix:PATH`")),
        ParamType::Fdlist | ParamType::Dyn | ParamType::Ipv4addr | ParamType::Ipv6addr => {
            Err(entry.expected("`{hex: …}` with the bytes themselves"))
        }
        _ => number(entry, param),
    }
}

/// A list of texts, each ended by NUL, or the bytes of one text as they are.
fn bytes(entry: &Entry<'_>) -> Result<Vec<u8>, EntryError> {
    match entry.node().content {
        Content::Scalar(_) => Ok(entry.text()?.as_bytes().to_vec()),
        Content::Null | Content::Sequence(_) | Content::Map(_) => {
            let mut out = Vec::new();
            for item in entry.list()? {
                out.extend_from_slice(item.text()?.as_bytes());
                out.push(0);
            }
            Ok(out)
        }
    }
}

fn number(entry: &Entry<'_>, param: &ParamInfo) -> Result<Vec<u8>, EntryError> {
    let text = entry.text()?;
    let value = parse(text, param).ok_or_else(|| {
        if param.values.is_empty() {
            entry.expected("a number")
        } else {
            entry.expected("a number, or names of the parameter joined by `|`")
        }
    })?;
    let bytes = value.to_le_bytes();
    let width = width(param.kind);
    let (kept, rest) = bytes.split_at(width.min(bytes.len()));
    // What is cut off may only repeat the sign.
    if rest.iter().all(|&byte| byte == 0) || rest.iter().all(|&byte| byte == 0xff) {
        Ok(kept.to_vec())
    } else {
        Err(entry.expected(&format!("a number of {} bits", width * 8)))
    }
}

fn parse(text: &str, param: &ParamInfo) -> Option<i128> {
    if let Some(value) = parse_number(text) {
        return Some(value);
    }
    if text == "AT_FDCWD" {
        return Some(i128::from(AT_FDCWD));
    }
    text.split('|').try_fold(0, |sum, name| {
        let named = param.values.iter().find(|it| it.name == name.trim())?;
        Some(sum | i128::from(named.value))
    })
}

/// Decimal, or hexadecimal after `0x`, or octal after `0o`.
fn parse_number(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = if let Some(digits) = digits.strip_prefix("0x") {
        i128::from(u64::from_str_radix(digits, 16).ok()?)
    } else if let Some(digits) = digits.strip_prefix("0o") {
        i128::from(u64::from_str_radix(digits, 8).ok()?)
    } else {
        i128::from(digits.parse::<u64>().ok()?)
    };
    Some(if negative { -value } else { value })
}

/// Bytes of a number.
fn width(kind: ParamType) -> usize {
    match kind {
        ParamType::Int8
        | ParamType::Uint8
        | ParamType::Flags8
        | ParamType::Enumflags8
        | ParamType::Sigtype => 1,
        ParamType::Int16
        | ParamType::Uint16
        | ParamType::Flags16
        | ParamType::Enumflags16
        | ParamType::Syscallid
        | ParamType::Port => 2,
        ParamType::Int32
        | ParamType::Uint32
        | ParamType::Flags32
        | ParamType::Enumflags32
        | ParamType::Uid
        | ParamType::Gid
        | ParamType::Mode
        | ParamType::Sigset
        | ParamType::Fd32
        | ParamType::Pid32 => 4,
        _ => 8,
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
