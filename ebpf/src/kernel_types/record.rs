//! Types as they are stored, one after the other.

use std::collections::HashMap;

use super::TypesError;

const MAGIC: u16 = 0xeb9f;

/// Bytes of `struct btf_type` without what follows it.
const RECORD_BYTES: usize = 12;

/// `struct btf_header`; all in bytes.
#[derive(Clone, Copy, Debug)]
struct Header {
    length: usize,
    types_offset: usize,
    types_bytes: usize,
    texts_offset: usize,
    texts_bytes: usize,
}

/// What a type is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pointer,
    Array,
    Struct,
    Union,
    Enum,
    Enum64,
    Typedef,
    /// `const`, `volatile`, `restrict`, a tag.
    Modifier,
    Function,
    /// Numbers, prototypes, variables: nothing is looked into.
    Other,
}

impl Kind {
    /// Whether it has members.
    pub(super) const fn is_aggregate(self) -> bool {
        matches!(self, Self::Struct | Self::Union)
    }
}

/// One type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    /// Offset of its name.
    pub(super) name: u32,
    pub(super) kind: Kind,
    /// The number of the kind in the format.
    code: u32,
    info: u32,
    /// Size, or the type that it is about.
    other: u32,
    /// Members, values, parameters.
    rest: &'a [u8],
}

impl Record<'_> {
    /// Calls `visit` with each type that this one is made of. What a pointer points to is not a part.
    pub(super) fn for_each_part(&self, mut visit: impl FnMut(u32)) {
        match self.kind {
            Kind::Typedef | Kind::Modifier => visit(self.other),
            Kind::Array => {
                let (words, _) = self.rest.as_chunks::<4>();
                words.iter().take(2).for_each(|it| visit(u32::from_ne_bytes(*it)));
            }
            Kind::Struct | Kind::Union => {
                let (members, _) = self.rest.as_chunks::<RECORD_BYTES>();
                for [_, _, _, _, t0, t1, t2, t3, ..] in members {
                    visit(u32::from_ne_bytes([*t0, *t1, *t2, *t3]));
                }
            }
            Kind::Pointer | Kind::Enum | Kind::Enum64 | Kind::Function | Kind::Other => {}
        }
    }

    /// How many bytes apart the names in `rest` are; `None` if there are none.
    const fn name_stride(&self) -> Option<usize> {
        match self.kind {
            Kind::Struct | Kind::Union | Kind::Enum64 => Some(12),
            Kind::Enum => Some(8),
            _ => None,
        }
    }
}

/// All types of a kernel.
#[derive(Debug)]
pub(super) struct Types<'a> {
    texts: &'a [u8],
    bytes: &'a [u8],
    /// Where each type begins in `bytes`; type 1 is the first.
    offsets: Vec<u32>,
}

impl<'a> Types<'a> {
    /// Finds where each type begins.
    pub(super) fn parse(data: &'a [u8]) -> Result<Self, TypesError> {
        let header = Header::parse(data).ok_or(TypesError::Malformed("no header"))?;
        let part = |offset: usize, bytes: usize| {
            let start = header.length.checked_add(offset)?;
            data.get(start..start.checked_add(bytes)?)
        };
        let bytes = part(header.types_offset, header.types_bytes);
        let bytes = bytes.ok_or(TypesError::Malformed("types are cut off"))?;
        let texts = part(header.texts_offset, header.texts_bytes);
        let texts = texts.ok_or(TypesError::Malformed("names are cut off"))?;
        let mut offsets = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let record = record_at(bytes, at).ok_or(TypesError::Malformed("a type is cut off"))?;
            offsets.push(u32::try_from(at).map_err(|_| TypesError::Malformed("too long"))?);
            at += RECORD_BYTES + record.rest.len();
        }
        Ok(Self { texts, bytes, offsets })
    }

    pub(super) fn len(&self) -> usize {
        self.offsets.len()
    }

    pub(super) fn get(&self, id: u32) -> Option<Record<'a>> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        record_at(self.bytes, *self.offsets.get(index)? as usize)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Record<'a>)> {
        (1..)
            .zip(&self.offsets)
            .filter_map(|(id, &at)| Some((id, record_at(self.bytes, at as usize)?)))
    }

    /// The name at `offset`, without its NUL.
    pub(super) fn name(&self, offset: u32) -> &'a [u8] {
        let rest = self.texts.get(offset as usize..).unwrap_or_default();
        rest.split(|byte| *byte == 0).next().unwrap_or_default()
    }

    /// The types as bytes again; those that are not `wanted` have no name and no parts.
    pub(super) fn write(&self, wanted: impl Fn(u32) -> bool) -> Vec<u8> {
        let mut names = Names::default();
        let mut types = Vec::with_capacity(self.offsets.len() * RECORD_BYTES);
        for (id, record) in self.iter() {
            if !wanted(id) {
                let (info, size) = hollow(&record);
                for word in [0, info, size] {
                    types.extend_from_slice(&word.to_ne_bytes());
                }
                continue;
            }
            let name = names.add(self.name(record.name));
            for word in [name, record.info, record.other] {
                types.extend_from_slice(&word.to_ne_bytes());
            }
            let start = types.len();
            types.extend_from_slice(record.rest);
            let Some(stride) = record.name_stride() else { continue };
            for part in types.get_mut(start..).unwrap_or_default().chunks_exact_mut(stride) {
                if let Some(word) = part.first_chunk_mut::<4>() {
                    *word = names.add(self.name(u32::from_ne_bytes(*word))).to_ne_bytes();
                }
            }
        }
        names.finish(types)
    }
}

