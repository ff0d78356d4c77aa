//! The kernel's type information, reduced to what the probes ask for.
//!
//! A kernel describes some 150,000 types. Parsed whole they take more memory than all else in this program,
//! and a tenth of a second. Relocation needs the few structures that the probes read, and attaching needs
//! the numbers of a few functions and tracepoints. So the parser gets two small descriptions instead: the
//! structures alone, numbered anew; and the functions at the positions that they have in the kernel, since
//! the number of a type is its position, with placeholders for all else.
//!
//! The format is that of `Documentation/bpf/btf.rst`.

mod record;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fs, io, path::Path};

use aya::{Btf, BtfError, Endianness};

use record::{Kind, Types};

/// Where a kernel shows its types.
pub(crate) const PATH: &str = "/sys/kernel/btf/vmlinux";

/// Why the types of the kernel are not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypesError {
    /// There are none to be read.
    #[error("{PATH} cannot be read")]
    Io(#[from] io::Error),
    /// They are not what the format says.
    #[error("the bytes are no BTF: {0}")]
    Malformed(&'static str),
    /// The reduced types are not what the parser takes.
    #[error("the reduced types cannot be parsed")]
    Parser(#[from] BtfError),
}

/// Two extracts of the types of the running kernel.
#[derive(Debug)]
pub(crate) struct KernelTypes {
    /// Structures that the probes read, for the relocation of their accesses.
    pub(crate) structures: Btf,
    /// Functions and tracepoints with the kernel's numbers, to attach programs to.
    pub(crate) functions: Btf,
}

impl KernelTypes {
    /// Reads what `object`, a compiled eBPF object, and `names` (functions, tracepoints) need.
    pub(crate) fn load(object: &[u8], names: &BTreeSet<String>) -> Result<Self, TypesError> {
        let kernel = fs::read(Path::new(PATH))?;
        let types = Types::parse(&kernel)?;
        let endianness = Endianness::default();
        Ok(Self {
            structures: Btf::parse(&structures(&types, object), endianness)?,
            functions: Btf::parse(&functions(&types, names), endianness)?,
        })
    }
}

/// The types that `object` names and what they are made of, numbered anew.
fn structures(types: &Types<'_>, object: &[u8]) -> Vec<u8> {
    let words = words(object);
    let mut wanted: Vec<bool> = vec![false; types.len() + 1];
    let mut queue: Vec<u32> = types
        .iter()
        .filter(|(_, it)| it.kind.is_named_type() && words.contains(types.name(it.name)))
        .map(|(id, _)| id)
        .collect();
    while let Some(id) = queue.pop() {
        let Some(seen) = wanted.get_mut(id as usize) else { continue };
        if !std::mem::replace(seen, true)
            && let Some(record) = types.get(id)
        {
            // A named structure within another keeps its size alone, unless it is asked for by its own name.
            record.for_each_part(|part| {
                if !types.is_named_aggregate(part) {
                    queue.push(part);
                }
            });
        }
    }
    types.extract(&wanted)
}

/// The functions and types called `names`, at their positions.
fn functions(types: &Types<'_>, names: &BTreeSet<String>) -> Vec<u8> {
    types.in_place(|record| {
        matches!(record.kind, Kind::Function | Kind::Typedef)
            && std::str::from_utf8(types.name(record.name)).is_ok_and(|name| names.contains(name))
    })
}

/// NUL-terminated texts in `bytes` that may be names of types, up to `___`, which a flavour follows.
fn words(bytes: &[u8]) -> BTreeSet<&[u8]> {
    let is_name = |it: &&[u8]| {
        !it.is_empty() && it.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    };
    let plain = |word| {
        let flavour = |at: &usize| word_at(word, *at) == Some(b"___");
        let end = (1..word.len()).find(flavour).unwrap_or(word.len());
        word.get(..end).unwrap_or(word)
    };
    bytes.split(|byte| *byte == 0).filter(is_name).map(plain).collect()
}

fn word_at(word: &[u8], at: usize) -> Option<&[u8]> {
    word.get(at..at + 3)
}
