//! Which layer of an overlay an executable is in.

use rustix::{
    fs::{CWD, Mode, OFlags, ResolveFlags, openat2},
    io::Errno,
};

use super::{mount::Overlay, reader::open_dir};

/// A layer of an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layer {
    /// What was written since the overlay was mounted.
    Upper,
    /// What was there before.
    Lower,
}

/// The layer of `path`, a file of `overlay` that is executed; `None` when that cannot be found out.
/// `host_root` is in front of the host's paths.
pub(super) fn find(overlay: &Overlay, host_root: &[u8], path: &[u8]) -> Option<Layer> {
    if path.ends_with(b" (deleted)") {
        return None;
    }
    let Some(upper) = &overlay.upper else { return Some(Layer::Lower) };
    let below = path.strip_prefix(&*overlay.point)?;
    let inside = [&overlay.root, below].concat();
    let inside = inside.strip_prefix(b"/")?;
    let upper = open_dir(CWD, &[host_root, upper].concat()).ok()?;
    // The layer holds what a container wrote: no link of it may lead elsewhere.
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_XDEV;
    match openat2(upper, inside, flags, Mode::empty(), resolve) {
        Ok(_) => Some(Layer::Upper),
        Err(Errno::NOENT | Errno::NOTDIR) => Some(Layer::Lower),
        Err(_) => None,
    }
}