/// A structure that keeps its size, or a declaration without a name: the shortest record.
fn hollow(record: &Record<'_>) -> (u32, u32) {
    const DECLARATION: u32 = 7;
    if record.kind.is_aggregate() {
        (record.code << 24, record.other)
    } else {
        (DECLARATION << 24, 0)
    }
}

impl Header {
    fn parse(data: &[u8]) -> Option<Self> {
        let (words, _) = data.get(4..24)?.as_chunks::<4>();
        let magic = u16::from_ne_bytes(*data.first_chunk()?);
        let mut words = words.iter().map(|it| u32::from_ne_bytes(*it) as usize);
        let header = Self {
            length: words.next()?,
            types_offset: words.next()?,
            types_bytes: words.next()?,
            texts_offset: words.next()?,
            texts_bytes: words.next()?,
        };
        (magic == MAGIC).then_some(header)
    }
}

fn record_at(bytes: &[u8], at: usize) -> Option<Record<'_>> {
    let (head, tail) = bytes.get(at..)?.split_at_checked(RECORD_BYTES)?;
    let (words, _) = head.as_chunks::<4>();
    let mut words = words.iter().map(|it| u32::from_ne_bytes(*it));
    let (name, info, other) = (words.next()?, words.next()?, words.next()?);
    let count = (info & 0xffff) as usize;
    let code = (info >> 24) & 0x1f;
    let (kind, rest) = match code {
        1 | 14 | 17 => (Kind::Other, 4),
        2 => (Kind::Pointer, 0),
        3 => (Kind::Array, 12),
        4 => (Kind::Struct, count * 12),
        5 => (Kind::Union, count * 12),
        6 => (Kind::Enum, count * 8),
        7 | 16 => (Kind::Other, 0),
        8 => (Kind::Typedef, 0),
        9..=11 | 18 => (Kind::Modifier, 0),
        12 => (Kind::Function, 0),
        13 => (Kind::Other, count * 8),
        15 => (Kind::Other, count * 12),
        19 => (Kind::Enum64, count * 12),
        _ => return None,
    };
    Some(Record { name, kind, code, info, other, rest: tail.get(..rest)? })
}

/// Names that are kept, each once.
#[derive(Debug)]
struct Names<'a> {
    bytes: Vec<u8>,
    offsets: HashMap<&'a [u8], u32>,
}

impl Default for Names<'_> {
    fn default() -> Self {
        Self { bytes: vec![0], offsets: HashMap::new() }
    }
}

impl<'a> Names<'a> {
    fn add(&mut self, name: &'a [u8]) -> u32 {
        if name.is_empty() {
            return 0;
        }
        if let Some(&offset) = self.offsets.get(name) {
            return offset;
        }
        // The names are a part of those of the kernel, whose offsets have 32 bits.
        let offset = u32::try_from(self.bytes.len()).unwrap_or(0);
        self.bytes.extend_from_slice(name);
        self.bytes.push(0);
        self.offsets.insert(name, offset);
        offset
    }

    /// Header, types, names.
    fn finish(self, types: Vec<u8>) -> Vec<u8> {
        const HEADER_BYTES: u32 = 24;
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let (types_bytes, names_bytes) = (length(&types), length(&self.bytes));
        let mut out = MAGIC.to_ne_bytes().to_vec();
        out.extend_from_slice(&[1, 0]);
        for word in [HEADER_BYTES, 0, types_bytes, types_bytes, names_bytes] {
            out.extend_from_slice(&word.to_ne_bytes());
        }
        out.extend(types);
        out.extend(self.bytes);
        out
    }
}
