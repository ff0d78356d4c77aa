//! Joining and tidying paths as libsinsp does (`concatenate_paths`).

#[cfg(test)]
mod tests;

use crate::utf8;

/// Longest path that is kept, with the NUL that libsinsp needs.
const MAX_PATH: usize = 1024;

/// What a path is called that would not fit.
const TOO_LONG: &[u8] = b"/DIR_TOO_LONG/FILENAME_TOO_LONG";

/// Replaces `out` by `path` as seen from the directory `base`, which must end with `/` or be empty.
///
/// `base` is taken as it is and ignored when `path` is absolute. In `path`, `.`, `..`, doubled and
/// trailing slashes are resolved and what does not print is replaced by U+FFFD. A result that would
/// exceed 1023 bytes is `/DIR_TOO_LONG/FILENAME_TOO_LONG`, or cut when only the replacing made it long.
pub fn concatenate(base: &[u8], path: &[u8], out: &mut Vec<u8>) {
    out.clear();
    if base.len() + path.len() + 1 > MAX_PATH {
        out.extend_from_slice(TOO_LONG);
        return;
    }
    if !path.is_empty() && !path.starts_with(b"/") {
        out.extend_from_slice(base);
    }
    if is_tidy(path) {
        out.extend_from_slice(path);
    } else {
        append_tidied(path, out);
    }
}

/// Whether tidying would leave `path` as it is, as it does nearly always.
fn is_tidy(path: &[u8]) -> bool {
    let mut before = b'/';
    let mut tidy = !path.starts_with(b"/") || path.len() > 1;
    for &byte in path.strip_prefix(b"/").unwrap_or(path) {
        let printable = (0x20..0x7F).contains(&byte);
        tidy &= printable && !(before == b'/' && (byte == b'/' || byte == b'.'));
        before = byte;
    }
    tidy && before != b'/'
}

/// Appends `path` to the directory in `out`; `..` may walk up into it.
fn append_tidied(path: &[u8], out: &mut Vec<u8>) {
    let empty_base = out.is_empty();
    let mut rest = path;
    while let Some(&first) = rest.first() {
        let (length, valid) = utf8::sequence(rest);
        let written = if first == 0 {
            break;
        } else if !valid {
            append_fitting(utf8::REPLACEMENT, out)
        } else if length > 1 {
            append_fitting(rest.get(..length).unwrap_or_default(), out)
        } else if first == b'.' && out.last().is_none_or(|&last| last == b'/') {
            if let Some(skip) = dots(rest, out) {
                rest = rest.get(skip..).unwrap_or_default();
                continue;
            }
            append_fitting(b".", out)
        } else if first == b'/' && (out.last() == Some(&b'/') || (out.is_empty() && !empty_base)) {
            true
        } else {
            append_fitting(&[first], out)
        };
        if !written {
            return;
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    if out.len() > 1 && out.last() == Some(&b'/') {
        out.pop();
    }
}

fn append_fitting(bytes: &[u8], out: &mut Vec<u8>) -> bool {
    let fits = out.len() + bytes.len() < MAX_PATH;
    if fits {
        out.extend_from_slice(bytes);
    }
    fits
}

/// Handles `.` and `..` at the beginning of `rest`; how many bytes they take, `None` for `..x` and `.x`.
fn dots(rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let at = |index: usize| rest.get(index).copied().unwrap_or(0);
    match (at(1), at(2)) {
        (b'.', b'/') => {
            to_parent(out);
            Some(3)
        }
        (b'.', 0) => {
            to_parent(out);
            Some(2)
        }
        (b'/', _) => Some(2),
        (0, _) => Some(1),
        _ => None,
    }
}

fn to_parent(out: &mut Vec<u8>) {
    if out.len() <= 1 {
        return;
    }
    out.pop();
    while out.last().is_some_and(|&last| last != b'/') {
        out.pop();
    }
}
