//! Calls on file descriptors, and what makes descriptors without a file.

use std::os::fd::AsRawFd;

use super::{NOWHERE, check};
use crate::program::{Arg, Interface::Native, call};

#[test]
fn copies_are_told() {
    check(
        Native,
        &[
            (call!("dup", 1), "DupV1X res=3 oldfd=1"),
            (call!("dup", 99), "DupV1X res=-9 oldfd=99"),
            (call!("dup2", 1, 7), "Dup2X res=7 oldfd=1 newfd=7"),
            (call!("dup3", 1, 8, 0o2_004_000), "Dup3X res=-22 oldfd=1 newfd=8 flags=4096"),
            (call!("fcntl", 1, 0, 20), "FcntlX res=20 fd=1 cmd=1 arg=20"),
            (call!("fcntl", 1, 1030, 30), "FcntlX res=30 fd=1 cmd=26 arg=30"),
            (call!("fcntl", 99, 16, -1), "FcntlX res=-9 fd=99 cmd=22 arg=-1"),
            (call!("fcntl", 99, 38, 0), "FcntlX res=-9 fd=99 cmd=32 arg=0"),
            (call!("fcntl", 99, 1026, 0), "FcntlX res=-9 fd=99 cmd=27 arg=0"),
            (call!("fcntl", 99, 17, 0), "FcntlX res=-9 fd=99 cmd=0 arg=0"),
        ],
    );
}

#[test]
fn descriptors_of_no_file_are_told() {
    check(
        Native,
        &[
            (call!("eventfd2", 5, 0o2_004_000), "Eventfd2X res=3 flags=4160 initval=5"),
            (call!("eventfd2", 5, -1), "Eventfd2X res=-22 flags=0 initval=5"),
            (call!("inotify_init1", 0o4000), "InotifyInit1X res=4 flags=64"),
            (call!("epoll_create", -1), "EpollCreateX res=-22 size=-1"),
            (call!("epoll_create1", 0o2_000_000), "EpollCreate1X res=5 flags=1"),
            (call!("signalfd", -1, vec![0; 8], 4), "SignalfdX res=-22 fd=-1 mask=0 flags=0"),
            (
                call!("signalfd4", -1, vec![0; 8], 8, 0o4000),
                "Signalfd4X res=6 flags=64 fd=-1 mask=0",
            ),
            (call!("timerfd_create", 1, 0o4000), "TimerfdCreateX res=7 clockid=1 flags=64"),
            (call!("timerfd_create", 99, 0), "TimerfdCreateX res=-22 clockid=99 flags=0"),
            (call!("memfd_create", "name", 3), "MemfdCreateX fd=8 name=\"name\\x00\" flags=3"),
            (call!("memfd_create", NOWHERE, 0), "MemfdCreateX fd=-14 name=- flags=0"),
            (call!("userfaultfd", 6), "UserfaultfdX res=-22 flags=6"),
            (call!("pidfd_open", -1, 0), "PidfdOpenX fd=-22 pid=-1 flags=0"),
            (call!("pidfd_open", 1, 0o4000), "PidfdOpenX fd=9 pid=1 flags=1"),
            (call!("pidfd_getfd", 99, 5, 6), "PidfdGetfdX fd=-22 pid_fd=99 target_fd=5 flags=6"),
            (call!("eventfd", 5), "EventfdX res=10 initval=5 flags=0"),
            (call!("inotify_init"), "InotifyInitX res=11 flags=0"),
        ],
    );
}

#[test]
fn pipes_are_told_with_both_ends() {
    let direct = i64::from(nix::fcntl::OFlag::O_DIRECT.bits());
    check(
        Native,
        &[
            (call!("pipe", NOWHERE), "PipeX res=-14 fd1=-1 fd2=-1 ino=0"),
            (
                call!("pipe2", vec![1, 0, 0, 0, 2, 0, 0, 0], -1),
                "Pipe2X res=-22 fd1=1 fd2=2 ino=0 flags=0",
            ),
            (
                call!("pipe2", vec![1, 0, 0, 0, 2, 0, 0, 0], 0o2_004_001 | direct),
                "Pipe2X res=-22 fd1=1 fd2=2 ino=0 flags=4672",
            ),
        ],
    );
}

