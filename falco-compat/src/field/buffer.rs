//! Building values in the event's arena without allocating in steady state.

use std::cell::RefCell;

use bumpalo::Bump;

thread_local! {
    /// Buffers in which values are built before they are copied into the arena: their final
    /// length is not known before, and an arena cannot give back what growing wastes.
    static SPARE: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
}

/// What `write` appends to an empty buffer, copied into `arena`. May be nested.
pub(crate) fn build(arena: &Bump, write: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
    try_build(arena, |out| {
        write(out);
        Some(())
    })
    .unwrap_or_default()
}

/// As [`build`]; `None` when `write` gives `None`.
pub(crate) fn try_build(
    arena: &Bump,
    write: impl FnOnce(&mut Vec<u8>) -> Option<()>,
) -> Option<&[u8]> {
    let mut buffer = SPARE.with_borrow_mut(Vec::pop).unwrap_or_default();
    let written = write(&mut buffer);
    let text = written.map(|()| &*arena.alloc_slice_copy(&buffer));
    buffer.clear();
    SPARE.with_borrow_mut(|it| it.push(buffer));
    text
}

/// Appends `items`, which are separated by NUL, separated by blanks.
pub(crate) fn write_joined(items: &[u8], out: &mut Vec<u8>) {
    out.extend(items.iter().map(|&byte| if byte == 0 { b' ' } else { byte }));
}

/// What comes before the first NUL, as C takes a text.
pub(crate) fn c_string(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}
