//! Any bytes as a file of `/proc`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    ingest::parse_proc_text(bytes);
});