#[test]
fn pipes_tell_their_inode() {
    let mut ends = None;
    let action = || ends = Some(nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC).unwrap());
    let Some(seen) = crate::harness::record(&["pipe2"], action) else { return };

    let (read, write) = ends.unwrap();
    let inode = nix::sys::stat::fstat(&read).unwrap().st_ino;
    let (read, write) = (read.as_raw_fd(), write.as_raw_fd());
    assert_eq!(
        seen.iter().map(crate::harness::Seen::show).collect::<Vec<_>>(),
        [format!("Pipe2X res=0 fd1={read} fd2={write} ino={inode} flags=4096")]
    );
}

#[test]
fn positions_and_drivers_are_told() {
    check(
        Native,
        &[
            (call!("openat", -100, "file", 0), ""),
            (call!("lseek", Arg::Result(0), 2, 2), "LseekX res=9 fd=3 offset=2 whence=2"),
            (call!("lseek", 99, -1, 4), "LseekX res=-9 fd=99 offset=-1 whence=0"),
            (call!("ioctl", 99, 0x5401, 7), "IoctlV3X res=-9 fd=99 request=21505 argument=7"),
            (call!("flock", Arg::Result(0), 6), "FlockX res=0 fd=3 operation=6"),
            (call!("getdents", 99, 0, 0), "GetdentsX res=-9 fd=99"),
            (call!("getdents64", Arg::Result(0), 0, 0), "Getdents64X res=-20 fd=3"),
        ],
    );
}

#[test]
fn transfers_are_told() {
    let offset = || 5_u64.to_le_bytes().to_vec();
    check(
        Native,
        &[
            (
                call!("sendfile", 99, 98, offset(), 7),
                "SendfileX res=-9 offset=5 out_fd=99 in_fd=98 size=7",
            ),
            (
                call!("sendfile", 99, 98, 0, 7),
                "SendfileX res=-9 offset=0 out_fd=99 in_fd=98 size=7",
            ),
            (
                call!("splice", 99, 0, 98, 0, 7, 0x1f),
                "SpliceX res=-22 fd_in=99 fd_out=98 size=7 flags=15",
            ),
            (
                call!("splice", 99, 0, 98, 0, 7, 2),
                "SpliceX res=-9 fd_in=99 fd_out=98 size=7 flags=2",
            ),
            (
                call!("copy_file_range", 99, 3, 98, 4, 7, 0),
                "CopyFileRangeX res=-9 fdout=98 offout=4 fdin=99 offin=3 len=7",
            ),
        ],
    );
}

#[test]
fn rings_of_requests_are_told() {
    let params =
        |flags: u32| [[0; 8].to_vec(), flags.to_le_bytes().to_vec(), vec![0; 108]].concat();
    check(
        Native,
        &[
            (
                call!("io_uring_setup", 0, params(0x47)),
                "IoUringSetupX res=-22 entries=0 sq_entries=0 cq_entries=0 flags=143 sq_thread_cpu=0 sq_thread_idle=0 features=0",
            ),
            (
                call!("io_uring_enter", 99, 1, 2, 3, 5, 0),
                "IoUringEnterX res=-9 fd=99 to_submit=1 min_complete=2 flags=3 sig=5",
            ),
            (
                call!("io_uring_register", 99, 2, 3, 4),
                "IoUringRegisterX res=-9 fd=99 opcode=2 arg=3 nr_args=4",
            ),
        ],
    );
}

#[cfg(target_arch = "x86_64")]
#[test]
fn programs_of_32_bits_have_calls_of_their_own() {
    use crate::program::Interface::Compat;
    check(
        Compat,
        &[
            (call!("fcntl64", 1, 0, 20), "FcntlX res=20 fd=1 cmd=1 arg=20"),
            (call!("fcntl", 1, 1, 0), "FcntlX res=0 fd=1 cmd=2 arg=0"),
            (call!("_llseek", 99, 1, 2, 0, 1), "LlseekX res=-9 fd=99 offset=4294967298 whence=1"),
            (
                call!("sendfile64", 99, 98, vec![1, 0, 0, 0, 2, 0, 0, 0], 7),
                "SendfileX res=-9 offset=8589934593 out_fd=99 in_fd=98 size=7",
            ),
            (
                call!("sendfile", 99, 98, vec![1, 0, 0, 0, 2, 0, 0, 0], 7),
                "SendfileX res=-9 offset=1 out_fd=99 in_fd=98 size=7",
            ),
            (call!("dup", 1), "DupV1X res=3 oldfd=1"),
            (call!("eventfd2", 5, 0), "Eventfd2X res=4 flags=0 initval=5"),
        ],
    );
}
