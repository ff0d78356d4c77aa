//! open, openat, openat2, creat, `open_by_handle_at`.

use event::{Event, EventType};

use super::{result, text};
use crate::{
    fd::{FdId, FdKind},
    flags::{AT_FDCWD, open},
    host::Host,
    path,
    thread::ThreadId,
};

/// Bits of `creat_flags`.
const CREAT_UPPER_LAYER: u32 = 1;
const CREAT_LOWER_LAYER: u32 = 2;

/// What was opened.
#[derive(Clone, Copy)]
struct Opened<'a> {
    name: &'a [u8],
    flags: u32,
    device: u32,
    ino: u64,
    directory: Directory,
}

/// What a relative name is relative to.
#[derive(Clone, Copy)]
enum Directory {
    Nothing,
    Cwd,
    Fd(i64),
}

pub(super) fn parse(host: &mut Host, event: &Event<'_>) {
    let (Some(thread), Some(number)) = (host.event_thread, result(event)) else { return };
    let stored = match event.kind {
        EventType::OpenByHandleAtX => None,
        _ => host.take_enter(event),
    };
    let enter = stored.as_deref().and_then(|bytes| Event::decode(bytes, 0, 0).ok());
    if number >= 0 {
        let opened = opened(event, enter.as_ref());
        let mut base = std::mem::take(&mut host.scratch.text);
        let mut full = std::mem::take(&mut host.scratch.path);
        host.directory_into(thread, opened.directory, opened.name, &mut base);
        path::concatenate(&base, opened.name, &mut full);
        host.open_fd(number, |fd| {
            let directory = opened.flags & open::DIRECTORY != 0;
            fd.kind = if directory { FdKind::Directory } else { FdKind::FileV2 };
            fd.open_flags = opened.flags;
            fd.device = opened.device;
            fd.ino = opened.ino;
            fd.name_raw.extend_from_slice(opened.name);
            fd.name.extend_from_slice(&full);
            fd.upper_layer = opened.flags & open::UPPER_LAYER != 0;
            fd.lower_layer = opened.flags & open::LOWER_LAYER != 0;
        });
        host.scratch.path = full;
        host.scratch.text = base;
    }
    host.return_enter(stored);
}

/// Name, flags and directory: from the enter event where it has them, which no other thread of the
/// process can have changed meanwhile; the rest from the exit event.
fn opened<'a>(event: &Event<'a>, enter: Option<&Event<'a>>) -> Opened<'a> {
    let at = match event.kind {
        EventType::OpenX => &Layout::OPEN,
        EventType::CreatX => &Layout::CREAT,
        EventType::Openat2X => &Layout::OPENAT2,
        EventType::OpenByHandleAtX => &Layout::BY_HANDLE,
        _ => &Layout::OPENAT,
    };
    let number = |index: Option<usize>| index.and_then(|index| event.u32(index)).unwrap_or(0);
    let dirfd = |event: &Event<'_>, index: Option<usize>| match index {
        Some(index) => event.int(index).map_or(Directory::Nothing, Directory::Fd),
        None => Directory::Cwd,
    };
    let (device, ino) = device_and_inode(event, at);
    let mut opened = Opened {
        name: text(event, at.name),
        flags: number(at.flags),
        device: device.unwrap_or(0),
        ino: ino.unwrap_or(0),
        directory: dirfd(event, at.dirfd),
    };
    if event.kind == EventType::CreatX {
        opened.flags = match event.u32(5).filter(|_| ino.is_some()).unwrap_or(0) {
            flags if flags & CREAT_UPPER_LAYER != 0 => open::UPPER_LAYER,
            flags if flags & CREAT_LOWER_LAYER != 0 => open::LOWER_LAYER,
            _ => 0,
        };
    }
    if event.kind == EventType::OpenByHandleAtX {
        opened.directory = Directory::Nothing;
    }
    let Some(enter) = enter else { return opened };
    let first = usize::from(at.dirfd.is_some());
    let name = text(enter, first);
    if name != b"<NA>" {
        opened.name = name;
        opened.directory = dirfd(enter, at.dirfd.map(|_| 0));
        if at.flags.is_some() {
            let added = opened.flags & !(open::F_CREATED - 1);
            opened.flags = enter.u32(first + 1).unwrap_or(0) | added;
        }
    }
    opened
}

/// The device and the inode after it, neither of which counts without what libsinsp looks at first: the
/// device, or for openat and openat2 the inode.
fn device_and_inode(event: &Event<'_>, at: &Layout) -> (Option<u32>, Option<u64>) {
    let device = event.u32(at.device);
    let ino = event.uint(at.device + 1);
    match (device, ino) {
        (Some(_), None) if at.dirfd.is_some() => (None, None),
        (None, _) => (None, None),
        both => both,
    }
}

/// Indexes of an exit event's parameters; the inode follows the device.
struct Layout {
    dirfd: Option<usize>,
    name: usize,
    flags: Option<usize>,
    device: usize,
}

impl Layout {
    const OPEN: Self = Self { dirfd: None, name: 1, flags: Some(2), device: 4 };
    const CREAT: Self = Self { dirfd: None, name: 1, flags: None, device: 3 };
    const OPENAT: Self = Self { dirfd: Some(1), name: 2, flags: Some(3), device: 5 };
    const OPENAT2: Self = Self { dirfd: Some(1), name: 2, flags: Some(3), device: 6 };
    const BY_HANDLE: Self = Self { dirfd: None, name: 3, flags: Some(2), device: 4 };
}

impl Host {
    /// Replaces `out` by the path that `name` is relative to.
    fn directory_into(
        &self,
        thread: ThreadId,
        directory: Directory,
        name: &[u8],
        out: &mut Vec<u8>,
    ) {
        out.clear();
        match directory {
            Directory::Nothing => {}
            Directory::Cwd => self.copy_cwd(thread, out),
            Directory::Fd(number) => {
                self.dirfd_into(thread, number, name, out);
            }
        }
    }

    /// Replaces `out` by the path of directory fd `number` with a trailing slash: `.` if `name` is
    /// absolute and needs none, `<UNKNOWN>` if the fd is not known. The fd, if one was used.
    pub(super) fn dirfd_into(
        &self,
        thread: ThreadId,
        number: i64,
        name: &[u8],
        out: &mut Vec<u8>,
    ) -> Option<FdId> {
        out.clear();
        if name.starts_with(b"/") {
            out.push(b'.');
            return None;
        }
        if number == AT_FDCWD {
            self.copy_cwd(thread, out);
            return None;
        }
        let id = self.find_fd(thread, number);
        match id.and_then(|id| self.fds.get(id)) {
            Some(fd) => {
                out.extend_from_slice(&fd.name);
                if fd.name.last().is_some_and(|&last| last != b'/') {
                    out.push(b'/');
                }
            }
            None => out.extend_from_slice(b"<UNKNOWN>"),
        }
        id
    }
}
