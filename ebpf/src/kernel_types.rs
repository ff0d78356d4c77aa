//! The kernel's type information, reduced to what the probes ask for.
//!
//! A kernel describes some 150,000 types. Parsed whole they take more memory than all else in this program,
//! and a tenth of a second. Relocation needs the few structures that the probes read, and attaching needs
//! the numbers of a few functions and tracepoints. So the rest is replaced by placeholders, before the
//! parser sees it, at the same positions: the number of a type is its position.
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

/// The types of the running kernel that `object`, a compiled eBPF object, and `names` (functions,
/// tracepoints) need.
pub(crate) fn load(object: &[u8], names: &BTreeSet<String>) -> Result<Btf, TypesError> {
    let kernel = fs::read(Path::new(PATH))?;
    let reduced = reduce(&kernel, object, names)?;
    Ok(Btf::parse(&reduced, Endianness::default())?)
}

/// `kernel` with placeholders for what is not needed.
fn reduce(kernel: &[u8], object: &[u8], names: &BTreeSet<String>) -> Result<Vec<u8>, TypesError> {
    let types = Types::parse(kernel)?;
    let mut wanted: Vec<bool> = vec![false; types.len() + 1];
    let mentioned = Mentioned { object: words(object), names };
    let mut queue: Vec<u32> = types
        .iter()
        .filter(|(_, it)| mentioned.asks_for(types.name(it.name), it.kind))
        .map(|(id, _)| id)
        .collect();
    while let Some(id) = queue.pop() {
        let Some(seen) = wanted.get_mut(id as usize) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        let Some(record) = types.get(id) else { continue };
        record.for_each_part(|part| {
            // A named structure within another is asked for by its own name or is not looked into.
            let inside = types
                .get(part)
                .is_some_and(|it| !it.kind.is_aggregate() || types.name(it.name).is_empty());
            if inside {
                queue.push(part);
            }
        });
    }
    Ok(types.write(|id| wanted.get(id as usize).copied().unwrap_or(false)))
}

/// What is asked for by name.
struct Mentioned<'a> {
    /// Texts of the compiled object, names of its types among them; without `___flavour`.
    object: BTreeSet<&'a [u8]>,
    names: &'a BTreeSet<String>,
}

impl Mentioned<'_> {
    fn asks_for(&self, name: &[u8], kind: Kind) -> bool {
        match kind {
            _ if name.is_empty() => false,
            Kind::Function => self.is_named(name),
            Kind::Typedef => self.is_named(name) || self.object.contains(name),
            Kind::Struct | Kind::Union | Kind::Enum | Kind::Enum64 => self.object.contains(name),
            Kind::Pointer | Kind::Array | Kind::Modifier | Kind::Other => false,
        }
    }

    fn is_named(&self, name: &[u8]) -> bool {
        std::str::from_utf8(name).is_ok_and(|name| self.names.contains(name))
    }
}

/// NUL-terminated texts in `bytes`, up to `___`.
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
