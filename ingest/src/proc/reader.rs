//! Files, links and directories of `/proc`, read into buffers that are reused.

use std::{io::Write, mem::MaybeUninit};

use rustix::{
    buffer::spare_capacity,
    fd::{AsFd, OwnedFd},
    fs::{Mode, OFlags, RawDir, openat, readlinkat_raw},
    io::{Errno, read},
};

/// What a directory is opened for: nothing but finding other things in it.
pub(super) const PATH: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOCTTY);

/// Bytes that are read at once.
const CHUNK: usize = 4096;

/// Opens `name` in `dir` for reading.
pub(super) fn open_file(dir: impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    openat(dir, name, READ, Mode::empty())
}

/// Opens the directory `name` in `dir`.
pub(super) fn open_dir(dir: impl AsFd, name: &[u8]) -> Result<OwnedFd, Errno> {
    openat(dir, name, PATH, Mode::empty())
}

/// Reads at most `limit` bytes of `name` in `dir` into `buffer`, replacing what it holds.
pub(super) fn read_file(
    dir: impl AsFd,
    name: &[u8],
    buffer: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Errno> {
    buffer.clear();
    let file = open_file(dir, name)?;
    read_rest(file, buffer, limit)
}

/// Reads on in `file` until its end, or until `buffer` holds `limit` bytes.
pub(super) fn read_rest(file: impl AsFd, buffer: &mut Vec<u8>, limit: usize) -> Result<(), Errno> {
    while buffer.len() < limit {
        buffer.reserve(CHUNK);
        match read(&file, spare_capacity(buffer)) {
            Ok(0) => break,
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => {
                buffer.clear();
                return Err(error);
            }
        }
    }
    buffer.truncate(limit);
    Ok(())
}

/// Reads what one read of `name` in `dir` gives, at most `limit` bytes, into `buffer`: enough for a file that the
/// kernel writes as a whole.
pub(super) fn read_small(
    dir: impl AsFd,
    name: &[u8],
    buffer: &mut Vec<u8>,
    limit: usize,
) -> Result<(), Errno> {
    let file = open_file(dir, name)?;
    read_start(file, buffer, limit)
}

/// As [`read_small`], of an open file at its start.
pub(super) fn read_start(file: impl AsFd, buffer: &mut Vec<u8>, limit: usize) -> Result<(), Errno> {
    buffer.clear();
    buffer.reserve(limit);
    while let Err(error) = read(&file, spare_capacity(buffer)) {
        if error != Errno::INTR {
            return Err(error);
        }
    }
    buffer.truncate(limit);
    Ok(())
}

/// Longest target of a link, bytes: what is longer is cut as libs cut it.
pub(super) const MAX_LINK: usize = 1023;

/// Reads where the link `name` in `dir` leads to into `buffer`, at most [`MAX_LINK`] bytes.
pub(super) fn read_link(dir: impl AsFd, name: &[u8], buffer: &mut Vec<u8>) -> Result<(), Errno> {
    buffer.clear();
    buffer.reserve(MAX_LINK);
    readlinkat_raw(dir, name, spare_capacity(buffer))?;
    buffer.truncate(MAX_LINK);
    Ok(())
}

/// Puts the numbers among the names in directory `name` of `dir` into `numbers`, at most `limit`, smallest
/// first; how many did not fit.
pub(super) fn list_numbers(
    dir: impl AsFd,
    name: &[u8],
    numbers: &mut Vec<u32>,
    limit: usize,
) -> Result<u64, Errno> {
    numbers.clear();
    let listing = openat(dir, name, READ.union(OFlags::DIRECTORY), Mode::empty())?;
    let mut space = [MaybeUninit::uninit(); 16 * 1024];
    let mut entries = RawDir::new(listing, &mut space);
    let mut left_out = 0;
    while let Some(entry) = entries.next() {
        let Some(number) = number(entry?.file_name().to_bytes()) else { continue };
        if numbers.len() < limit {
            numbers.push(number);
        } else {
            left_out += 1;
        }
    }
    numbers.sort_unstable();
    Ok(left_out)
}

fn number(name: &[u8]) -> Option<u32> {
    if name.is_empty() || !name.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(name).ok()?.parse().ok()
}

/// `prefix` and `number` as a name, in `buffer`.
pub(super) fn numbered<'b>(buffer: &'b mut Vec<u8>, prefix: &[u8], number: u32) -> &'b [u8] {
    buffer.clear();
    buffer.extend_from_slice(prefix);
    // Writing to memory does not fail.
    let _ = write!(buffer, "{number}");
    buffer
}
