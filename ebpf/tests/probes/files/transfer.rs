//! Reading and writing, of one buffer or of several.

use super::{NOWHERE, check};
use crate::program::{Arg, Interface::Native, call};

/// `struct iovec` of buffers that the program has nowhere: only lengths can be told.
fn unreadable(lengths: &[u64]) -> Vec<u8> {
    lengths.iter().flat_map(|it| [1_u64.to_le_bytes(), it.to_le_bytes()].concat()).collect()
}

#[test]
fn what_is_read_and_written_is_told_up_to_snaplen() {
    let long = "y".repeat(100);
    let told = format!("WriteX res=100 data=\"{}\" fd=3 size=100", &long[..80]);
    check(
        Native,
        &[
            (call!("openat", -100, "file", 2), ""),
            (
                call!("read", Arg::Result(0), vec![0; 16], 4),
                "ReadX res=4 data=\"cont\" fd=3 size=4",
            ),
            (
                call!("read", Arg::Result(0), vec![0; 16], 16),
                "ReadX res=3 data=\"ent\" fd=3 size=16",
            ),
            (call!("read", Arg::Result(0), vec![0; 16], 16), "ReadX res=0 data=- fd=3 size=16"),
            (call!("read", 99, vec![b'x'; 16], 16), "ReadX res=-9 data=- fd=99 size=16"),
            (call!("write", Arg::Result(0), &*long, 100), &told),
            (call!("write", 99, "text", 4), "WriteX res=-9 data=\"text\" fd=99 size=4"),
            (call!("write", 99, NOWHERE, 4), "WriteX res=-9 data=- fd=99 size=4"),
            (call!("write", 99, 0, 0), "WriteX res=-9 data=- fd=99 size=0"),
            (
                call!("pread64", Arg::Result(0), vec![0; 16], 2, 3),
                "PreadX res=2 data=\"te\" fd=3 size=2 pos=3",
            ),
            (
                call!("pwrite64", Arg::Result(0), "Z", 1, 6),
                "PwriteX res=1 data=\"Z\" fd=3 size=1 pos=6",
            ),
            (
                call!("pwrite64", Arg::Result(0), "Z", 1, -1),
                "PwriteX res=-22 data=\"Z\" fd=3 size=1 pos=-1",
            ),
        ],
    );
}

#[test]
fn lists_of_buffers_are_told_with_their_sizes() {
    check(
        Native,
        &[
            (call!("openat", -100, "file", 2), ""),
            (
                call!("readv", Arg::Result(0), unreadable(&[3]), 1),
                "ReadvX res=-14 size=0 data=- fd=3",
            ),
            (call!("writev", 99, unreadable(&[3, 4]), 2), "WritevX res=-9 data=- fd=99 size=7"),
            (
                call!("preadv", 99, unreadable(&[3]), 1, 5, 0),
                "PreadvX res=-9 size=0 data=- fd=99 pos=5",
            ),
            (
                call!("pwritev", 99, unreadable(&[3]), 1, 5, 0),
                "PwritevX res=-9 data=- fd=99 size=3 pos=5",
            ),
            (
                call!("process_vm_readv", -1, unreadable(&[3]), 1, unreadable(&[3]), 1, 0),
                "ProcessVmReadvX res=-3 pid=-1 data=-",
            ),
            (
                call!("process_vm_writev", -1, unreadable(&[3]), 1, unreadable(&[3]), 1, 0),
                "ProcessVmWritevX res=-3 pid=-1 data=-",
            ),
        ],
    );
}

#[cfg(target_arch = "x86_64")]
#[test]
fn programs_of_32_bits_pass_positions_in_halves() {
    use crate::program::Interface::Compat;
    check(
        Compat,
        &[
            (call!("openat", -100, "file", 2), ""),
            (
                call!("pread64", Arg::Result(0), vec![0; 16], 2, 3, 0),
                "PreadX res=2 data=\"te\" fd=3 size=2 pos=3",
            ),
            (
                call!("pwrite64", 99, "Z", 1, 6, 1),
                "PwriteX res=-9 data=\"Z\" fd=99 size=1 pos=4294967302",
            ),
            (call!("write", 99, "text", 4), "WriteX res=-9 data=\"text\" fd=99 size=4"),
            (
                call!("writev", 99, vec![1, 0, 0, 0, 3, 0, 0, 0], 1),
                "WritevX res=-9 data=- fd=99 size=3",
            ),
        ],
    );
}

#[test]
fn buffers_are_told_as_one_text() {
    use nix::sys::uio::{preadv, writev};
    use std::io::{IoSlice, IoSliceMut};

    let file = tempfile::tempfile().unwrap();
    let (mut first, mut second) = ([0; 4], [0; 8]);
    let action = || {
        writev(&file, &[IoSlice::new(b"one "), IoSlice::new(b"two")]).unwrap();
        let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
        preadv(&file, &mut buffers, 1).unwrap();
    };
    let Some(seen) = crate::harness::record(&["writev", "preadv"], action) else { return };

    let fd = std::os::fd::AsRawFd::as_raw_fd(&file);
    let shown: Vec<_> = seen.iter().map(crate::harness::Seen::show).collect();
    assert_eq!(
        shown,
        [
            format!("WritevX res=7 data=\"one two\" fd={fd} size=7"),
            format!("PreadvX res=6 size=6 data=\"ne two\" fd={fd} pos=1"),
        ]
    );
}
