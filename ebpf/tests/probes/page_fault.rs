//! Page faults, which x86 tells of.

use std::{fs::File, io::Read as _};

use crate::harness::{Seen, record};

/// Faults of this thread in a buffer that `touch` uses first.
#[track_caller]
fn check_fault(tracepoint: &str, touch: impl FnOnce(&mut [u8]), error: i64) {
    // More than any allocator keeps, so that its pages are not there yet.
    let mut buffer = vec![0_u8; 64 << 20];
    let range = buffer.as_ptr_range();
    let range = range.start.addr()..range.end.addr();
    let Some(seen) = record(&[tracepoint], || touch(&mut buffer)) else { return };
    let inside = |it: &&Seen| {
        let address = usize::try_from(it.number("addr").cast_unsigned()).unwrap();
        range.contains(&address)
    };
    let faults: Vec<_> = seen.iter().filter(inside).collect();
    assert!(!faults.is_empty(), "{tracepoint}: {} others", seen.len());
    for fault in faults {
        assert_eq!(fault.number("error"), error);
        assert_ne!(fault.number("ip"), 0);
    }
}

#[test]
fn page_faults_tell_where_and_why() {
    // Not present, written, by a program or by the kernel for it.
    check_fault("page_fault_user", |buffer| buffer[..1 << 20].fill(1), 2 | 4 | 16);
    let read = |buffer: &mut [u8]| {
        File::open("/dev/zero").unwrap().read_exact(&mut buffer[..1 << 20]).unwrap();
    };
    check_fault("page_fault_kernel", read, 2 | 4 | 32);
}
