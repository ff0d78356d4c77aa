//! Bits of clone, open and exec flags in libscap's portable numbering (`PPM_*`).

/// `PPM_CL_*`: flags of a thread.
pub mod thread {
    /// It shares the fd table of its main thread.
    pub const CLONE_FILES: u32 = 1;
    /// First process of a new pid namespace.
    pub const CLONE_NEWPID: u32 = 1 << 6;
    /// The parent is the caller's parent.
    pub const CLONE_PARENT: u32 = 1 << 8;
    /// A thread of its caller's group.
    pub const CLONE_THREAD: u32 = 1 << 13;
    /// The child's event came before the caller's.
    pub const CLONE_INVERTED: u32 = 1 << 16;
    /// The name changed since the last time.
    pub const NAME_CHANGED: u32 = 1 << 17;
    /// It has exited.
    pub const CLOSED: u32 = 1 << 18;
    /// It has caused an event other than a clone.
    pub const ACTIVE: u32 = 1 << 19;
    /// New user namespace.
    pub const CLONE_NEWUSER: u32 = 1 << 20;
    /// Source of a shell pipe.
    pub const PIPE_SRC: u32 = 1 << 21;
    /// Destination of a shell pipe.
    pub const PIPE_DST: u32 = 1 << 22;
    /// The caller waits for the child's exec or exit.
    pub const CLONE_VFORK: u32 = 1 << 27;
    /// Not in the initial pid namespace.
    pub const CHILD_IN_PIDNS: u32 = 1 << 29;
    /// A main thread although its ids differ.
    pub const IS_MAIN_THREAD: u32 = 1 << 30;
}

/// `PPM_O_*`: flags of an open fd.
pub mod open {
    /// Must be a directory.
    pub const DIRECTORY: u32 = 1 << 10;
    /// Closed by exec.
    pub const CLOEXEC: u32 = 1 << 12;
    /// The call created the file; lower bits are the caller's own flags.
    pub const F_CREATED: u32 = 1 << 14;
    /// In an overlay's upper layer.
    pub const UPPER_LAYER: u32 = 1 << 15;
    /// In an overlay's lower layer.
    pub const LOWER_LAYER: u32 = 1 << 16;
    /// `PPM_EPOLL_CLOEXEC` and `PPM_MFD_CLOEXEC`, for fds of those kinds.
    pub const OWN_CLOEXEC: u32 = 1;
}

/// Flags of an exec event.
pub(crate) mod exec {
    pub(crate) const WRITABLE: u32 = 1;
    pub(crate) const UPPER_LAYER: u32 = 1 << 1;
    pub(crate) const FROM_MEMFD: u32 = 1 << 2;
    pub(crate) const LOWER_LAYER: u32 = 1 << 3;
    /// `AT_EMPTY_PATH` of execveat.
    pub(crate) const AT_EMPTY_PATH: u32 = 1;
}

/// `AT_FDCWD` in events.
pub const AT_FDCWD: i64 = -100;
