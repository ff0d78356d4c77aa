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
    /// Whether it is asked for by name.
    pub(super) const fn is_named_type(self) -> bool {
        matches!(self, Self::Struct | Self::Union | Self::Enum | Self::Enum64 | Self::Typedef)
    }

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
        if matches!(self.kind, Kind::Typedef | Kind::Modifier) {
            visit(self.other);
        }
        for offset in self.part_offsets() {
            if let Some(part) = self.rest.get(offset..).and_then(|it| it.first_chunk()) {
                visit(u32::from_ne_bytes(*part));
            }
        }
    }

    /// Where in `rest` the numbers of other types are.
    fn part_offsets(&self) -> impl Iterator<Item = usize> + use<> {
        let (first, stride, end) = match self.kind {
            Kind::Array => (0, 4, 8),
            Kind::Struct | Kind::Union => (4, 12, self.rest.len()),
            _ => (0, 1, 0),
        };
        (first..end).step_by(stride)
    }

    /// Whether `other` is the number of a type.
    const fn is_about_type(&self) -> bool {
        matches!(self.kind, Kind::Pointer | Kind::Typedef | Kind::Modifier | Kind::Function)
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

    /// Whether it is a structure with a name.
    pub(super) fn is_named_aggregate(&self, id: u32) -> bool {
        self.get(id).is_some_and(|it| it.kind.is_aggregate() && !self.name(it.name).is_empty())
    }

    /// The `wanted` types, numbered anew. Structures that they contain and that are not wanted keep their
    /// sizes alone; any other type that they mention becomes `void`.
    pub(super) fn extract(&self, wanted: &[bool]) -> Vec<u8> {
        let is_wanted = |id: u32| wanted.get(id as usize).copied().unwrap_or(false);
        let mut kept: Vec<u32> =
            (1..).zip(&self.offsets).map(|(id, _)| id).filter(|id| is_wanted(*id)).collect();
        let mut hollow = Vec::new();
        for record in kept.iter().filter_map(|id| self.get(*id)) {
            record.for_each_part(|part| {
                if !is_wanted(part) && self.is_named_aggregate(part) {
                    hollow.push(part);
                }
            });
        }
        hollow.sort_unstable();
        hollow.dedup();
        kept.extend(hollow);
        let numbers: HashMap<u32, u32> = kept.iter().copied().zip(1..).collect();
        let number = |id: u32| numbers.get(&id).copied().unwrap_or(0);
        let mut names = Names::default();
        let mut types = Vec::new();
        for &id in &kept {
            let Some(record) = self.get(id) else { continue };
            if is_wanted(id) {
                self.write(&record, &number, &mut names, &mut types);
            } else {
                let name = names.add(self.name(record.name));
                push(&mut types, [name, record.code << 24, record.other]);
            }
        }
        names.finish(types)
    }

    /// The `wanted` types at their positions, without what they are made of; of the others nothing but the position.
    pub(super) fn in_place(&self, wanted: impl Fn(&Record<'_>) -> bool) -> Vec<u8> {
        /// A declaration without a name: the shortest record.
        const PLACEHOLDER: [u32; 3] = [0, 7 << 24, 0];

        let mut names = Names::default();
        let mut types = Vec::with_capacity(self.offsets.len() * RECORD_BYTES);
        for (_, record) in self.iter() {
            let words = if wanted(&record) {
                [names.add(self.name(record.name)), record.info, 0]
            } else {
                PLACEHOLDER
            };
            push(&mut types, words);
        }
        names.finish(types)
    }

    fn write(
        &self,
        record: &Record<'a>,
        number: &dyn Fn(u32) -> u32,
        names: &mut Names<'a>,
        types: &mut Vec<u8>,
    ) {
        let other = if record.is_about_type() { number(record.other) } else { record.other };
        push(types, [names.add(self.name(record.name)), record.info, other]);
        let start = types.len();
        types.extend_from_slice(record.rest);
        let Some(rest) = types.get_mut(start..) else { return };
        for offset in record.part_offsets() {
            if let Some(word) = rest.get_mut(offset..).and_then(|it| it.first_chunk_mut::<4>()) {
                *word = number(u32::from_ne_bytes(*word)).to_ne_bytes();
            }
        }
        let Some(stride) = record.name_stride() else { return };
        for part in rest.chunks_exact_mut(stride) {
            if let Some(word) = part.first_chunk_mut::<4>() {
                *word = names.add(self.name(u32::from_ne_bytes(*word))).to_ne_bytes();
            }
        }
    }
}

fn push(types: &mut Vec<u8>, words: [u32; 3]) {
    for word in words {
        types.extend_from_slice(&word.to_ne_bytes());
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
