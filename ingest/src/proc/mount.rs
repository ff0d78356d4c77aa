//! `/proc/PID/mountinfo`: which device a mount is of, whether it is read-only, where an overlay's upper layer is.

use std::collections::{HashMap, HashSet};

use rustix::{fd::AsFd, fs::StatxFlags};

use super::{
    cursor::{Cursor, lines},
    executable::stat,
    reader::read_file,
};

/// Longest mountinfo that is read: some ten thousand mounts.
const MAX_BYTES: usize = 8 << 20;
/// Most mounts remembered.
const MAX_MOUNTS: usize = 1 << 17;

/// A mount.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mount {
    /// As libs encode it.
    pub(super) device: u32,
    /// The filesystem itself is.
    pub(super) read_only: bool,
    /// Set for an overlay.
    pub(super) overlay: Option<Box<Overlay>>,
}

/// An overlay filesystem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Overlay {
    /// What of it is mounted, without a final slash.
    pub(super) root: Vec<u8>,
    /// Where, without a final slash.
    pub(super) point: Vec<u8>,
    /// Its upper layer in the namespace that made it; `None` when it has only lower ones.
    pub(super) upper: Option<Vec<u8>>,
}

/// The mounts of every mount namespace that was asked for.
#[derive(Debug, Default)]
pub(super) struct Mounts {
    by_id: HashMap<u64, Mount>,
    namespaces: HashSet<u64>,
    text: Vec<u8>,
}

impl Mounts {
    /// Forgets everything: ids are given anew once a mount is gone.
    pub(super) fn clear(&mut self) {
        self.by_id.clear();
        self.namespaces.clear();
        self.text = Vec::new();
    }

    /// Mount `id`, which the process in `dir` uses; `None` when its namespace has none of this id.
    pub(super) fn find(&mut self, dir: impl AsFd, id: u64) -> Option<&Mount> {
        if !self.by_id.contains_key(&id) {
            let namespace = stat(&dir, b"ns/mnt", StatxFlags::INO).map_or(0, |it| it.stx_ino);
            if self.namespaces.insert(namespace)
                && read_file(dir, b"mountinfo", &mut self.text, MAX_BYTES).is_ok()
            {
                for (id, mount) in lines(&self.text).filter_map(parse) {
                    if self.by_id.len() < MAX_MOUNTS {
                        self.by_id.insert(id, mount);
                    }
                }
            }
        }
        self.by_id.get(&id)
    }
}

/// The mount in a line of mountinfo, and its id.
pub(super) fn parse(line: &[u8]) -> Option<(u64, Mount)> {
    let mut cursor = Cursor::new(line);
    let id = cursor.decimal()?;
    cursor.skip_fields(1).then_some(())?;
    let major: u32 = cursor.decimal()?;
    cursor.byte(b':').then_some(())?;
    let minor: u32 = cursor.decimal()?;
    let (root, point) = (cursor.field(), cursor.field());
    // Options and any number of tags up to a dash.
    while !matches!(cursor.field(), b"-" | b"") {}
    let kind = cursor.field();
    cursor.field(); // source
    let options = cursor.field();
    let option = |name: &[u8]| options.split(|&it| it == b',').find_map(|it| it.strip_prefix(name));
    let overlay = (kind == b"overlay").then(|| {
        let [root, point] = [root, point].map(|it| {
            let mut path = unescape(it);
            if path.last() == Some(&b'/') {
                path.pop();
            }
            path
        });
        Box::new(Overlay { root, point, upper: option(b"upperdir=").map(unescape) })
    });
    let read_only = options.split(|&it| it == b',').any(|it| it == b"ro");
    // glibc's `makedev`, of which libs keep 32 bits.
    let device = (major & 0xfff) << 8 | minor & 0xff | (minor & 0xf_ff00) << 12;
    Some((id, Mount { device, read_only, overlay }))
}

/// `text` with `\ooo` replaced by the byte that it stands for.
pub(super) fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.first_chunk::<3>().filter(|_| byte == b'\\');
        if let Some(code) = digits.and_then(|&digits| octal(digits)) {
            plain.push(code);
            rest = after.get(3..).unwrap_or_default();
        } else {
            plain.push(byte);
            rest = after;
        }
    }
    plain
}

fn octal(digits: [u8; 3]) -> Option<u8> {
    if !digits.iter().all(|it| matches!(it, b'0'..=b'7')) {
        return None;
    }
    let value = digits.iter().fold(0u32, |value, digit| value * 8 + u32::from(digit - b'0'));
    u8::try_from(value).ok()
}

/// Type of the filesystem in a line of mountinfo, if that is mounted on `/`.
pub(super) fn root_kind(line: &[u8]) -> Option<&[u8]> {
    let mut cursor = Cursor::new(line);
    cursor.skip_fields(4).then_some(())?;
    (cursor.field() == b"/").then_some(())?;
    while !matches!(cursor.field(), b"-" | b"") {}
    Some(cursor.field())
}
