//! `mmap`, `munmap`, `brk`, `mprotect`, `mlock` and their relatives.

use super::check;
use crate::program::{Interface::Native, call};

#[test]
fn protection_and_locks_are_told() {
    check(
        Native,
        &[
            (
                call!("mprotect", 4096, 4096, 0x0300_000f),
                "MprotectX res=-22 addr=4096 length=4096 prot=63",
            ),
            (call!("mlock", 4096, 1), "MlockX res=-12 addr=4096 len=1"),
            (call!("mlock2", 4096, 1, 3), "Mlock2X res=-22 addr=4096 len=1 flags=1"),
            (call!("munlock", 4096, 1), "MunlockX res=-12 addr=4096 len=1"),
            (call!("mlockall", 0xf), "MlockallX res=-22 flags=7"),
            (call!("munlockall"), "MunlockallX res=0"),
        ],
    );
}
