//! What events did not tell, asked of whoever can look: threads, fds and users of a live machine.

use std::fmt::Debug;

use event::capture::Record;

/// Which fds of a process are wanted. To find sockets, all of a network namespace have to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FdScope {
    /// All fds.
    All,
    /// All but sockets.
    NoSockets,
}

/// Looks at the live machine, for a [`Host`](crate::Host) that events left in doubt.
///
/// It answers in the records of a capture. All ids are the host's numbering.
pub trait Platform: Debug + Send {
    /// Tells `found` everything that runs now.
    fn everything(&mut self, found: &mut dyn FnMut(&Record<'_>));

    /// Tells `found` thread `tid`, and its fds if it is a main thread; nothing if it is not there.
    fn thread(&mut self, tid: i64, fds: FdScope, found: &mut dyn FnMut(&Record<'_>));

    /// Tells `found` fd `number` of process `pid`, if it is among `fds`; nothing if it is not open.
    fn fd(&mut self, pid: i64, number: i64, fds: FdScope, found: &mut dyn FnMut(&Record<'_>));

    /// Whether thread `tid` of process `pid`, started at `clone_time_ns` (0 when unknown), still is there.
    fn is_alive(&mut self, pid: i64, tid: i64, clone_time_ns: u64) -> bool;

    /// The wall clock was set by `step_ns`: times told and asked from now on are by the new one.
    fn clock_was_set(&mut self, step_ns: i64);

    /// Tells `found` users and groups of the host, or nothing if they are as they were the last time.
    fn accounts(&mut self, found: &mut dyn FnMut(&Record<'_>));

    /// Tells `found` users and groups of the container that process `pid` is in; nothing if it has the host's
    /// files.
    fn container_accounts(&mut self, pid: i64, found: &mut dyn FnMut(&Record<'_>));
}
